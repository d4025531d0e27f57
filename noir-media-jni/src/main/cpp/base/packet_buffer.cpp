#include "base/packet_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>

#include "base/check.hpp"

namespace noir {

void PacketRef::release() {
  if (buffer_ == nullptr) return;
  if (buffer_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) buffer_->pool_->give_back(buffer_);
  buffer_ = nullptr;
}

PacketPool::PacketPool(std::size_t max_buffers) : max_buffers_(max_buffers) {}
PacketPool::~PacketPool() = default;

PacketRef PacketPool::take(std::size_t size) {
  NOIR_CHECK(size <= PacketBuffer::kCapacity);
  std::size_t size_class = class_of(size);
  if (free_[size_class].empty()) {
    sort_returned();
    if (free_[size_class].empty() && !grow(size_class)) {
      // At the limit a larger one will do.
      while (size_class < kClasses && free_[size_class].empty()) ++size_class;
      if (size_class == kClasses) return {};
    }
  }
  PacketBuffer* buffer = free_[size_class].back();
  free_[size_class].pop_back();
  buffer->size_ = 0;
  buffer->references_.store(1, std::memory_order_relaxed);
  return PacketRef(buffer);
}

PacketRef PacketPool::copy_of(ByteSpan bytes) {
  PacketRef ref = take(bytes.size());
  if (!ref) return ref;
  std::copy(bytes.begin(), bytes.end(), ref->data());
  ref->set_size(bytes.size());
  return ref;
}

std::size_t PacketPool::in_use() {
  sort_returned();
  std::size_t free = 0;
  for (const auto& buffers : free_) free += buffers.size();
  return allocated_ - free;
}

void PacketPool::sort_returned() {
  for (auto* b = returned_.exchange(nullptr, std::memory_order_acquire); b != nullptr;) {
    auto* next = next_of(*b);
    free_[class_of(b->capacity_)].push_back(b);
    b = next;
  }
}

void PacketPool::give_back(PacketBuffer* buffer) {
  auto* head = returned_.load(std::memory_order_relaxed);
  do {
    const Link link{head};
    std::memcpy(buffer->data(), &link, sizeof link);
  } while (!returned_.compare_exchange_weak(head, buffer, std::memory_order_release, std::memory_order_relaxed));
}

PacketBuffer* PacketPool::next_of(const PacketBuffer& buffer) {
  Link link{};
  std::memcpy(&link, buffer.data(), sizeof link);
  return link.next;
}

static_assert(std::is_trivially_destructible_v<PacketBuffer>);

bool PacketPool::grow(std::size_t size_class) {
  const std::size_t capacity = (size_class + 1) * kStep;
  constexpr std::size_t kAlignment = alignof(PacketBuffer);
  const std::size_t stride = sizeof(PacketBuffer) + capacity;
  static_assert(sizeof(PacketBuffer) % kAlignment == 0 && kStep % kAlignment == 0);
  const std::size_t count = std::min(kSlab, max_buffers_ - allocated_);
  if (count == 0) return false;
  // Not make_unique: that would clear every byte of the slab.
  slabs_.push_back(std::unique_ptr<std::byte[]>(new std::byte[count * stride]));
  for (std::size_t i = 0; i < count; ++i) {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): the slab owns it, and it needs no destructor.
    free_[size_class].push_back(new (slabs_.back().get() + i * stride) PacketBuffer(*this, capacity));
  }
  allocated_ += count;
  return true;
}

}  // namespace noir
