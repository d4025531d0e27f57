#include "forward/retransmission_buffer.hpp"

#include <bit>

#include "base/check.hpp"

namespace noir {

RetransmissionBuffer::RetransmissionBuffer(std::size_t capacity) : capacity_(capacity) {
  NOIR_CHECK(std::has_single_bit(capacity));
}

void RetransmissionBuffer::insert(const MediaPacket& packet) {
  if (ring_.empty()) ring_.resize(capacity_);
  MediaPacket& slot = ring_[packet.ext_seq & (capacity_ - 1)];
  if (slot.buffer && slot.ext_seq > packet.ext_seq) return;  // It came too late to be of use.
  slot = packet;
}

const MediaPacket* RetransmissionBuffer::find(std::uint64_t ext_seq) const {
  if (ring_.empty()) return nullptr;
  const MediaPacket& slot = ring_[ext_seq & (capacity_ - 1)];
  return slot.buffer && slot.ext_seq == ext_seq ? &slot : nullptr;
}

void RetransmissionBuffer::clear() { ring_.clear(); }

}  // namespace noir
