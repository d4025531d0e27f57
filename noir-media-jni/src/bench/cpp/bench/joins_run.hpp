#pragma once

#include "bench/options.hpp"
#include "bench/results.hpp"

namespace noir {

/// Peers join rooms with a publisher at a constant rate, stay a few seconds and leave.
[[nodiscard]] JoinsResult run_joins(const Options& options);

}  // namespace noir
