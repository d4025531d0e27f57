#include "sfu/machine.hpp"

#include <algorithm>
#include <array>

#include "sfu/demux.hpp"
#include "sfu/local_socket.hpp"

namespace noir {

namespace {

constexpr int kMaxCompoundsPerTimeout = 16;
// How late feedback, consent and reaping may be when there is always more to send.
constexpr Duration kTimerSlack = std::chrono::milliseconds(5);

}  // namespace

Sfu::Machine::Machine(const Certificate& certificate, PacketPool& pool, const SfuLimits& limits,
                      std::uint64_t random_seed, SctpWaker* waker)
    : pool_(pool),
      limits_(limits),
      dtls_(certificate),
      sctp_(waker),
      context_{dtls_, sctp_, limits_, egress_, events_, counters_},
      random_(random_seed),
      early_checks_(random_()) {}

Sfu::Machine::~Machine() = default;

void Sfu::Machine::handle_datagram(Instant now, const Path& path, PacketRef datagram) {
  ++counters_.datagrams_in;
  counters_.bytes_in += datagram->bytes().size();
  dispatch(now, path, std::move(datagram));
}

void Sfu::Machine::dispatch(Instant now, const Path& path, PacketRef datagram) {
  switch (classify(datagram->bytes())) {
    case DatagramKind::kStun:
      return handle_stun(now, path, std::move(datagram));
    case DatagramKind::kDtls:
      return handle_dtls(now, path, std::move(datagram));
    case DatagramKind::kRtp:
      return handle_rtp(now, path, std::move(datagram));
    case DatagramKind::kRtcp:
      return handle_rtcp(now, path, std::move(datagram));
    case DatagramKind::kUnknown:
      ++counters_.dropped_unknown_path;
      return;
  }
}

void Sfu::Machine::handle_stun(Instant now, const Path& path, PacketRef datagram) {
  const auto message = parse_stun(datagram->bytes());
  if (!message || message->method != kStunBinding) {
    ++counters_.dropped_stun;
    return;
  }
  switch (message->message_class) {
    case StunClass::kRequest:
      return handle_check(now, path, *message, datagram);
    case StunClass::kIndication:
      return handle_indication(now, path, *message, datagram);
    case StunClass::kSuccess:
    case StunClass::kError:
      return handle_answer(now, path, *message, datagram);
  }
}

void Sfu::Machine::handle_check(Instant now, const Path& path, const StunMessage& request, PacketRef& datagram) {
  const auto ufrag = username_local_ufrag(request);
  Connection* connection = ufrag ? directory_.find(*ufrag) : nullptr;
  if (connection == nullptr) return handle_stray_check(now, path, request, datagram);
  guarded(*connection, [&] {
    const bool could_send = connection->transport.can_send();
    if (connection->transport.handle_check(now, path, request)) {
      settle_claims(now, *connection, path);
      tell_if_elsewhere(*connection, path);
    }
    after_input(now, *connection, could_send);
  });
}

void Sfu::Machine::handle_answer(Instant now, const Path& path, const StunMessage& response, PacketRef& datagram) {
  // Tags are a loop's own: another loop's check went out here, and its answer is that loop's.
  if (directory_.find(path) == nullptr && !is_elsewhere(path.local) && hand_on_stray(now, path, datagram)) return;
  Connection* connection = directory_.find(IceLite::tag_of(response.transaction));
  if (connection == nullptr) {
    ++counters_.dropped_stun;
    return;
  }
  guarded(*connection, [&] {
    const bool could_send = connection->transport.can_send();
    if (connection->transport.handle_answer(now, path, response)) {
      (void)directory_.claim(now, *connection, path);
      tell_if_elsewhere(*connection, path);
    }
    after_input(now, *connection, could_send);
  });
}

void Sfu::Machine::handle_indication(Instant now, const Path& path, const StunMessage& indication,
                                     PacketRef& datagram) {
  Connection* connection = directory_.find(path);
  if (connection == nullptr) {
    if (!hand_on_stray(now, path, datagram)) ++counters_.dropped_stun;
    return;
  }
  guarded(*connection, [&] {
    connection->transport.handle_indication(now, path, indication);
    touch(*connection);
  });
}

// Of two who claim one path, the one who answers a check of ours there is right.
void Sfu::Machine::settle_claims(Instant now, Connection& connection, const Path& path) {
  Connection* other = directory_.claim(now, connection, path);
  directory_.drop_lost_paths(connection);
  if (other == nullptr) return;
  connection.transport.want_proof(now, path);
  touch(connection);
  if (directory_.find(path) == other) return;
  other->transport.want_proof(now, path);
  touch(*other);
}

// Null when the path is nobody's here.
Connection* Sfu::Machine::find_owner(Instant now, const Path& path, PacketRef& datagram) {
  Connection* connection = directory_.find(path);
  if (connection == nullptr && !hand_on_stray(now, path, datagram)) ++counters_.dropped_unknown_path;
  return connection;
}

void Sfu::Machine::handle_dtls(Instant now, const Path& path, PacketRef datagram) {
  Connection* connection = find_owner(now, path, datagram);
  if (connection == nullptr) return;
  guarded(*connection, [&] {
    const bool could_send = connection->transport.can_send();
    connection->transport.handle_dtls(now, path, datagram->bytes());
    after_input(now, *connection, could_send);
  });
}

void Sfu::Machine::handle_rtp(Instant now, const Path& path, PacketRef datagram) {
  Connection* connection = find_owner(now, path, datagram);
  if (connection == nullptr) return;
  if (!connection->limits.admits(now, [&] { return connection->transport.expects_rtp(datagram->bytes()); })) {
    ++counters_.packets_unread;
    return;
  }
  guarded(*connection, [&] {
    const auto room = datagram->storage().first(datagram->bytes().size());
    const auto size = connection->transport.unprotect_rtp(now, path, room);
    connection->limits.note(size);
    if (!size) {
      ++counters_.dropped_srtp;
      return;
    }
    datagram->set_size(*size);
    if (connection->transport.role() != TransportRole::kPublisher) {
      ++counters_.dropped_rtp;
      return;
    }
    take_packet(now, *connection, std::move(datagram));
  });
}

// A publisher's, decrypted, or an injector's.
void Sfu::Machine::take_packet(Instant now, Connection& connection, PacketRef packet) {
  const std::size_t size = packet->bytes().size();
  const auto received = connection.publisher.handle_rtp(now, std::move(packet));
  touch(connection);
  if (!received) {
    ++counters_.dropped_rtp;
    return;
  }
  if (received->track == nullptr) {
    ++counters_.packets_refused;
    return;
  }
  quality_.octets_received += size;
  if (received->track->track.squelched()) ++counters_.packets_squelched;
  report_active(now, *received->track);
  if (!received->track->taps.empty()) serve_taps(now, *received->track);
  if (received->falls_silent) resume_everywhere(now, *received->track);
  if (received->begins) {
    fan_out_queue_.add(*received->track);
    expect_fan_out(*received->track);
  }
}

// What is learnt may change with every packet of a client that means no good: others hear the last of it.
void Sfu::Machine::report_active(Instant now, PublishedTrack& track) {
  Ingress& ingress = *track.ingress();
  const std::uint8_t seen = track.track.seen_encodings();
  const bool learned = ingress.has_learned(now);
  if (seen == ingress.reported_encodings && !learned) return;
  for (std::uint8_t i = 0; i < Track::kMaxEncodings; ++i) {
    const auto bit = static_cast<std::uint8_t>(1U << i);
    if ((seen & bit) != 0 && (ingress.reported_encodings & bit) == 0) events_.emplace_back(TrackActive{track.id, i});
    if (learned && (ingress.learned_encodings & bit) != 0) {
      events_.emplace_back(EncodingLearned{track.id, i, ingress.ssrcs.at(i), ingress.rtx_ssrcs.at(i)});
    }
  }
  ingress.reported_encodings = seen;
  if (!learned) return;
  ingress.learned_encodings = 0;
  ingress.told_learned_at = now;
}

void Sfu::Machine::report_speakers(Instant now) {
  while (const AudioObserver* observer = observers_.poll(now)) {
    SpeakersChanged changed{observer->group(), {}};
    for (const auto& speaker : observer->speakers()) changed.streams.push_back(speaker.stream);
    events_.emplace_back(std::move(changed));
  }
}

void Sfu::Machine::handle_timeout(Instant now) {
  fan_out(now);
  rearm_touched();
  // The loop sends what there is and comes back at once. Whatever there is to send, timers run.
  if (egress_.full() && now < timers_ran_at_ + kTimerSlack) return;
  timers_ran_at_ = now;
  run_timers(now);
  run_sctp(now);
  report_speakers(now);
  reap(now);
  rearm_touched();
}

Instant Sfu::Machine::next_timeout() const {
  const bool work_waits = !doomed_.empty() || !touched_.empty() || !handovers_.empty() || !egress_.transmits().empty();
  if (work_waits) return Instant::min();
  return std::min({fan_out_queue_.next_due(), timers_.next(), sctp_.next_timeout(), observers_.next_timeout()});
}

void Sfu::Machine::touch(Connection& connection) {
  if (connection.touched) return;
  connection.touched = true;
  touched_.push_back(&connection);
}

void Sfu::Machine::rearm_touched() {
  for (Connection* connection : touched_) {
    connection->touched = false;
    arm(*connection);
  }
  touched_.clear();
}

void Sfu::Machine::arm(Connection& connection) {
  const Instant next = connection.next_timeout();
  if (next >= connection.armed_at) return;
  connection.armed_at = next;
  timers_.arm(next, connection.transport.id());
}

void Sfu::Machine::run_timers(Instant now) {
  while (const TransportId id = timers_.pop_due(now)) {
    Connection* connection = directory_.find(id);
    if (connection == nullptr || connection->armed_at > now) continue;  // Gone, or armed anew for later.
    connection->armed_at = kNever;
    if (connection->next_timeout() > now + TimerQueue::kStep) {
      arm(*connection);  // What it was armed for is not to be waited for any more: mostly an answer that has come.
      continue;
    }
    guarded(*connection, [&] {
      const bool could_send = connection->transport.can_send();
      connection->transport.handle_timeout(now);
      directory_.drop_lost_paths(*connection);
      send_due_rtcp(now, *connection);
      send_waiting(now, *connection);
      review(now, *connection);
      after_input(now, *connection, could_send);
    });
  }
}

void Sfu::Machine::send_due_rtcp(Instant now, Connection& connection) {
  if (connection.injector) report_injected(now, connection);
  const WallClock utc{now.time_since_epoch() + wallclock_offset_};
  std::array<std::uint8_t, kMaxCompound> bytes{};
  bool more = true;
  for (int i = 0; more && i < kMaxCompoundsPerTimeout; ++i) {
    ByteWriter out(bytes);
    more = connection.transport.role() == TransportRole::kSubscriber ? connection.subscriber.poll_rtcp(now, utc, out)
                                                                     : connection.publisher.poll_rtcp(now, out);
    if (connection.injector) {
      tell_injector(connection, out.written());
    } else {
      connection.transport.send_rtcp(out.written());
    }
  }
}

void Sfu::Machine::run_sctp(Instant now) {
  if (sctp_.next_timeout() <= now) sctp_.handle_timeout(now);
  while (const auto tag = sctp_.poll_ready()) {
    Connection* connection = directory_.find(*tag);
    if (connection == nullptr) continue;
    guarded(*connection, [&] {
      connection->transport.pump_sctp();
      touch(*connection);
    });
  }
}

void Sfu::Machine::clear_transmits() {
  for (const Transmit& t : egress_.transmits()) {
    counters_.datagrams_out += (t.bytes.size() + t.segment_size - 1) / t.segment_size;
    counters_.bytes_out += t.bytes.size();
  }
  egress_.clear();
  delays_.forget();
}

std::optional<Event> Sfu::Machine::poll_event() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  if (const auto* frame = std::get_if<TapFrame>(&event)) {
    if (TappedTrack* to = taps_.find(frame->tap)) to->tap.note_taken();
  }
  return event;
}

std::optional<BandwidthExplanation> Sfu::Machine::bandwidth(Instant now, TransportId id) const {
  const Connection* connection = directory_.find(id);
  if (connection == nullptr || connection->subscriber.bandwidth() == nullptr) return std::nullopt;
  return connection->subscriber.bandwidth()->explain(now);
}

SfuCounters Sfu::Machine::counters() const {
  SfuCounters result = counters_;
  result.transports = static_cast<std::uint32_t>(directory_.size());
  result.tracks = static_cast<std::uint32_t>(tracks_.size() - mirrors_.size());
  result.mirrors = static_cast<std::uint32_t>(mirrors_.size());
  result.down_tracks = static_cast<std::uint32_t>(down_tracks_.size());
  result.packet_buffers = static_cast<std::uint32_t>(pool_.allocated());
  return result;
}

}  // namespace noir
