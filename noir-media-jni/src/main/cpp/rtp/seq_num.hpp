#pragma once

#include <cstdint>

namespace noir {

/// Widens a 16-bit (or shorter) counter that wraps: of all 64-bit values with these low bits, takes the one nearest to
/// the highest seen so far. Starts one whole cycle above zero, so that what is reordered before the first value does
/// not fall below zero.
template <unsigned kBits>
class Unwrapper {
 public:
  static constexpr std::uint64_t kCycle = 1ULL << kBits;

  /// The value that `wire` would get, without remembering it.
  [[nodiscard]] std::uint64_t peek(std::uint32_t wire) const {
    const std::uint64_t low = wire & (kCycle - 1);
    if (!started_) return base_ + low;
    const std::uint64_t forward = (low - highest_) & (kCycle - 1);
    if (forward < kCycle / 2) return highest_ + forward;
    return highest_ - (kCycle - forward);
  }
  std::uint64_t unwrap(std::uint32_t wire) {
    const std::uint64_t value = peek(wire);
    if (!started_ || value > highest_) highest_ = value;
    started_ = true;
    return value;
  }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

  /// The next value starts a new count, above everything given so far.
  void restart() {
    if (started_) base_ = (highest_ / kCycle + 2) * kCycle;
    started_ = false;
  }

 private:
  std::uint64_t base_ = kCycle;
  std::uint64_t highest_ = 0;
  bool started_ = false;
};

using SeqUnwrapper = Unwrapper<16>;

}  // namespace noir
