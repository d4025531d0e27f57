#include "forward/source_clock.hpp"

#include <algorithm>
#include <cstdlib>

#include "forward/receiver_statistics.hpp"

namespace noir {

namespace {

constexpr std::uint32_t kTolerancePerSecond = 5;  // A fifth of a second.

// A duration in units of 2^-32 s.
std::uint64_t to_ntp_duration(Duration duration) {
  const auto nanos = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  return ((nanos / 1'000'000'000ULL) << 32) | (((nanos % 1'000'000'000ULL) << 32) / 1'000'000'000ULL);
}

}  // namespace

void SourceClock::handle_sender_report(Instant now, const SenderReport& report, std::int32_t lead) {
  // RFC 3550 §6.4.1: a sender without a wall clock may send 0.
  if (report.ntp == 0) return;
  ntp_ = report.ntp;
  rtp_ts_ = report.rtp_ts;
  arrival_ = now;
  lead_ = lead;
  known_ = true;
}

std::uint32_t SourceClock::timeline_offset(std::uint32_t clock_rate) const {
  const std::uint64_t seconds = ntp_ >> 32;
  const std::uint64_t fraction = ntp_ & 0xFFFF'FFFF;
  const std::uint64_t ticks = seconds * clock_rate + ((fraction * clock_rate) >> 32);
  return static_cast<std::uint32_t>(ticks) - rtp_ts_;
}

SourceClock::Reading SourceClock::at(Instant now, std::uint32_t clock_rate) const {
  const Duration elapsed = now - arrival_;
  return {ntp_ + to_ntp_duration(elapsed), rtp_ts_ + to_ticks(elapsed, clock_rate)};
}

SourceClock::Reading SourceClock::follow(Reading reading, std::uint32_t rtp_ts, std::uint32_t clock_rate) const {
  const auto lead = static_cast<std::int32_t>(reading.rtp_ts - rtp_ts);
  const auto moved = std::int64_t{lead} - lead_;
  // Less is the network's doing.
  const std::int64_t tolerance = clock_rate / kTolerancePerSecond;
  if (std::abs(moved) > tolerance) reading.rtp_ts = rtp_ts + static_cast<std::uint32_t>(lead_);
  return reading;
}

std::uint32_t SourceClock::delay_since_last_sr(Instant now) const {
  return known_ ? static_cast<std::uint32_t>(to_ntp_duration(now - arrival_) >> 16) : 0;
}

}  // namespace noir
