#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/results.hpp"

namespace noir {

/// Floor divided by cost, by scenario: 1 = no more than encrypting and sending. A ratio, because other machines are
/// faster or slower at both.
using Ratios = std::map<std::string, double>;

[[nodiscard]] Ratios ratios_of(const Report& report);

/// Throws `std::runtime_error` when the file is not there or not ours.
[[nodiscard]] Ratios read_baseline(const std::string& path);
[[nodiscard]] std::string print_baseline(const Ratios& ratios);

/// What has become worse than recorded by more than a fifth, a line each; empty = nothing.
[[nodiscard]] std::vector<std::string> find_losses(const Ratios& recorded, const Ratios& now);

}  // namespace noir
