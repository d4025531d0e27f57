#pragma once

#include "base/time.hpp"

namespace noir {

/// CLOCK_MONOTONIC, which is also what Java's System.nanoTime reads.
[[nodiscard]] Instant monotonic_now();

/// UTC minus the monotonic clock, now: it moves when the system time is set.
[[nodiscard]] Duration wallclock_offset();

}  // namespace noir
