#include "sfu/injector.hpp"

#include <algorithm>

namespace noir {

namespace {

// Capture times are numbers of microseconds of which two, and our clock, can be added as nanoseconds: the year 2067.
constexpr std::int64_t kMostMicros = INT64_MAX / 1000 / 3;
// Between the last frame before a jump and the first one behind it, which may have been ahead of time.
constexpr Duration kStep = std::chrono::milliseconds(20);

}  // namespace

Result<std::span<PacketRef>> Injector::packetize(Instant now, TrackId id, std::int64_t captured_us,
                                                 const SourceFrame& frame, PacketPool& pool) {
  packets_.clear();
  const auto found = streams_.find(id);
  if (found == streams_.end()) return ErrorCode::kNotFound;
  const auto captured = read(now, captured_us, found->second.last_captured());
  if (!captured) return captured.error();
  const bool begins = !found->second.has_begun();
  const Status made = found->second.packetize(*captured, frame, pool, packets_);
  if (!made) return made.error();
  must_report_ |= begins;
  return std::span(packets_);
}

Result<Instant> Injector::read(Instant now, std::int64_t captured_us, Instant last) {
  if (captured_us > kMostMicros || captured_us < -kMostMicros) return ErrorCode::kInvalidArgument;
  const Duration said = std::chrono::microseconds(captured_us);
  const Instant captured{said - capture_};
  if (captured >= now - kMaxAge && captured <= now + kMaxLead && captured >= last - kMaxBack) return captured;
  const Instant next = std::max(now, last + kStep);
  capture_ = said - next.time_since_epoch();
  return next;
}

void Injector::write_reports(Instant now, ByteWriter& out) {
  const std::uint64_t ntp = to_ntp(WallClock{now.time_since_epoch() + utc_});
  for (const auto& [id, stream] : streams_) {
    if (stream.has_begun()) (void)write_sender_report(out, stream.report(now, ntp));
  }
  must_report_ = false;
}

TrackId Injector::track_of(std::uint32_t ssrc) const {
  const auto found =
      std::find_if(streams_.begin(), streams_.end(), [&](const auto& each) { return each.second.ssrc() == ssrc; });
  return found == streams_.end() ? 0 : found->first;
}

}  // namespace noir
