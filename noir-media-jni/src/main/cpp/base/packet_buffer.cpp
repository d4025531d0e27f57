#include "base/packet_buffer.hpp"

#include <cstring>

namespace noir {

void PacketRef::release() {
  if (buffer_ == nullptr) return;
  if (buffer_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) buffer_->pool_->give_back(buffer_);
  buffer_ = nullptr;
}

PacketPool::PacketPool(std::size_t max_buffers) : max_buffers_(max_buffers) {}
PacketPool::~PacketPool() = default;

PacketRef PacketPool::take() {
  if (free_.empty()) {
    for (auto* b = returned_.exchange(nullptr, std::memory_order_acquire); b != nullptr;) {
      auto* next = next_of(*b);
      free_.push_back(b);
      b = next;
    }
    if (free_.empty() && !grow()) return {};
  }
  PacketBuffer* buffer = free_.back();
  free_.pop_back();
  buffer->size_ = 0;
  buffer->references_.store(1, std::memory_order_relaxed);
  return PacketRef(buffer);
}

void PacketPool::give_back(PacketBuffer* buffer) {
  auto* head = returned_.load(std::memory_order_relaxed);
  do {
    const Link link{head};
    std::memcpy(buffer->data_.data(), &link, sizeof link);
  } while (!returned_.compare_exchange_weak(head, buffer, std::memory_order_release, std::memory_order_relaxed));
}

PacketBuffer* PacketPool::next_of(const PacketBuffer& buffer) {
  Link link{};
  std::memcpy(&link, buffer.data_.data(), sizeof link);
  return link.next;
}

bool PacketPool::grow() {
  if (allocated_ + kSlab > max_buffers_) return false;
  // Not make_unique: that would clear every byte of the slab.
  slabs_.push_back(std::unique_ptr<PacketBuffer[]>(new PacketBuffer[kSlab]));
  for (std::size_t i = 0; i < kSlab; ++i) {
    slabs_.back()[i].pool_ = this;
    free_.push_back(&slabs_.back()[i]);
  }
  allocated_ += kSlab;
  return true;
}

}  // namespace noir
