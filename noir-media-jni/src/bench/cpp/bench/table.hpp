#pragma once

#include <string>

#include "bench/results.hpp"

namespace noir {

/// One line for each scenario, and what the columns mean.
[[nodiscard]] std::string print_table(const Report& report);

/// What a single scenario has to tell besides.
[[nodiscard]] std::string print_details(const MediaResult& result);

}  // namespace noir
