// Taps: sinks of tracks of this loop that make events of whole frames.

#include <algorithm>

#include "sfu/machine.hpp"

namespace noir {

namespace {

// Of a track. Who wants more can copy what he has.
constexpr std::size_t kMaxTaps = 8;

}  // namespace

Result<TapId> Sfu::Machine::add_tap(Instant now, TrackId id) {
  PublishedTrack* track = find_home(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  if (track->taps.size() >= kMaxTaps) return ErrorCode::kLimitExceeded;
  const TapId tap_id = taps_.emplace(*track, track->ingress()->connection.publisher.clock());
  if (tap_id == 0) return ErrorCode::kLimitExceeded;
  TappedTrack& tap = *taps_.find(tap_id);
  tap.id = tap_id;
  track->taps.push_back(&tap);
  const std::uint8_t wanted = tap.tap.wanted_encodings();
  if ((wanted & ~track->taken) != 0) set_taken(now, *track, track->taken | wanted);
  serve_taps(now, *track);
  return tap_id;
}

Status Sfu::Machine::remove_tap(TapId id) {
  TappedTrack* tap = taps_.find(id);
  if (tap == nullptr) return ErrorCode::kNotFound;
  std::erase(tap->source.taps, tap);
  taps_.erase(id);
  return kOk;
}

// After everything that has come of the track, and once a second.
void Sfu::Machine::serve_taps(Instant now, PublishedTrack& track) {
  for (TappedTrack* to : track.taps) {
    while (auto frame = to->tap.poll(now)) {
      const auto utc = frame->captured.time_since_epoch() + wallclock_offset_;
      events_.emplace_back(
          TapFrame{to->id, std::chrono::duration_cast<std::chrono::microseconds>(utc).count(), *std::move(frame)});
    }
    const auto refuses = [&](std::uint8_t encoding) { return !track.repairs.at(encoding).take(now); };
    if (const auto encoding = to->tap.take_keyframe_request(now, refuses)) {
      request_keyframe(now, track, *encoding, false);
    }
  }
}

// The track ends: what is missing does not come any more.
void Sfu::Machine::end_taps(Instant now, PublishedTrack& track) {
  for (TappedTrack* to : track.taps) to->tap.flush();
  serve_taps(now, track);
  for (TappedTrack* to : track.taps) {
    events_.emplace_back(TapEnded{to->id});
    taps_.erase(to->id);
  }
  track.taps.clear();
}

}  // namespace noir
