#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace noir {

class PacketPool;

/// One datagram. Filled by its receiver, decrypted in place, immutable from then on; shared by reference count,
/// also between loops. Its bytes follow the object, as many as its size class has; they are never cleared.
class PacketBuffer {
 public:
  /// The largest datagram. Those of a path MTU of 1500 have 1472 bytes.
  static constexpr std::size_t kCapacity = 1536;

  [[nodiscard]] ByteSpan bytes() const { return {data(), size_}; }
  [[nodiscard]] MutableByteSpan storage() { return {data(), capacity_}; }
  void set_size(std::size_t size) { size_ = static_cast<std::uint16_t>(size); }

 private:
  friend class PacketPool;
  friend class PacketRef;

  PacketBuffer(PacketPool& pool, std::size_t capacity)
      : pool_(&pool), capacity_(static_cast<std::uint16_t>(capacity)) {}
  [[nodiscard]] const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
  [[nodiscard]] std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(this + 1); }

  PacketPool* pool_;
  std::atomic<std::uint32_t> references_{0};
  std::uint16_t size_ = 0;
  std::uint16_t capacity_;
};

/// A counted reference to a pooled `PacketBuffer`; empty after a move.
class PacketRef {
 public:
  PacketRef() = default;
  PacketRef(const PacketRef& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) buffer_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  PacketRef(PacketRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  PacketRef& operator=(const PacketRef& other) {
    PacketRef copy(other);
    std::swap(buffer_, copy.buffer_);
    return *this;
  }
  PacketRef& operator=(PacketRef&& other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~PacketRef() { release(); }

  explicit operator bool() const { return buffer_ != nullptr; }
  PacketBuffer& operator*() const { return *buffer_; }
  PacketBuffer* operator->() const { return buffer_; }

 private:
  friend class PacketPool;
  explicit PacketRef(PacketBuffer* buffer) : buffer_(buffer) {}
  void release();

  PacketBuffer* buffer_ = nullptr;
};

/// Free lists of buffers, one for each size class: most of what is kept for retransmission is smaller than the largest
/// datagram, audio by far. `take` belongs to the owning loop; a buffer may come back from any loop, through a lock-free
/// return stack that the owner empties. Grows by slabs up to its limit, then `take` gives empty references and the
/// datagram is dropped. Must outlive its buffers.
class PacketPool {
 public:
  explicit PacketPool(std::size_t max_buffers);
  ~PacketPool();
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;

  /// Thread: owning loop.
  [[nodiscard]] PacketRef take(std::size_t size = PacketBuffer::kCapacity);
  /// With these bytes in it.
  [[nodiscard]] PacketRef copy_of(ByteSpan bytes);
  /// Buffers made so far, in use or free.
  [[nodiscard]] std::size_t allocated() const { return allocated_; }
  /// Buffers that somebody holds. Thread: owning loop.
  [[nodiscard]] std::size_t in_use();

 private:
  friend class PacketRef;
  static constexpr std::size_t kStep = 128;  // Between two size classes.
  static constexpr std::size_t kClasses = PacketBuffer::kCapacity / kStep;
  static constexpr std::size_t kSlab = 16;  // Buffers.

  // A finished buffer's first bytes hold the link of the return stack (Treiber stack, emptied whole: no ABA).
  struct Link {
    PacketBuffer* next;
  };

  void give_back(PacketBuffer* buffer);
  void sort_returned();
  bool grow(std::size_t size_class);
  static std::size_t class_of(std::size_t size) { return size == 0 ? 0 : (size - 1) / kStep; }
  static PacketBuffer* next_of(const PacketBuffer& buffer);

  const std::size_t max_buffers_;
  std::size_t allocated_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> slabs_;
  std::array<std::vector<PacketBuffer*>, kClasses> free_;
  alignas(64) std::atomic<PacketBuffer*> returned_{nullptr};  // Other loops write it: a cache line of its own.
};

}  // namespace noir
