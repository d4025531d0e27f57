// Wishes of subscribers, and what becomes of them: which layer is enough for the size that a picture is shown in, and
// which layers nobody takes, so that their publisher need not send them (dynacast).

#include "sfu/machine.hpp"

namespace noir {

namespace {

// How old what is known of a track's subscribers may be. All who have tracks have a timer once a second, for reports.
constexpr Duration kReviewInterval = std::chrono::milliseconds(900);

}  // namespace

// At home by the publisher's timer, of a mirror by whichever of its subscribers' comes first.
void Sfu::Machine::review(Instant now, Connection& connection) {
  if (now < connection.reviewed_at + kReviewInterval) return;
  connection.reviewed_at = now;
  for (PublishedTrack* track : connection.publisher.tracks()) review(now, *track);
  for (SubscribedTrack* to : connection.subscriber.tracks()) {
    PublishedTrack& source = to->source;
    if (source.mirrored() != nullptr && now >= source.reviewed_at + kReviewInterval) review(now, source);
  }
}

// Key frames have said other sizes, perhaps; others have gone, or get what they waited for.
void Sfu::Machine::review(Instant now, PublishedTrack& track) {
  track.reviewed_at = now;
  std::uint8_t taken = 0;
  for (const MirrorPlace& mirror : track.mirrors) taken |= mirror.taken;
  for (SubscribedTrack* to : track.subscribers) {
    if (to->look_at_sizes(now) && to->subscriber.transport.can_send()) want_keyframe(now, *to);
    taken |= to->wanted_encodings();
  }
  for (TappedTrack* to : track.taps) {
    taken |= to->tap.wanted_encodings();
    to->tap.handle_timeout(now);
  }
  serve_taps(now, track);
  set_taken(now, track, taken);
}

// At once when it is more than what others take; less is noticed by the next review.
void Sfu::Machine::note_wanted(Instant now, const SubscribedTrack& track) {
  const std::uint8_t wanted = track.wanted_encodings();
  if ((wanted & ~track.source.taken) != 0) set_taken(now, track.source, track.source.taken | wanted);
}

void Sfu::Machine::set_taken(Instant now, PublishedTrack& track, std::uint8_t taken) {
  if (track.track.kind() != MediaKind::kVideo) return;
  track.taken = taken;
  if (const MirrorFeed* mirrored = track.mirrored()) {
    tell(mirrored->origin.loop, LayersTaken{mirrored->origin.track, track.id, taken});
  } else if (LayerDemand& demand = track.ingress()->demand; demand.update(now, taken)) {
    events_.emplace_back(LayersWanted{track.id, demand.wanted()});
  }
}

void Sfu::Machine::accept(Instant now, LoopIndex from, const LayersTaken& handover) {
  PublishedTrack* track = find_home(handover.track);
  if (track == nullptr) return;
  for (MirrorPlace& mirror : track->mirrors) {
    if (!mirror.is(from, handover.mirror)) continue;
    const auto all = static_cast<std::uint8_t>((1U << track->track.encoding_count()) - 1);
    mirror.taken = handover.encodings & all;
    if ((mirror.taken & ~track->taken) != 0) set_taken(now, *track, track->taken | mirror.taken);
  }
}

// Its publisher begins with all encodings, and nobody needs to be told before nobody has taken one for a while.
void Sfu::Machine::expect_all(Instant now, PublishedTrack& track) {
  if (track.track.kind() != MediaKind::kVideo) return;
  LayerDemand& demand = track.ingress()->demand;
  (void)demand.update(now, static_cast<std::uint8_t>((1U << track.track.encoding_count()) - 1));
  (void)demand.update(now, 0);
}

}  // namespace noir
