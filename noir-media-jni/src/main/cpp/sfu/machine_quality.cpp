// How well subscribers are served: what is counted as it happens, and what is asked for.

#include <utility>

#include "sfu/machine.hpp"

namespace noir {

SfuQuality Sfu::Machine::quality(Instant now) {
  SfuQuality result = quality_;
  tracks_.for_each([&](TrackId, const PublishedTrack& track) {
    if (track.ingress() == nullptr) return;  // Counted at home.
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

// A decoder that has begun to get the layer's part of a picture, and never gets all of it, shows nothing more, and it
// takes Chromium 3 s to ask for a key frame then. Of several encodings, another one begins with a key frame anyway.
void Sfu::Machine::end_spatial_layer(Instant now, SubscribedTrack& track) {
  if (track.source.track.encoding_count() != 1) return;
  if (!track.subscriber.subscriber.lacks(now, track)) {
    track.note_layer_end(now);
  } else if (track.may_request_keyframe(now)) {
    request_keyframe(now, track.source, track.down.feedback_encoding(), true);
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
  if (from && to && to->spatial < from->spatial) end_spatial_layer(now, track);
  ++(one.up() ? quality_.switches_up : quality_.switches_down)[static_cast<std::size_t>(one.cause)];
  switches_.add(one);
}

}  // namespace noir
