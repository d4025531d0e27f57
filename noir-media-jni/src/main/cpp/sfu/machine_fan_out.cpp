// Fan-out: from the packets of one wake-up to the subscribers of their tracks.

#include <algorithm>

#include "base/prefetch.hpp"
#include "sfu/machine.hpp"

namespace noir {

namespace {

// Subscribers that are being prepared while one is served.
constexpr std::size_t kLookAhead = 4;

}  // namespace

// Track by track, subscriber by subscriber, all packets at once: a subscriber's state is fetched once, and its packets
// stand one behind the other in the egress. Leaves what is not due, and stops when the egress is full to go on with the
// next call; what came meanwhile waits in `fresh` and keeps its order.
void Sfu::Machine::fan_out(Instant now) {
  while (fan_out_queue_.begin(now)) {
    const std::size_t others = handovers_.size();
    for (PublishedTrack* track : fan_out_queue_.late()) drop_fresh(now, *track);
    for (PublishedTrack* track : fan_out_queue_.begun()) hand_over(*track);
    // Told first, other loops encrypt at the same time as this one.
    if (handovers_.size() > others) return;
    for (; PublishedTrack* track = fan_out_queue_.track(); fan_out_queue_.next_track()) {
      if (!serve(now, *track)) return;
      track->going.clear();
      if (const Ingress* ingress = track->ingress()) touch(ingress->connection);
    }
  }
}

// False when the egress is full before all subscribers have theirs.
bool Sfu::Machine::serve(Instant now, PublishedTrack& track) {
  prepare(track, fan_out_queue_.subscriber());
  delays_.begin(track.going.size());
  for (; fan_out_queue_.subscriber() < track.subscribers.size(); fan_out_queue_.next_subscriber()) {
    if (egress_.full()) break;
    serve_one(now, track, fan_out_queue_.subscriber());
  }
  delays_.end(track.going);
  return fan_out_queue_.subscriber() >= track.subscribers.size();
}

// Whether the egress is full or not.
void Sfu::Machine::serve_all(Instant now, PublishedTrack& track, std::size_t from) {
  delays_.begin(track.going.size());
  for (; from < track.subscribers.size(); ++from) serve_one(now, track, from);
  delays_.end(track.going);
  track.going.clear();
}

void Sfu::Machine::serve_one(Instant now, const PublishedTrack& track, std::size_t subscriber) {
  look_ahead(track, subscriber);
  SubscribedTrack& to = *track.subscribers[subscriber];
  guarded(to.subscriber, [&] { forward(now, track, to); });
}

// What has come of a track goes out now, whether the egress is full or not, before anything about it changes. Not what
// is more than a turn's work: that is a flood, and others would wait for it.
void Sfu::Machine::finish(Instant now, PublishedTrack& track) {
  const std::size_t from = fan_out_queue_.served(track);
  fan_out_queue_.remove(track);
  if (!track.going.empty()) serve_all(now, track, from);
  if (track.fresh.empty()) return;
  if (track.fresh.size() * track.subscribers.size() > static_cast<std::size_t>(FanOutQueue::kQuantum)) {
    drop_fresh(now, track);
    return;
  }
  track.going.swap(track.fresh);
  track.fresh_due = kNever;
  hand_over(track);
  serve_all(now, track, 0);
}

// Too late to be of use. Subscribers go on as after a pause: no gap that they would ask for, video with a key frame.
void Sfu::Machine::drop_fresh(Instant now, PublishedTrack& track) {
  counters_.packets_late += track.fresh.size();
  track.fresh.clear();
  track.fresh_due = kNever;
  for (SubscribedTrack* to : track.subscribers) {
    drop_picture(*to);
    if (to->subscriber.transport.can_send()) want_keyframe(now, *to);
  }
  for (const auto& [loop, mirror, taken] : track.mirrors) tell(loop, MirrorResumed{track.id, mirror});
}

// Goes on as after a pause.
void Sfu::Machine::drop_picture(SubscribedTrack& track) {
  if (track.down.sending() && track.source.track.kind() == MediaKind::kVideo) count_freeze(FreezeCause::kLate);
  track.down.restart();
}

// A track's first packet since its last fan-out has come: by the time that its frame is complete, there is something
// of those who come first.
void Sfu::Machine::expect_fan_out(const PublishedTrack& track) {
  const std::size_t count = std::min(track.subscribers.size(), kLookAhead);
  for (std::size_t i = 0; i < count; ++i) prefetch(track.subscribers[i], SubscribedTrack::kHotBytes);
}

// The first have nobody before them, in whose time they could be prepared: step by step for all of them at once.
void Sfu::Machine::prepare(const PublishedTrack& track, std::size_t first) {
  for (std::size_t step = kLookAhead; step > 0; --step) look_ahead(track, first - step);
}

// A frame later, hardly anything of a subscriber is in the cache any more, and one thing leads to the next. So while
// subscriber `at` is served, each of those who follow is prepared by one step.
void Sfu::Machine::look_ahead(const PublishedTrack& track, std::size_t at) {
  const auto& all = track.subscribers;
  const auto next = [&](std::size_t distance) { return at + distance < all.size() ? all[at + distance] : nullptr; };
  const std::size_t packets = track.going.size();
  if (const SubscribedTrack* to = next(1)) {
    to->subscriber.transport.prefetch_keys();
    if (const auto* bandwidth = to->subscriber.subscriber.bandwidth()) bandwidth->prefetch_history(packets);
  }
  if (const SubscribedTrack* to = next(2)) {
    to->subscriber.transport.prefetch_sender();
    if (const auto* bandwidth = to->subscriber.subscriber.bandwidth()) bandwidth->prefetch_sending();
  }
  if (const SubscribedTrack* to = next(3)) {
    to->subscriber.transport.prefetch_media();
    to->subscriber.subscriber.prefetch_media();
    to->down.prefetch_history(packets);
  }
  if (const SubscribedTrack* to = next(kLookAhead)) prefetch(to, SubscribedTrack::kHotBytes);
}

void Sfu::Machine::forward(Instant now, const PublishedTrack& track, SubscribedTrack& to) {
  Subscriber& subscriber = to.subscriber.subscriber;
  auto run = to.subscriber.transport.begin_media(subscriber.bandwidth());
  if (!run) return;
  std::uint32_t* copies = delays_.copies();
  for (const MediaPacket& media : track.going) {
    if (subscriber.must_wait(now, to, media)) [[unlikely]] {
      subscriber.waiting().push(now, SentKind::kMedia, media.payload_size, {&to, media});
    } else {
      *copies += deliver(now, *run, to, media) ? 1 : 0;
    }
    ++copies;
  }
  if (to.down.take_layer_changed()) [[unlikely]] {
    note_layer(now, to);
  }
  if (subscriber.due_after_media() < to.subscriber.armed_at) touch(to.subscriber);
}

// Whether the packet itself has gone out.
bool Sfu::Machine::deliver(Instant now, MediaRun& run, SubscribedTrack& to, const MediaPacket& media) {
  const SentKind kind = to.source.track.kind() == MediaKind::kAudio ? SentKind::kAudio : SentKind::kMedia;
  OutPacket packet;
  if (to.down.rewrite_held(to.source.track, media, packet)) {
    run.send(now, packet, kind);
    ++counters_.packets_forwarded;
  }
  if (to.down.rewrite(now, media, packet)) {
    run.send(now, packet, kind);
    ++counters_.packets_forwarded;
    return true;
  }
  while (to.down.rewrite_backlog(to.source.track, packet)) {
    run.send(now, packet, kind);
    ++counters_.packets_forwarded;
  }
  want_keyframe(now, to);
  return false;
}

void Sfu::Machine::share_line(Instant now, Connection& connection) {
  for (SubscribedTrack* track : connection.subscriber.share_line(now)) {
    if (!track->allowed) note_pause(now, *track);
    if (connection.transport.can_send()) want_keyframe(now, *track);
  }
  if (!connection.subscriber.has_shared_line(now)) return;
  for (const SubscribedTrack* track : connection.subscriber.tracks()) note_wanted(now, *track);
}

// What has waited for the line goes as fast as that takes it; what has waited for too long goes nowhere, and its track
// goes on as after a pause. Then the padding of probes.
void Sfu::Machine::send_waiting(Instant now, Connection& connection) {
  Subscriber& subscriber = connection.subscriber;
  BandwidthController* bandwidth = subscriber.bandwidth();
  if (bandwidth != nullptr && bandwidth->next_timeout() <= now) bandwidth->on_timer(now);
  share_line(now, connection);
  if (bandwidth == nullptr) return;
  while (const auto late = subscriber.waiting().pop_late(now)) {
    ++counters_.packets_late;
    if (late->repair) continue;  // It is asked for again, or not needed any more.
    drop_picture(*late->track);
    want_keyframe(now, *late->track);
  }
  auto run = connection.transport.begin_media(bandwidth);
  if (!run) return;
  while (!subscriber.waiting().empty() && bandwidth->may_send(now)) {
    const auto next = subscriber.waiting().pop();
    if (!next->repair) {
      if (deliver(now, *run, *next->track, next->packet)) delays_.note_paced(next->packet.arrival);
      if (next->track->down.take_layer_changed()) note_layer(now, *next->track);
    } else if (subscriber.send_again(now, *run, *next->track, *next->repair)) {
      ++counters_.packets_retransmitted;
      ++counters_.packets_forwarded;
    }
  }
  OutPacket padding;
  for (std::uint32_t octets = bandwidth->padding_due(now); octets != 0; octets = bandwidth->padding_due(now)) {
    if (!subscriber.pad(now, octets, padding)) return;
    run->send(now, padding, SentKind::kPadding);
  }
}

void Sfu::Machine::want_keyframe(Instant now, SubscribedTrack& track) {
  const auto encoding = track.down.keyframe_wanted();
  if (!encoding || *encoding >= track.source.track.encoding_count()) return;
  // Before there is anything to ask for, asking is no use of the allowance; a mirror's home may have it.
  const bool silent = track.source.track.receiver(*encoding).ssrc() == 0;
  if (silent || track.may_wait_for_keyframe(now)) {
    request_keyframe(now, track.source, *encoding, false);
  }
}

// After a pause that only the track itself, or its home loop, knows of. What came before it goes out first.
void Sfu::Machine::resume(Instant now, PublishedTrack& track) {
  finish(now, track);
  for (SubscribedTrack* to : track.subscribers) {
    to->down.restart();
    if (to->subscriber.transport.can_send()) want_keyframe(now, *to);
  }
}

// The same on all loops.
void Sfu::Machine::resume_everywhere(Instant now, PublishedTrack& track) {
  resume(now, track);
  for (const auto& [loop, mirror, taken] : track.mirrors) tell(loop, MirrorResumed{track.id, mirror});
}

}  // namespace noir
