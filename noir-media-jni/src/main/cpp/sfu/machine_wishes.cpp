// Wishes of subscribers, and what becomes of them: which layer is enough for the size that a picture is shown in.

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
  for (PublishedTrack* track : connection.publisher.tracks()) look_at_sizes(now, *track);
  for (SubscribedTrack* to : connection.subscriber.tracks()) {
    PublishedTrack& source = to->source;
    if (!source.is_mirror() || now < source.reviewed_at + kReviewInterval) continue;
    source.reviewed_at = now;
    look_at_sizes(now, source);
  }
}

// Key frames have said other sizes, perhaps.
void Sfu::Machine::look_at_sizes(Instant now, PublishedTrack& track) {
  for (SubscribedTrack* to : track.subscribers) {
    if (to->look_at_sizes(now) && to->subscriber.transport.can_send()) want_keyframe(now, *to);
  }
}

}  // namespace noir
