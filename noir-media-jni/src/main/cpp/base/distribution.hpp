#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace noir {

/// How many of something were how large: counts by upper bound, the last one of what is above all bounds. Bounds
/// ascend, and belong to their size. Thread: its owner's.
template <std::size_t N>
class Distribution {
 public:
  using Bounds = std::array<std::int64_t, N>;

  constexpr explicit Distribution(const Bounds& bounds) : bounds_(bounds) {}

  void add(std::int64_t size, std::uint64_t count = 1) {
    std::size_t i = 0;
    while (i < N && size > bounds_[i]) ++i;
    counts_[i] += count;
    sum_ += static_cast<std::uint64_t>(size) * count;
  }

  [[nodiscard]] const std::array<std::uint64_t, N + 1>& counts() const { return counts_; }
  /// Of all sizes; none was negative.
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts_) total += count;
    return total;
  }

 private:
  Bounds bounds_;
  std::array<std::uint64_t, N + 1> counts_{};
  std::uint64_t sum_ = 0;
};

}  // namespace noir
