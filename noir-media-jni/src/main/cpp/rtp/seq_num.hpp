#pragma once

#include <cstdint>

namespace noir {

/// Of all 64-bit values whose low `bits` bits are `wire`, the one nearest to `reference`. Exactly
/// half a cycle away counts as behind. `reference` must be at least half a cycle.
[[nodiscard]] constexpr std::uint64_t unwrap_near(std::uint64_t reference, std::uint32_t wire, unsigned bits) {
  const std::uint64_t cycle = 1ULL << bits;
  const std::uint64_t forward = (wire - reference) & (cycle - 1);
  return forward < cycle / 2 ? reference + forward : reference - (cycle - forward);
}

/// Widens the 16-bit sequence number: of all 64-bit values with these low bits, takes the one nearest to the highest
/// seen so far. Starts a cycle above zero, so that what is reordered before the first value does not fall below zero.
class SeqUnwrapper {
 public:
  static constexpr std::uint64_t kCycle = 1ULL << 16;

  /// The value that `seq` would get, without remembering it.
  [[nodiscard]] std::uint64_t peek(std::uint16_t seq) const {
    return started_ ? unwrap_near(highest_, seq, 16) : base_ + seq;
  }
  std::uint64_t unwrap(std::uint16_t seq) {
    const std::uint64_t value = peek(seq);
    if (!started_ || value > highest_) highest_ = value;
    started_ = true;
    return value;
  }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

  /// The next value starts a new count, more than a cycle above everything given so far.
  void restart() {
    if (started_) base_ = (highest_ / kCycle + 2) * kCycle;
    started_ = false;
  }

 private:
  std::uint64_t base_ = kCycle;
  std::uint64_t highest_ = 0;
  bool started_ = false;
};

}  // namespace noir
