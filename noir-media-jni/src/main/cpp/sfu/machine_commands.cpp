// Commands, and the life and death of what they make.

#include <algorithm>
#include <utility>

#include "sfu/machine.hpp"

namespace noir {

namespace {

// RFC 8839 §5.4: ice-ufrag 4 to 256 and ice-pwd 22 to 256 characters.
bool valid_credentials(std::string_view ufrag, std::string_view pwd) {
  return ufrag.size() >= 4 && ufrag.size() <= 256 && pwd.size() >= 22 && pwd.size() <= 256;
}

// Negative = none is too high.
std::uint8_t to_layer(int layer) {
  return layer < 0 ? LayerFilter::kAllLayers : static_cast<std::uint8_t>(std::min(layer, 7));
}

bool valid_track(const TrackParams& params) {
  const auto right_clock = [](const CodecParams& c) { return c.clock_rate > 0 && c.payload_type < 128; };
  return !params.codecs.empty() && std::all_of(params.codecs.begin(), params.codecs.end(), right_clock) &&
         !params.encodings.empty() && params.encodings.size() <= Track::kMaxEncodings;
}

}  // namespace

Result<TransportId> Sfu::Machine::open_transport(Instant now, const TransportParams& params) {
  if (directory_.size() >= limits_.max_transports) return ErrorCode::kLimitExceeded;
  if (params.role == TransportRole::kInjector) return open_injector(now, params);
  if (!valid_credentials(params.local_ufrag, params.local_pwd)) return ErrorCode::kInvalidArgument;
  if (directory_.find(params.local_ufrag) != nullptr) return ErrorCode::kInvalidArgument;
  const TransportId id = directory_.open(context_, now, params, static_cast<std::uint32_t>(random_()) | 1U);
  if (id == 0) return ErrorCode::kLimitExceeded;
  touch(*directory_.find(id));
  answer_early_checks(now, params.local_ufrag);
  return id;
}

/// Of clients that know these credentials for longer than we do.
void Sfu::Machine::answer_early_checks(Instant now, std::string_view ufrag) {
  early_checks_.take(now, ufrag, [&](const Path& path, ByteSpan check) {
    if (PacketRef datagram = pool_.copy_of(check)) handle_stun(now, path, std::move(datagram));
  });
}

Status Sfu::Machine::set_remote(Instant now, TransportId id, const RemoteParams& params) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  if (connection->injector) return ErrorCode::kWrongState;
  if (!valid_credentials(params.ufrag, params.pwd)) return ErrorCode::kInvalidArgument;
  guarded(*connection, [&] {
    const bool could_send = connection->transport.can_send();
    connection->transport.set_remote(now, params);
    after_input(now, *connection, could_send);
  });
  return kOk;
}

Status Sfu::Machine::restart_ice(Instant now, TransportId id, std::string_view ufrag, std::string_view pwd) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  if (connection->injector) return ErrorCode::kWrongState;
  if (!valid_credentials(ufrag, pwd) || directory_.find(ufrag) != nullptr) return ErrorCode::kInvalidArgument;
  connection->transport.restart_ice(now, {std::string(ufrag), std::string(pwd)});
  directory_.add_ufrag(*connection, ufrag);
  touch(*connection);
  answer_early_checks(now, ufrag);
  return kOk;
}

Status Sfu::Machine::set_extensions(TransportId id, std::vector<ExtensionIds> sets) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  connection->publisher.set_extensions(std::move(sets));
  return kOk;
}

Status Sfu::Machine::close_transport(Instant now, TransportId id) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  guarded(*connection, [&] { connection->transport.shut_down(); });
  remove_connection(now, id);
  return kOk;
}

Result<TrackId> Sfu::Machine::add_track(Instant now, TransportId publisher, const TrackParams& params) {
  Connection* connection = directory_.find(publisher);
  if (connection == nullptr) return ErrorCode::kNotFound;
  if (connection->transport.role() == TransportRole::kSubscriber) return ErrorCode::kWrongState;
  if (!valid_track(params)) return ErrorCode::kInvalidArgument;
  if (connection->publisher.tracks().size() >= limits_.max_tracks_per_transport) return ErrorCode::kLimitExceeded;
  TrackParams own = params;
  if (connection->injector) {
    if (const Status admitted = admit_injected(own); !admitted) return admitted.error();
  }
  const TrackId id = tracks_.emplace(std::move(own), *connection, connection->lane);
  if (id == 0) return ErrorCode::kLimitExceeded;
  PublishedTrack& track = *tracks_.find(id);
  track.id = id;
  expect_all(now, track);
  if (params.kind == MediaKind::kAudio && params.stream != 0 && connection->lane.group != 0) {
    track.ingress()->observer = &observers_.enter(connection->lane.group);
  }
  connection->publisher.add_track(now, track);
  if (connection->injector) begin_injected(*connection, track);
  touch(*connection);
  return id;
}

