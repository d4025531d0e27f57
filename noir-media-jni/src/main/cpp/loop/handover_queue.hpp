#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "sfu/handover.hpp"

namespace noir {

/// What one loop hands over to another one: a bounded ring between exactly two threads, without locks. Neither side
/// ever waits for the other. Takes its memory with the first push.
class HandoverQueue {
 public:
  /// Enough for a loop that was kept from its processor for a tenth of a second while others were not.
  static constexpr std::size_t kCapacity = 4096;

  /// False: `limit` of them are on their way already, and `handover` is left as it was. Thread: producer.
  [[nodiscard]] bool push(Handover& handover, std::size_t limit = kCapacity) {
    if (next_ - known_head_ >= limit) {
      known_head_ = head_.load(std::memory_order_acquire);
      if (next_ - known_head_ >= limit) return false;
    }
    if (!ring_) ring_ = std::make_unique<Handover[]>(kCapacity);
    ring_[next_++ & kMask] = std::move(handover);
    return true;
  }
  /// Shows the consumer what was pushed; true when there is something new. Thread: producer.
  bool publish() {
    if (tail_.load(std::memory_order_relaxed) == next_) return false;
    tail_.store(next_, std::memory_order_release);
    return true;
  }

  /// Thread: consumer.
  [[nodiscard]] bool empty() const {
    return tail_.load(std::memory_order_acquire) == head_.load(std::memory_order_relaxed);
  }
  /// Takes what has been published, in order. Thread: consumer.
  template <typename Take>
  void drain(Take&& take) {
    const std::uint64_t tail = tail_.load(std::memory_order_acquire);
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    while (head != tail) {
      Handover handover = std::move(ring_[head++ & kMask]);
      head_.store(head, std::memory_order_release);
      take(std::move(handover));
    }
  }

 private:
  static constexpr std::size_t kMask = kCapacity - 1;
  static_assert((kCapacity & kMask) == 0);
  static constexpr std::size_t kCacheLine = 64;

  // The producer's; the consumer looks at the ring only behind a published tail.
  alignas(kCacheLine) std::uint64_t next_ = 0;  // Where the next push goes.
  std::uint64_t known_head_ = 0;
  std::unique_ptr<Handover[]> ring_;
  alignas(kCacheLine) std::atomic<std::uint64_t> tail_{0};  // Written by the producer,
  alignas(kCacheLine) std::atomic<std::uint64_t> head_{0};  // and this by the consumer.
};

}  // namespace noir
