#include "loop/clock.hpp"

#include <ctime>

namespace noir {

namespace {

Duration read(clockid_t clock) {
  timespec t{};
  (void)clock_gettime(clock, &t);  // Fails for an unknown clock only.
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

Instant monotonic_now() { return Instant(read(CLOCK_MONOTONIC)); }

Duration wallclock_offset() { return read(CLOCK_REALTIME) - read(CLOCK_MONOTONIC); }

}  // namespace noir
