#pragma once

#include "bench/options.hpp"
#include "bench/results.hpp"

namespace noir {

/// Builds the load up, lets it run in, measures it, and measures the floor beside it. Throws `std::runtime_error` when
/// the scenario cannot be carried out.
[[nodiscard]] MediaResult run_media(const MediaScenario& scenario, const Options& options);

}  // namespace noir
