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
/// also between loops.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): `data_` is not cleared, on purpose.
class PacketBuffer {
 public:
  static constexpr std::size_t kCapacity = 1600;

  [[nodiscard]] ByteSpan bytes() const { return {data_.data(), size_}; }
  [[nodiscard]] MutableByteSpan storage() { return data_; }
  void set_size(std::size_t size) { size_ = static_cast<std::uint32_t>(size); }

 private:
  friend class PacketPool;
  friend class PacketRef;

  PacketPool* pool_ = nullptr;
  std::atomic<std::uint32_t> references_{0};
  std::uint32_t size_ = 0;
  std::array<std::uint8_t, kCapacity> data_;  // Deliberately not cleared: 1600 bytes per packet would show.
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

/// Free list of buffers. `take` belongs to the owning loop; a buffer may come back from any loop, through a
/// lock-free return stack that the owner empties. Grows by slabs up to its limit, then `take` gives empty references
/// and the datagram is dropped. Must outlive its buffers.
class PacketPool {
 public:
  explicit PacketPool(std::size_t max_buffers);
  ~PacketPool();
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;

  /// Thread: owning loop.
  [[nodiscard]] PacketRef take();
  /// Buffers made so far, in use or free.
  [[nodiscard]] std::size_t allocated() const { return allocated_; }

 private:
  friend class PacketRef;
  static constexpr std::size_t kSlab = 64;

  // A finished buffer's first bytes hold the link of the return stack (Treiber stack, emptied whole: no ABA).
  struct Link {
    PacketBuffer* next;
  };

  void give_back(PacketBuffer* buffer);
  bool grow();
  static PacketBuffer* next_of(const PacketBuffer& buffer);

  const std::size_t max_buffers_;
  std::size_t allocated_ = 0;
  std::vector<std::unique_ptr<PacketBuffer[]>> slabs_;
  std::vector<PacketBuffer*> free_;
  alignas(64) std::atomic<PacketBuffer*> returned_{nullptr};  // Other loops write it: a cache line of its own.
};

}  // namespace noir
