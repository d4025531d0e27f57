#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// Delays in microseconds, kept to about three per cent: exact up to 64 µs, above that 32 steps for each doubling.
class DelayHistogram {
 public:
  void add(Duration delay) {
    const auto us = static_cast<std::uint64_t>(std::max<Duration::rep>(delay / kMicrosecond, 0));
    ++counts_[std::min(step_of(us), kSteps - 1)];
    ++total_;
    max_ = std::max(max_, delay);
  }
  void add(const DelayHistogram& other) {
    for (std::size_t i = 0; i < kSteps; ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
    max_ = std::max(max_, other.max_);
  }
  /// The delay that `fraction` of all do not exceed, rounded up to a step.
  [[nodiscard]] Duration quantile(double fraction) const {
    const auto rank = std::min(static_cast<std::uint64_t>(fraction * static_cast<double>(total_)), total_ - 1);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kSteps; ++i) {
      seen += counts_[i];
      if (seen > rank) return std::min(kMicrosecond * static_cast<Duration::rep>(end_of(i)), max_);
    }
    return max_;
  }
  [[nodiscard]] Duration max() const { return max_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  static constexpr Duration kMicrosecond = std::chrono::microseconds(1);
  static constexpr std::size_t kExact = 64;
  static constexpr std::size_t kPerDoubling = 32;
  static constexpr std::size_t kDoublings = 20;  // Up to a minute.
  static constexpr std::size_t kSteps = kExact + kDoublings * kPerDoubling;

  [[nodiscard]] static std::size_t step_of(std::uint64_t us) {
    if (us < kExact) return static_cast<std::size_t>(us);
    const auto doubling = static_cast<std::size_t>(std::bit_width(us)) - 7;  // 64 has 7 bits.
    return kExact + doubling * kPerDoubling + static_cast<std::size_t>((us >> (doubling + 1)) - kPerDoubling);
  }
  /// The first microsecond behind a step.
  [[nodiscard]] static std::uint64_t end_of(std::size_t step) {
    if (step < kExact) return step + 1;
    const std::size_t doubling = (step - kExact) / kPerDoubling;
    const std::size_t part = (step - kExact) % kPerDoubling + kPerDoubling;
    return static_cast<std::uint64_t>(part + 1) << (doubling + 1);
  }

  std::array<std::uint32_t, kSteps> counts_{};
  std::uint64_t total_ = 0;
  Duration max_{};
};

}  // namespace noir
