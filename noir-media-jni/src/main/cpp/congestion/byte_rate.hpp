#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// Bits per second over the last fractions of a second, in steps of 50 ms; of any clock.
class ByteRate {
 public:
  static constexpr Duration kStep = std::chrono::milliseconds(50);
  static constexpr std::int64_t kSteps = 16;

  void add(Duration at, std::uint32_t octets) {
    if (at >= newest_since_ && at - newest_since_ < kStep) [[likely]] {
      octets_[place(newest_)] += octets;
      return;
    }
    add_elsewhere(at, octets);
  }
  /// Over the `steps` whole steps before the newest one; 0 before there are as many.
  [[nodiscard]] std::int64_t bps(std::int64_t steps) const { return sum(steps, newest_); }
  /// The same, where nothing has come for a while.
  [[nodiscard]] std::int64_t bps(std::int64_t steps, Duration now) const { return sum(steps, now / kStep); }
  [[nodiscard]] bool covers(std::int64_t steps) const { return started_ && newest_ - first_ > steps; }

 private:
  void add_elsewhere(Duration at, std::uint32_t octets) {
    const std::int64_t step = at / kStep;
    if (!started_ || step - newest_ >= kSteps) {
      first_ = step;
      octets_ = {};
      newest_ = step;
      started_ = true;
    }
    if (newest_ - step >= kSteps || step < first_) return;
    while (newest_ < step) octets_[place(++newest_)] = 0;
    octets_[place(step)] += octets;
    newest_since_ = newest_ * kStep;
  }
  static std::size_t place(std::int64_t step) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(step) % static_cast<std::uint64_t>(kSteps));
  }
  [[nodiscard]] std::int64_t sum(std::int64_t steps, std::int64_t end) const {
    if (!started_) return 0;
    std::int64_t octets = 0;
    const std::int64_t from = std::max(end - steps, newest_ - kSteps + 1);
    for (std::int64_t s = from; s < std::min(end, newest_ + 1); ++s) octets += octets_[place(s)];
    return octets * 8 * (std::chrono::nanoseconds(std::chrono::seconds(1)) / kStep) / steps;
  }

  std::array<std::uint32_t, kSteps> octets_{};
  std::int64_t newest_ = 0;
  std::int64_t first_ = 0;
  Duration newest_since_ = Duration::max();
  bool started_ = false;
};

}  // namespace noir
