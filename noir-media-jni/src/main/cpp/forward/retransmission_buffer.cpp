#include "forward/retransmission_buffer.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.hpp"

namespace noir {

namespace {

constexpr std::size_t kFirstCapacity = 64;

}  // namespace

RetransmissionBuffer::RetransmissionBuffer(std::size_t max_capacity)
    : max_capacity_(max_capacity), capacity_(std::min(kFirstCapacity, max_capacity)) {
  NOIR_CHECK(std::has_single_bit(max_capacity));
}

void RetransmissionBuffer::insert(const MediaPacket& packet) {
  if (ring_.empty()) {
    ring_.resize(capacity_);
    oldest_ = packet.ext_seq;
    newest_ = packet.ext_seq;
  }
  while (needs_room(packet)) grow();
  if (packet.ext_seq + capacity_ <= newest_) return;  // It came too late to be of use.
  newest_ = std::max(newest_, packet.ext_seq);
  oldest_ = std::min(oldest_, packet.ext_seq);
  ring_[packet.ext_seq & (capacity_ - 1)] = packet;
  release_old(packet.arrival);
}

void RetransmissionBuffer::release_old(Instant now) {
  // What is more than a round below the newest has been overwritten.
  if (newest_ >= capacity_) oldest_ = std::max(oldest_, newest_ - capacity_ + 1);
  for (; oldest_ < newest_; ++oldest_) {
    MediaPacket& slot = ring_[oldest_ & (capacity_ - 1)];
    if (slot.buffer && slot.arrival + kMaxAge > now) return;
    slot.buffer = {};
  }
}

// Whether it would take the place of one that may still be asked for.
bool RetransmissionBuffer::needs_room(const MediaPacket& packet) const {
  if (capacity_ == max_capacity_) return false;
  const MediaPacket& slot = ring_[packet.ext_seq & (capacity_ - 1)];
  return slot.buffer && slot.ext_seq != packet.ext_seq && slot.arrival + kMaxAge > packet.arrival;
}

void RetransmissionBuffer::grow() {
  capacity_ *= 2;
  std::vector<MediaPacket> larger(capacity_);
  for (MediaPacket& packet : ring_) {
    if (packet.buffer) larger[packet.ext_seq & (capacity_ - 1)] = std::move(packet);
  }
  ring_ = std::move(larger);
}

const MediaPacket* RetransmissionBuffer::find(std::uint64_t ext_seq) const {
  if (ring_.empty()) return nullptr;
  const MediaPacket& slot = ring_[ext_seq & (capacity_ - 1)];
  return slot.buffer && slot.ext_seq == ext_seq ? &slot : nullptr;
}

void RetransmissionBuffer::clear() { ring_.clear(); }

}  // namespace noir
