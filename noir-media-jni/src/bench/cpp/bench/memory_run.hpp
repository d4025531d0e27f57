#pragma once

#include "bench/options.hpp"
#include "bench/results.hpp"

namespace noir {

/// Adds peers kind by kind and looks what the server has grown by.
[[nodiscard]] MemoryResult run_memory(const Options& options);

}  // namespace noir
