#pragma once

#include <string>
#include <vector>

#include "bench/results.hpp"

namespace noir {

/// Everything, for other programs.
[[nodiscard]] std::string print_json(const Report& report);

/// Cost of a packet by scenario beside the floor, as a picture.
[[nodiscard]] std::string print_svg(const Report& report);

}  // namespace noir
