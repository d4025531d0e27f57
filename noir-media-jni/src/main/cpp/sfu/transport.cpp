#include "sfu/transport.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sfu/local_socket.hpp"

namespace noir {

namespace {

using std::chrono::seconds;

// From opening to a finished DTLS handshake; a client that never comes must not stay for ever.
constexpr Duration kHandshakeLimit = seconds(30);
// Browsers check a nominated pair every 2.5 s (Chromium), or 5 s give or take a fifth (Firefox, RFC 7675 §5.1): at 6 s
// a listener without media would be restarted now and then for nothing.
constexpr Duration kDisconnectedAfter = seconds(8);
// RFC 7675 §5.1: consent expires after 30 s.
constexpr Duration kConsentLimit = seconds(30);
constexpr std::size_t kMaxEarlyMessages = 16;  // Per channel.

}  // namespace

Transport::Transport(TransportContext& context, Instant now, const TransportParams& params, std::uint16_t first_number)
    : context_(context),
      role_(params.role),
      next_number_(first_number),
      ice_(IceCredentials{params.local_ufrag, params.local_pwd}),
      dtls_(context.dtls, DtlsRole::kServer),
      state_(params.role == TransportRole::kInjector ? TransportState::kConnected : TransportState::kConnecting),
      handshake_deadline_(now + kHandshakeLimit),
      last_alive_(now) {}

void Transport::set_remote(Instant now, const RemoteParams& params) {
  ice_.set_remote({params.ufrag, params.pwd});
  dtls_.set_role(params.passive ? DtlsRole::kClient : DtlsRole::kServer);
  dtls_.set_remote_fingerprints(params.fingerprints);
  remote_is_known_ = true;
  open_early_channels();
  send_checks(now);
  start_dtls(now);
  pump_dtls();
}

// RFC 8842 §6: not before a check has passed.
void Transport::start_dtls(Instant now) {
  if (dtls_.role() != DtlsRole::kClient || dtls_.state() != DtlsState::kNew || ice_.paths().empty()) return;
  if (!dtls_path_) dtls_path_ = ice_.paths().front().path;
  dtls_.start(now);
}

void Transport::restart_ice(Instant now, IceCredentials local) {
  ice_.restart(std::move(local));
  // The client needs time to gather and check anew before silence means that it is gone.
  last_alive_ = now;
}

Result<std::uint16_t> Transport::open_channel(std::string_view label, bool ordered) {
  if (state_ == TransportState::kClosed) return ErrorCode::kWrongState;
  if (!remote_is_known_) return open_early_channel(label, ordered);
  if (!sctp_) open_association();
  auto stream = sctp_->open_channel(label, ordered);
  pump_sctp();
  if (!stream) return stream.error();
  return mapped(*stream);
}

void Transport::open_association() {
  sctp_ = std::make_unique<SctpAssociation>(context_.sctp,
                                            SctpParams{.tag = id_,
                                                       .dtls_client = dtls_.role() == DtlsRole::kClient,
                                                       .max_message_bytes = context_.limits.max_message_bytes,
                                                       .max_channels = context_.limits.max_channels_per_transport});
  if (dtls_.state() == DtlsState::kConnected) sctp_->connect();
}

// An association gives the first channels the highest streams of its side.
Result<std::uint16_t> Transport::open_early_channel(std::string_view label, bool ordered) {
  if (early_channels_.size() >= context_.limits.max_channels_per_transport) return ErrorCode::kLimitExceeded;
  early_channels_.push_back({std::string(label), ordered, {}});
  return static_cast<std::uint16_t>(2 * (context_.limits.max_channels_per_transport - early_channels_.size()) + 1);
}

void Transport::open_early_channels() {
  for (const EarlyChannel& channel : std::exchange(early_channels_, {})) {
    const auto stream = open_channel(channel.label, channel.ordered);
    for (const auto& message : channel.messages) {
      if (stream) (void)send(*stream, message.binary, std::make_shared<std::vector<std::uint8_t>>(message.bytes));
    }
  }
}

Status Transport::send_early(std::uint16_t stream, bool binary, ByteSpan message) {
  const std::size_t index = context_.limits.max_channels_per_transport - 1 - stream / 2U;
  if (stream % 2 == 0 || index >= early_channels_.size()) return ErrorCode::kNotFound;
  auto& messages = early_channels_[index].messages;
  if (messages.size() >= kMaxEarlyMessages || message.size() > context_.limits.max_message_bytes) {
    return ErrorCode::kLimitExceeded;
  }
  messages.push_back({binary, {message.begin(), message.end()}});
  return kOk;
}

std::uint16_t Transport::mapped(std::uint16_t stream) const {
  return dtls_.role() == DtlsRole::kClient ? static_cast<std::uint16_t>(stream ^ 1U) : stream;
}

Status Transport::send(std::uint16_t stream, bool binary, const SharedBytes& message) {
  if (!remote_is_known_) return send_early(stream, binary, *message);
  if (!sctp_) return ErrorCode::kNotFound;
  auto status = sctp_->send(mapped(stream), binary, message);
  pump_sctp();
  return status;
}

Status Transport::close_channel(std::uint16_t stream) {
  if (!sctp_) return ErrorCode::kNotFound;
  auto status = sctp_->close_channel(mapped(stream));
  pump_sctp();
  return status;
}

void Transport::shut_down() {
  if (state_ == TransportState::kClosed) return;
  if (sctp_) {
    sctp_->close();
    pump_sctp();
  }
  dtls_.close();
  send_dtls();
  sctp_.reset();
  sender_.reset();
  receiver_.reset();
  state_ = TransportState::kClosed;
}

void Transport::fail(CloseReason reason) {
  if (state_ == TransportState::kClosed) return;
  transition_to(TransportState::kClosed, reason);
}

bool Transport::handle_check(Instant now, const Path& path, const StunMessage& request) {
  const auto room = context_.egress.reserve();
  const IceLite::Answer answer = ice_.handle_request(now, path, request, room);
  if (answer.size == 0) {
    ++context_.counters.dropped_stun;
    return false;
  }
  context_.egress.commit(path, answer.size);
  if (answer.path == nullptr) return false;
  if (is_tcp(path.local) && !answer.path->is_proven()) ice_.accept_connection(now, *answer.path);
  note_heard(now, *answer.path);
  update_connected();
  send_checks(now);
  start_dtls(now);
  send_dtls();
  return true;
}

bool Transport::handle_answer(Instant now, const Path& path, const StunMessage& response) {
  IcePath* proven = ice_.handle_response(now, path, response);
  if (proven == nullptr) {
    ++context_.counters.dropped_stun;
    return false;
  }
  note_heard(now, *proven);
  send_dtls();
  return true;
}

// RFC 8445 §11: who has nothing else to send keeps the path alive by these, libnice by nothing else. Nobody vouches for
// them, so an unproven path gains nothing but their bytes.
void Transport::handle_indication(Instant now, const Path& path, const StunMessage& indication) {
  IcePath* known = ice_.find(path);
  if (known == nullptr) {
    ++context_.counters.dropped_stun;
    return;
  }
  known->note_received(indication.bytes.size());
  if (known->is_proven()) note_heard(now, *known);
}

void Transport::want_proof(Instant now, const Path& path) {
  IcePath* known = ice_.find(path);
  if (known == nullptr) return;
  ice_.want_proof(now, *known);
  send_checks(now);
}

void Transport::send_checks(Instant now) {
  while (true) {
    std::array<std::uint8_t, IceLite::kMaxCheckSize> bytes{};
    const IceLite::Check check = ice_.poll_check(now, id_, bytes);
    if (check.size == 0) return;
    context_.egress.append(check.path, ByteSpan(bytes).first(check.size));
  }
}

void Transport::handle_dtls(Instant now, const Path& path, ByteSpan datagram) {
  // RFC 8842 §6, and the ClientHello race of many servers: nobody talks DTLS to us before ICE has vouched for him.
  IcePath* from = ice_.find(path);
  if (state_ == TransportState::kClosed || from == nullptr) {
    ++context_.counters.dropped_dtls;
    return;
  }
  from->note_received(datagram.size());
  dtls_path_ = path;
  const std::uint64_t authentic = dtls_.authentic_datagrams();
  const bool was_done = dtls_.handshake_done();
  if (!dtls_.handle_datagram(now, datagram)) ++context_.counters.dropped_dtls;
  if (dtls_.authentic_datagrams() != authentic) {
    // The client's Finished answers our flight: whoever has sent it has got that, if it went there and nowhere else.
    if (!was_done && flight_path_ == path && !flight_scattered_) ice_.prove(now, *from);
    note_heard(now, *from);
  }
  pump_dtls();
}

Result<std::size_t> Transport::unprotect_rtp(Instant now, const Path& path, MutableByteSpan packet) {
  IcePath* from = receiver_ ? ice_.find(path) : nullptr;
  if (from == nullptr) return ErrorCode::kWrongState;
  from->note_received(packet.size());
  auto size = receiver_->unprotect(packet);
  if (size) note_heard(now, *from);
  return size;
}

Result<std::size_t> Transport::unprotect_rtcp(Instant now, const Path& path, MutableByteSpan packet) {
  IcePath* from = receiver_ ? ice_.find(path) : nullptr;
  if (from == nullptr) return ErrorCode::kWrongState;
  from->note_received(packet.size());
  auto size = receiver_->unprotect_rtcp(packet);
  if (size) note_heard(now, *from);
  return size;
}

void Transport::send_rtcp(ByteSpan compound) {
  auto run = begin_media(nullptr);
  if (run && !compound.empty()) run->send_rtcp(compound);
}

void Transport::pump_sctp() {
  if (!sctp_) return;
  while (sctp_->poll_transmit(scratch_)) {
    if (!dtls_.send_data(scratch_)) ++context_.counters.dropped_sctp;
  }
  send_dtls();
  while (auto event = sctp_->poll_event()) on_sctp_event(std::move(*event));
}

void Transport::handle_timeout(Instant now) {
  if (state_ == TransportState::kClosed || role_ == TransportRole::kInjector) return;
  if (ice_.next_timeout() <= now) {
    ice_.handle_timeout(now);
    send_checks(now);
  }
  if (dtls_.next_timeout() <= now) {
    dtls_.handle_timeout(now);
    pump_dtls();
  }
  if (state_ == TransportState::kConnecting && now >= handshake_deadline_) {
    fail(dtls_.failure() == DtlsFailure::kNone ? CloseReason::kHandshakeTimeout : dtls_close_reason());
  } else if (state_ != TransportState::kConnecting && now >= last_alive_ + kConsentLimit) {
    fail(CloseReason::kConsentExpired);
  } else if (state_ == TransportState::kConnected && now >= last_alive_ + kDisconnectedAfter) {
    transition_to(TransportState::kDisconnected, CloseReason::kNone);
  }
}

Instant Transport::next_timeout() const {
  if (role_ == TransportRole::kInjector) return kNever;
  const Instant next = std::min(ice_.next_timeout(), dtls_.next_timeout());
  switch (state_) {
    case TransportState::kConnecting:
      return std::min(handshake_deadline_, next);
    case TransportState::kConnected:
      return std::min(last_alive_ + kDisconnectedAfter, next);
    case TransportState::kDisconnected:
      return std::min(last_alive_ + kConsentLimit, next);
    case TransportState::kClosed:
      return kNever;
  }
  return kNever;
}

// The edges stand in the table of the header; kClosed has none.
void Transport::transition_to(TransportState next, CloseReason reason) {
  NOIR_CHECK(state_ != TransportState::kClosed && next != state_);
  NOIR_CHECK(next != TransportState::kConnecting);
  state_ = next;
  context_.events.emplace_back(TransportStateChanged{id_, next, reason});
}

// What proves that the client is there: authenticated checks, records and media, where media goes or is to go. What
// comes from elsewhere says nothing of who receives ours (RFC 7675 §5.1).
void Transport::note_heard(Instant now, IcePath& path) {
  path.heard = now;
  if (!path.in_use) return;
  last_alive_ = now;
  if (state_ == TransportState::kDisconnected) transition_to(TransportState::kConnected, CloseReason::kNone);
}

void Transport::pump_dtls() {
  check_dtls_state();
  while (dtls_.poll_data(scratch_)) {
    if (!sctp_) open_association();
    sctp_->handle_packet(scratch_);
  }
  pump_sctp();
  send_dtls();
  check_dtls_state();
}

// What the path does not get yet stays in the outbox: the next datagram from there, or its proof, sends it.
void Transport::send_dtls() {
  const std::optional<Path>& path = ice_.outlet() ? ice_.outlet() : dtls_path_;
  IcePath* to = path ? ice_.find(*path) : nullptr;
  if (to == nullptr) return;
  while (const std::size_t size = dtls_.next_transmit_size()) {
    if (!to->take(size)) {
      context_.counters.bytes_held_back += size;
      return;
    }
    (void)dtls_.poll_transmit(scratch_);
    context_.egress.append(to->path, scratch_);
    if (dtls_.handshake_done()) continue;
    if (flight_path_ && flight_path_ != to->path) flight_scattered_ = true;
    flight_path_ = to->path;
  }
}

void Transport::check_dtls_state() {
  if (state_ == TransportState::kClosed) return;
  switch (dtls_.state()) {
    case DtlsState::kNew:
    case DtlsState::kHandshaking:
      return;
    case DtlsState::kConnected:
      if (!is_established_) on_dtls_connected();
      return;
    case DtlsState::kFailed:
    case DtlsState::kClosed:
      send_dtls();
      fail(dtls_close_reason());
      return;
  }
}

void Transport::on_dtls_connected() {
  is_established_ = true;
  // Without a common SRTP profile there are data channels alone: the client's choice.
  if (const auto keys = dtls_.srtp_keys()) {
    auto sender = SrtpSender::create(keys->profile, keys->local_key, keys->local_salt);
    auto receiver = SrtpReceiver::create(keys->profile, keys->remote_key, keys->remote_salt);
    NOIR_CHECK(sender.ok() && receiver.ok());
    sender_ = std::move(*sender);
    receiver_ = std::move(*receiver);
  }
  if (sctp_) sctp_->connect();
  update_connected();
}

void Transport::update_connected() {
  if (state_ == TransportState::kConnecting && is_established_ && ice_.outlet()) {
    transition_to(TransportState::kConnected, CloseReason::kNone);
  }
}

void Transport::on_sctp_event(SctpEvent event) {
  if (auto* opened = std::get_if<SctpChannelOpened>(&event)) {
    if (opened->opened_by_peer) {
      context_.events.emplace_back(
          ChannelOpened{id_, mapped(opened->stream), std::move(opened->label), opened->reliable});
    }
  } else if (auto* closed = std::get_if<SctpChannelClosed>(&event)) {
    if (closed->end == ChannelEnd::kTooSlow) ++context_.counters.channels_too_slow;
    context_.events.emplace_back(ChannelClosed{id_, mapped(closed->stream), closed->end});
  } else if (auto* message = std::get_if<SctpMessage>(&event)) {
    context_.events.emplace_back(
        ChannelMessage{id_, mapped(message->stream), message->binary, std::move(message->bytes)});
  }
}

CloseReason Transport::dtls_close_reason() const {
  switch (dtls_.failure()) {
    case DtlsFailure::kNone:
      return CloseReason::kDtlsClosed;
    case DtlsFailure::kHandshake:
      return CloseReason::kDtlsFailed;
    case DtlsFailure::kFingerprintMismatch:
      return CloseReason::kFingerprintMismatch;
    case DtlsFailure::kTimeout:
      return CloseReason::kHandshakeTimeout;
  }
  return CloseReason::kDtlsFailed;
}

}  // namespace noir
