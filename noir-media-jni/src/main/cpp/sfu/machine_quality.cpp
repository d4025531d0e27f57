// How well subscribers are served: what is counted as it happens, and what is asked for.

#include <utility>

#include "sfu/machine.hpp"

namespace noir {

SfuQuality Sfu::Machine::quality(Instant now) {
  SfuQuality result = quality_;
  tracks_.for_each([&](TrackId, const PublishedTrack& track) {
    if (track.is_mirror()) return;
    ++(track.track.kind() == MediaKind::kAudio ? result.audio_tracks : result.video_tracks);
    const Receiver::Totals totals = track.track.totals();
    result.packets_expected += totals.expected;
    result.packets_received += totals.received;
  });
  directory_.for_each([&](const Connection& connection) {
    if (const auto bps = connection.subscriber.estimate(now)) result.estimates.add(*bps);
  });
  return result;
}

// What is sent may have changed; a start is no switch.
void Sfu::Machine::note_layer(Instant now, SubscribedTrack& track) {
  if (track.source.track.kind() != MediaKind::kVideo || !track.down.sending()) return;
  if (std::exchange(track.began, true)) {
    note_switch(now, track, track.sent_layer());
  } else {
    track.sent = track.sent_layer();
  }
}

// Its line takes nothing of it any more.
void Sfu::Machine::note_pause(Instant now, SubscribedTrack& track) {
  if (!track.began || !track.sent) return;
  count_freeze(FreezeCause::kLine);
  note_switch(now, track, std::nullopt);
}

void Sfu::Machine::note_switch(Instant now, SubscribedTrack& track, std::optional<Layer> to) {
  if (track.sent == to) return;
  // What is sent when all is sent may have become known only now.
  const auto there = [&](Layer layer) { return track.highest_there(now, layer); };
  const auto from = track.sent ? std::optional(there(*track.sent)) : std::nullopt;
  track.sent = to;
  if (to) to = there(*to);
  if (from == to) return;
  const LayerSwitch one{.at = now,
                        .subscriber = track.subscriber.transport.id(),
                        .track = track.id,
                        .from = from,
                        .to = to,
                        .cause = track.cause(now)};
  ++(one.up() ? quality_.switches_up : quality_.switches_down)[static_cast<std::size_t>(one.cause)];
  switches_.add(one);
}

}  // namespace noir