Status Sfu::Machine::remove_track(Instant now, TrackId id) {
  PublishedTrack* track = tracks_.find(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  finish(now, *track);
  end_taps(now, *track);
  erase_track(*track);
  return kOk;
}

Status Sfu::Machine::set_squelched(Instant now, TrackId id, bool squelched) {
  PublishedTrack* track = find_home(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  if (track->track.squelched() == squelched) return kOk;
  track->track.set_squelched(squelched);
  if (squelched) {
    ++counters_.squelched_tracks;
    return kOk;
  }
  --counters_.squelched_tracks;
  for (TappedTrack* to : track->taps) to->tap.restart();
  serve_taps(now, *track);
  resume_everywhere(now, *track);
  return kOk;
}

Result<DownTrackId> Sfu::Machine::add_down_track(Instant now, TransportId subscriber, TrackId track_id,
                                                 const DownTrackParams& params) {
  Connection* connection = directory_.find(subscriber);
  PublishedTrack* track = tracks_.find(track_id);
  if (connection == nullptr || track == nullptr) return ErrorCode::kNotFound;
  if (const auto admitted = admit_down_track(*connection, params); !admitted) return admitted.error();
  return attach_down_track(now, *track, *connection, params);
}

Result<DownTrackId> Sfu::Machine::add_mirrored_down_track(Instant now, TransportId subscriber,
                                                          const TrackOrigin& origin, const TrackParams& track_params,
                                                          const DownTrackParams& params) {
  Connection* connection = directory_.find(subscriber);
  if (connection == nullptr) return ErrorCode::kNotFound;
  if (!valid_track(track_params)) return ErrorCode::kInvalidArgument;
  if (const auto admitted = admit_down_track(*connection, params); !admitted) return admitted.error();
  PublishedTrack* mirror = open_mirror(origin, track_params);
  if (mirror == nullptr) return ErrorCode::kLimitExceeded;
  mirror->lane->group = connection->lane.group;
  const auto id = attach_down_track(now, *mirror, *connection, params);
  close_idle_mirror(*mirror);
  return id;
}

Status Sfu::Machine::admit_down_track(Connection& connection, const DownTrackParams& params) const {
  if (connection.transport.role() != TransportRole::kSubscriber) return ErrorCode::kWrongState;
  if (connection.subscriber.tracks().size() >= limits_.max_down_tracks_per_transport) return ErrorCode::kLimitExceeded;
  if (!connection.subscriber.claim_ssrcs(params)) return ErrorCode::kInvalidArgument;
  return kOk;
}

Result<DownTrackId> Sfu::Machine::attach_down_track(Instant now, PublishedTrack& track, Connection& connection,
                                                    const DownTrackParams& params) {
  const DownTrackStart start{.seq = static_cast<std::uint16_t>(random_()),
                             .rtx_seq = static_cast<std::uint16_t>(random_()),
                             .rtp_ts = static_cast<std::uint32_t>(random_())};
  DownTrackParams own = params;
  if (track.track.kind() == MediaKind::kVideo) own.playout_delay = playout_delay_;
  const DownTrackId id = down_tracks_.emplace(std::move(own), track, connection, start);
  if (id == 0) return ErrorCode::kLimitExceeded;
  SubscribedTrack& down_track = *down_tracks_.find(id);
  down_track.id = id;
  track.subscribers.push_back(&down_track);
  connection.subscriber.add(down_track);
  touch(connection);
  if (connection.transport.can_send()) {
    share_line(now, connection);
    want_keyframe(now, down_track);
  }
  note_wanted(now, down_track);
  return id;
}

Status Sfu::Machine::remove_down_track(Instant /*now*/, DownTrackId id) {
  SubscribedTrack* track = down_tracks_.find(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  PublishedTrack& source = track->source;
  erase_down_track(*track);
  close_idle_mirror(source);
  return kOk;
}

Status Sfu::Machine::set_down_track(Instant now, DownTrackId id, const DownTrackWish& wish) {
  SubscribedTrack* track = down_tracks_.find(id);
  if (track == nullptr) return ErrorCode::kNotFound;
  track->set_wish(now, {wish.muted,
                        {to_layer(wish.max_spatial), to_layer(wish.max_temporal)},
                        {wish.width, wish.height},
                        wish.priority});
  if (track->subscriber.transport.can_send()) want_keyframe(now, *track);
  note_wanted(now, *track);
  track->subscriber.subscriber.note_wish(now);
  touch(track->subscriber);
  return kOk;
}

Result<std::uint16_t> Sfu::Machine::open_channel(TransportId id, std::string_view label, bool ordered) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  if (connection->injector) return ErrorCode::kWrongState;
  Result<std::uint16_t> stream = ErrorCode::kWrongState;
  guarded(*connection, [&] { stream = connection->transport.open_channel(label, ordered); });
  touch(*connection);
  return stream;
}

Status Sfu::Machine::send(TransportId id, std::uint16_t stream, bool binary, ByteSpan message) {
  return send(ChannelId{id, stream}, binary,
              std::make_shared<const std::vector<std::uint8_t>>(message.begin(), message.end()));
}

std::size_t Sfu::Machine::send(std::span<const ChannelId> channels, bool binary, ByteSpan message) {
  const auto shared = std::make_shared<const std::vector<std::uint8_t>>(message.begin(), message.end());
  return static_cast<std::size_t>(std::count_if(
      channels.begin(), channels.end(), [&](const ChannelId& channel) { return !send(channel, binary, shared).ok(); }));
}

Status Sfu::Machine::send(const ChannelId& channel, bool binary, const SharedBytes& message) {
  Connection* connection = directory_.find(channel.transport);
  Status status = ErrorCode::kNotFound;
  if (connection != nullptr) {
    guarded(*connection, [&] { status = connection->transport.send(channel.stream, binary, message); });
    touch(*connection);
  }
  if (!status) ++counters_.dropped_messages;
  return status;
}

Status Sfu::Machine::close_channel(TransportId id, std::uint16_t stream) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return ErrorCode::kNotFound;
  Status status = ErrorCode::kWrongState;
  guarded(*connection, [&] { status = connection->transport.close_channel(stream); });
  touch(*connection);
  return status;
}

// What has to be looked at after anything happened to a connection.
void Sfu::Machine::after_input(Instant now, Connection& connection, bool could_send) {
  if (connection.transport.state() == TransportState::kClosed) doomed_.push_back(connection.transport.id());
  if (!could_send && connection.transport.can_send()) {
    // Not earlier: a key frame that comes before the subscriber can take it is lost, and the next one 500 ms away. Of
    // what its line is trusted with, not of the best.
    share_line(now, connection);
    for (SubscribedTrack* track : connection.subscriber.tracks()) want_keyframe(now, *track);
  }
  touch(connection);
}

void Sfu::Machine::reap(Instant now) {
  while (!doomed_.empty()) {
    const TransportId id = doomed_.back();
    doomed_.pop_back();
    remove_connection(now, id);
  }
}

void Sfu::Machine::remove_connection(Instant now, TransportId id) {
  Connection* connection = directory_.find(id);
  if (connection == nullptr) return;
  while (!connection->publisher.tracks().empty()) {
    PublishedTrack& track = *connection->publisher.tracks().back();
    finish(now, track);
    end_taps(now, track);
    erase_track(track);
  }
  while (!connection->subscriber.tracks().empty()) {
    PublishedTrack& source = connection->subscriber.tracks().back()->source;
    erase_down_track(*connection->subscriber.tracks().back());
    close_idle_mirror(source);
  }
  std::erase(touched_, connection);
  give_back_elsewhere(*connection);
  directory_.close(id);
  if (directory_.size() == 0) timers_.clear();
}

// Callers that want what is waiting to go out first call `finish`.
void Sfu::Machine::erase_track(PublishedTrack& track) {
  fan_out_queue_.remove(track);
  track.fresh.clear();
  track.going.clear();
  while (!track.subscribers.empty()) erase_down_track(*track.subscribers.back());
  if (const MirrorFeed* mirrored = track.mirrored()) {
    mirrors_.erase(mirrored->origin);
    tell(mirrored->origin.loop, MirrorClosed{mirrored->origin.track, track.id});
  } else {
    erase_ingress(track, *track.ingress());
  }
  tracks_.erase(track.id);
}

void Sfu::Machine::erase_ingress(PublishedTrack& track, const Ingress& ingress) {
  if (track.track.squelched()) --counters_.squelched_tracks;
  const Receiver::Totals totals = track.track.totals();
  quality_.packets_expected += totals.expected;
  quality_.packets_received += totals.received;
  ingress.connection.publisher.remove_track(track);
  if (ingress.connection.injector) ingress.connection.injector->remove(track.id);
  if (ingress.observer != nullptr) stop_listening(ingress, track.track.params().stream);
  for (const auto& [loop, mirror, taken] : track.mirrors) tell(loop, MirrorEnded{track.id, mirror});
}

void Sfu::Machine::stop_listening(const Ingress& ingress, StreamNumber stream) {
  const auto& others = ingress.connection.publisher.tracks();
  const auto same = [&](const PublishedTrack* other) {
    return other->ingress()->observer != nullptr && other->track.params().stream == stream;
  };
  if (std::none_of(others.begin(), others.end(), same)) ingress.observer->remove(stream);
  const std::uint32_t group = ingress.observer->group();
  if (observers_.leave(*ingress.observer)) events_.emplace_back(SpeakersChanged{group, {}});
}

void Sfu::Machine::erase_down_track(SubscribedTrack& track) {
  auto& all = track.source.subscribers;
  const auto found = std::find(all.begin(), all.end(), &track);
  fan_out_queue_.remove_subscriber(track.source, static_cast<std::size_t>(found - all.begin()));
  all.erase(found);
  track.subscriber.subscriber.remove(track);
  down_tracks_.erase(track.id);
}

}  // namespace noir
