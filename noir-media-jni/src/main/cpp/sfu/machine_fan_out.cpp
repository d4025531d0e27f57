// Fan-out: from the packets of one wake-up to the subscribers of their tracks.

#include <algorithm>

#include "base/prefetch.hpp"
#include "sfu/machine.hpp"

namespace noir {

// Track by track, subscriber by subscriber, all packets at once: a subscriber's state is fetched once, and its packets
// stand one behind the other in the egress. Unless `whole`, leaves what is not due, and stops when the egress is full
// to go on with the next call; what came meanwhile waits in `fresh` and keeps its order.
void Sfu::Machine::fan_out(Instant now, bool whole) {
  for (bool begins = going_tracks_.empty(); begin_fan_out(now, whole); begins = true) {
    // Told first, other loops encrypt at the same time as this one.
    if (begins && !whole && !handovers_.empty()) return;
    for (; going_track_ < going_tracks_.size(); ++going_track_) {
      PublishedTrack& track = *going_tracks_[going_track_];
      if (!fan_out_track(now, track, whole)) return;
      track.going.clear();
      going_subscriber_ = 0;
      if (!track.is_mirror()) touch(*track.publisher);
    }
    going_tracks_.clear();
  }
}

// False when nothing is due.
bool Sfu::Machine::begin_fan_out(Instant now, bool whole) {
  if (!going_tracks_.empty()) return true;
  const auto due = std::stable_partition(fresh_tracks_.begin(), fresh_tracks_.end(),
                                         [&](const PublishedTrack* track) { return !whole && track->fresh_due > now; });
  going_tracks_.assign(due, fresh_tracks_.end());
  fresh_tracks_.erase(due, fresh_tracks_.end());
  for (PublishedTrack* track : going_tracks_) {
    track->going.swap(track->fresh);
    track->fresh_due = kNever;
    hand_over(*track);
  }
  going_track_ = 0;
  going_subscriber_ = 0;
  return !going_tracks_.empty();
}

Instant Sfu::Machine::next_fan_out() const {
  if (!going_tracks_.empty()) return Instant::min();
  Instant next = kNever;
  for (const PublishedTrack* track : fresh_tracks_) next = std::min(next, track->fresh_due);
  return next;
}

// False when the egress is full before all subscribers have theirs.
bool Sfu::Machine::fan_out_track(Instant now, PublishedTrack& track, bool whole) {
  for (; going_subscriber_ < track.subscribers.size(); ++going_subscriber_) {
    if (!whole && egress_.full()) return false;
    look_ahead(track, going_subscriber_);
    SubscribedTrack& to = *track.subscribers[going_subscriber_];
    guarded(to.subscriber, [&] { forward(now, track, to); });
  }
  return true;
}

// A frame later, hardly anything of a subscriber is in the cache any more, and one thing leads to the next. So while
// subscriber `at` is served, each of those who follow is prepared by one step.
void Sfu::Machine::look_ahead(const PublishedTrack& track, std::size_t at) {
  const auto& all = track.subscribers;
  const auto next = [&](std::size_t distance) { return at + distance < all.size() ? all[at + distance] : nullptr; };
  if (const SubscribedTrack* to = next(1)) to->subscriber.transport.prefetch_keys();
  if (const SubscribedTrack* to = next(2)) to->subscriber.transport.prefetch_sender();
  if (const SubscribedTrack* to = next(3)) {
    to->subscriber.transport.prefetch_media();
    to->down.prefetch_history(track.going.size());
  }
  if (const SubscribedTrack* to = next(4)) prefetch(to, sizeof *to);
}

void Sfu::Machine::forward(Instant now, const PublishedTrack& track, SubscribedTrack& to) {
  auto run = to.subscriber.transport.begin_media();
  if (!run) return;
  OutPacket packet;
  for (const MediaPacket& media : track.going) {
    if (to.down.rewrite(now, media, packet)) {
      run->send(packet);
      ++counters_.packets_forwarded;
      continue;
    }
    while (to.down.rewrite_backlog(track.track, packet)) {
      run->send(packet);
      ++counters_.packets_forwarded;
    }
    want_keyframe(now, to);
  }
}

void Sfu::Machine::want_keyframe(Instant now, SubscribedTrack& track) {
  const auto encoding = track.down.keyframe_wanted();
  if (encoding && track.may_wait_for_keyframe(now)) {
    request_keyframe(now, track.source, *encoding);
  }
}

// After a pause that only the track itself, or its home loop, knows of. What came before it goes out first.
void Sfu::Machine::resume(Instant now, PublishedTrack& track) {
  fan_out(now, true);
  for (SubscribedTrack* to : track.subscribers) {
    to->down.restart();
    if (to->subscriber.transport.can_send()) want_keyframe(now, *to);
  }
}

}  // namespace noir
