// What a transport and its tracks are doing, for who asks. Nothing here is called unless somebody does.

#include <algorithm>
#include <array>

#include "sfu/explanation.hpp"
#include "sfu/machine.hpp"

namespace noir {

namespace {

Duration from_ticks(std::uint32_t ticks, std::uint32_t clock_rate) {
  if (clock_rate == 0) return {};
  return Duration(static_cast<std::int64_t>(ticks) * 1'000'000'000 / static_cast<std::int64_t>(clock_rate));
}

std::optional<PathExplanation> explain_path(Instant now, const IceLite& ice) {
  const IcePath* path = ice.selected() ? ice.find(*ice.selected()) : nullptr;
  if (path == nullptr) return std::nullopt;
  return PathExplanation{path->path, path->is_proven(), now - path->heard, path->round_trip};
}

EncodingExplanation explain_encoding(Instant now, Track& track, std::uint8_t encoding) {
  const Receiver& receiver = track.receiver(encoding);
  const Receiver::Told told = receiver.tell();
  EncodingExplanation e;
  e.rid = track.params().encodings[encoding].rid;
  e.ssrc = receiver.ssrc();
  e.active = (track.available_encodings(now) >> encoding & 1U) != 0;
  e.packets = told.packets;
  e.lost = told.lost;
  e.jitter = from_ticks(told.jitter_ticks, receiver.clock_rate());
  e.bitrate = track.bitrate(now, encoding);
  e.width = receiver.size().width;
  e.height = receiver.size().height;
  e.nacked = told.nacked;
  e.repaired = told.repaired;
  e.keyframe_requests = told.keyframe_requests;
  e.keyframes = told.keyframes;
  if (told.keyframes > 0) e.since_keyframe = now - told.keyframe_at;
  return e;
}

ReceivedExplanation explain_received(Instant now, PublishedTrack& published) {
  Track& track = published.track;
  ReceivedExplanation e;
  e.id = published.id;
  e.mid = track.params().mid;
  e.kind = track.kind();
  e.squelched = track.squelched();
  for (std::size_t i = 0; i < track.encoding_count(); ++i) {
    e.encodings.push_back(explain_encoding(now, track, static_cast<std::uint8_t>(i)));
  }
  return e;
}

void explain_layers(Instant now, const AllocatedTrack* allocated, SubscribedTrack& track, SentExplanation& e) {
  e.muted = track.wish.muted;
  e.sending = track.down.sending();
  e.undecodable = track.down.undecodable();
  e.waits_for_keyframe = track.down.keyframe_wanted().has_value();
  if (e.sending) e.encoding = track.down.current_encoding();
  e.layer = track.down.current_layer();
  e.wanted = {std::min(track.wish.max.spatial, track.enough), track.wish.max.temporal};
  if (allocated != nullptr) {
    e.reason = allocated->reason;
    e.allocated = allocated->layer;
    e.allocated_bps = allocated->bitrate;
  }
  std::array<OfferedLayer, Track::kMaxOffered> offered;
  const std::size_t count = track.source.track.offered_layers(now, offered);
  e.offered.assign(offered.begin(), offered.begin() + static_cast<std::ptrdiff_t>(count));
}

SentExplanation explain_sent(Instant now, const AllocatedTrack* allocated, SubscribedTrack& track) {
  SentExplanation e;
  e.id = track.id;
  e.mid = track.down.params().mid;
  e.kind = track.source.track.kind();
  e.packets = track.down.packets();
  e.octets = track.down.octets();
  e.repeated = track.down.repeated();
  e.nacked = track.reception.nacked();
  e.keyframe_requests = track.reception.keyframe_requests();
  e.round_trip = track.reception.round_trip();
  const Receiver& source = track.source.track.receiver(track.down.feedback_encoding());
  e.clock_rate = source.clock_rate();
  const Receiver::Told told = source.tell();
  if (told.keyframes > 0) e.since_keyframe = now - told.keyframe_at;
  if (const auto& block = track.reception.last()) {
    e.reported = true;
    e.fraction_lost = block->fraction_lost;
    e.lost = block->cumulative_lost;
    e.jitter_ticks = block->jitter;
  }
  explain_layers(now, allocated, track, e);
  return e;
}

}  // namespace

std::optional<TransportExplanation> Sfu::Machine::explain(Instant now, TransportId id) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return std::nullopt;
  const Transport& transport = connection->transport;
  Subscriber& subscriber = connection->subscriber;
  TransportExplanation e;
  e.role = transport.role();
  e.state = transport.state();
  e.path = explain_path(now, transport.ice());
  e.dtls_suite = transport.dtls().suite();
  e.dtls_client = transport.dtls().role() == DtlsRole::kClient;
  e.srtp = transport.dtls().srtp_profile();
  e.bandwidth = subscriber.explain_line(now);
  e.waiting_packets = subscriber.waiting().size();
  e.waiting_octets = subscriber.waiting().octets();
  if (const auto since = subscriber.waiting().oldest()) e.waiting = now - *since;
  const std::size_t tracks = connection->publisher.tracks().size() + subscriber.tracks().size();
  e.tracks_left_out = tracks - std::min(tracks, TransportExplanation::kMaxTracks);
  for (PublishedTrack* track : connection->publisher.tracks()) {
    if (e.received.size() < TransportExplanation::kMaxTracks) e.received.push_back(explain_received(now, *track));
  }
  for (SubscribedTrack* track : subscriber.tracks()) {
    if (e.sent.size() == TransportExplanation::kMaxTracks) break;
    e.sent.push_back(explain_sent(now, subscriber.allocated(now, track->id), *track));
  }
  return e;
}

}  // namespace noir
