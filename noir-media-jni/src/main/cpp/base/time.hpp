#pragma once

#include <chrono>
#include <cstdint>

namespace noir {

/// The monotonic clock as a type. Nobody below `loop/` reads a clock: time is an argument.
struct MonotonicClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

using Duration = std::chrono::nanoseconds;

/// `now` everywhere: nanoseconds of a monotonic clock with an arbitrary origin.
using Instant = MonotonicClock::time_point;

/// "No deadline": what `next_timeout()` returns when nothing waits.
inline constexpr Instant kNever = Instant::max();

/// UTC, nanoseconds since 1970-01-01; only for NTP timestamps in sender reports.
using WallClock = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// NTP format of RFC 3550 §4: 32 bits of seconds since 1900, 32 bits of fraction.
[[nodiscard]] constexpr std::uint64_t to_ntp(WallClock t) {
  constexpr std::uint64_t kSecondsFrom1900To1970 = 2'208'988'800ULL;
  const auto since_epoch = static_cast<std::uint64_t>(t.time_since_epoch().count());
  const std::uint64_t seconds = since_epoch / 1'000'000'000ULL;
  const std::uint64_t nanos = since_epoch % 1'000'000'000ULL;
  return ((seconds + kSecondsFrom1900To1970) << 32) | ((nanos << 32) / 1'000'000'000ULL);
}

}  // namespace noir
