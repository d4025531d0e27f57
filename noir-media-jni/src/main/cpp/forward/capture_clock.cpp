#include "forward/capture_clock.hpp"

#include <algorithm>

namespace noir {

namespace {

// Unwrapped timestamps begin here, so that frames may come that are older than the first.
constexpr std::uint64_t kFirstCycle = 1ULL << 32;
constexpr std::int64_t kFarAway = 1LL << 32;              // Nothing overflows, whatever the clock rate.
constexpr Duration kTick = std::chrono::microseconds(1);  // Of who gets the frames.

Duration to_duration(std::int64_t ticks, std::uint32_t clock_rate) {
  const std::int64_t rate = clock_rate;
  return Duration(ticks / rate * 1'000'000'000 + ticks % rate * 1'000'000'000 / rate);
}

std::optional<Instant> by_reports(Instant now, const CaptureClock::Frame& frame, const SourceClock& source,
                                  const PeerClock& peer) {
  if (!source.known() || !peer.known()) return std::nullopt;
  const SourceClock::Reading reading = source.at(now, frame.clock_rate);
  const auto age = static_cast<std::int32_t>(reading.rtp_ts - frame.rtp_ts);
  return peer.at(reading.ntp) - to_duration(age, frame.clock_rate);
}

bool can_be(Instant captured, Instant arrival) {
  return captured >= arrival - CaptureClock::kMaxAge && captured <= arrival + CaptureClock::kMaxLead;
}

}  // namespace

CaptureClock::Reading CaptureClock::read(Instant now, const Frame& frame, const SourceClock& source,
                                         const PeerClock& peer) {
  Reading reading;
  reading.rtp_ts = last_ts_ ? *last_ts_ + static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(
                                              frame.rtp_ts - static_cast<std::uint32_t>(*last_ts_))})
                            : kFirstCycle + frame.rtp_ts;
  const auto reported = by_reports(now, frame, source, peer);
  reading.captured = reported && can_be(*reported, frame.arrival) ? *reported : by_arrival(frame, reading.rtp_ts);
  const bool newer = !last_ts_ || reading.rtp_ts > *last_ts_;
  if (newer && last_captured_ != Instant::min()) reading.captured = std::max(reading.captured, last_captured_ + kTick);
  if (newer) last_ts_ = reading.rtp_ts;
  last_captured_ = std::max(last_captured_, reading.captured);
  return reading;
}

void CaptureClock::restart() {
  last_ts_.reset();
  base_.reset();
}

// As if the frame had come as fast as the fastest so far.
Instant CaptureClock::by_arrival(const Frame& frame, std::uint64_t rtp_ts) {
  if (base_) {
    const auto since = static_cast<std::int64_t>(rtp_ts - base_->rtp_ts);
    if (since > -kFarAway && since < kFarAway) {
      const Instant captured = base_->captured + to_duration(since, frame.clock_rate);
      if (captured <= frame.arrival && can_be(captured, frame.arrival)) return captured;
    }
  }
  base_ = Reading{frame.arrival, rtp_ts};
  return frame.arrival;
}

}  // namespace noir
