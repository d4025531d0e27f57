#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// Delays in steps of 100 µs up to 400 ms; what is longer counts as 400 ms.
class DelayHistogram {
 public:
  void add(Duration delay) {
    const auto step = std::clamp<Duration::rep>(delay / kStep, 0, kSteps - 1);
    ++counts_[static_cast<std::size_t>(step)];
    ++total_;
  }
  void add(const DelayHistogram& other) {
    for (std::size_t i = 0; i < kSteps; ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
  }
  /// The delay that `fraction` of all do not exceed, rounded up to a step.
  [[nodiscard]] Duration quantile(double fraction) const {
    const auto rank = std::min(static_cast<std::uint64_t>(fraction * static_cast<double>(total_)), total_ - 1);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kSteps; ++i) {
      seen += counts_[i];
      if (seen > rank) return kStep * static_cast<Duration::rep>(i + 1);
    }
    return kStep * static_cast<Duration::rep>(kSteps);
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  static constexpr Duration kStep = std::chrono::microseconds(100);
  static constexpr std::size_t kSteps = 4000;

  std::array<std::uint32_t, kSteps> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace noir
