#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/results.hpp"

namespace noir {

/// Floor divided by cost, by scenario: 1 = no more than encrypting and sending. A ratio, because other machines are
/// faster or slower at both.
using Ratios = std::map<std::string, double>;

/// Nothing where the server's CPU is unknown.
[[nodiscard]] std::optional<double> ratio_of(const MediaResult& result);
[[nodiscard]] Ratios ratios_of(const Report& report);

/// Throws `std::runtime_error` when the file is not there or not ours.
[[nodiscard]] Ratios read_baseline(const std::string& path);
[[nodiscard]] std::string print_baseline(const Ratios& ratios);

struct Loss {
  std::string name;  // Of the scenario.
  double before = 0;
  std::optional<double> now;  // Nothing: it was not measured.
};

[[nodiscard]] std::string print(const Loss& loss);
/// What has become worse than recorded by more than a fifth.
[[nodiscard]] std::vector<Loss> find_losses(const Ratios& recorded, const Ratios& now);

[[nodiscard]] double median(std::array<double, 3> values);

/// A line about a subscriber that takes more memory than the 80 KB it may.
[[nodiscard]] std::optional<std::string> find_excess(const MemoryResult& memory);

}  // namespace noir
