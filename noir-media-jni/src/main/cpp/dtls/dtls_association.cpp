#include "dtls/dtls_association.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "dtls/record.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;

// RFC 6347 §4.2.4.1 proposes 1 s; libwebrtc starts at 50 ms too: a lost flight is seen by a person who waits.
constexpr Duration kFirstRetransmit = milliseconds(50);
constexpr Duration kLongestRetransmit = milliseconds(3200);
// The answer to a repeated last flight; a path's owner may repeat it as often as it likes.
constexpr Duration kLastFlightInterval = milliseconds(40);

// Finished that came before what it closes.
constexpr std::size_t kMaxEarlyRecords = 16;

constexpr std::size_t kMaxKeyMaterial = std::size_t{2} * (32 + 14);  // Keys and salts of both sides.

// RFC 5246 §7.2 and §7.4.
constexpr std::uint8_t kWarning = 1;
constexpr std::uint8_t kFatal = 2;
constexpr std::uint8_t kCloseNotify = 0;
constexpr std::uint8_t kHandshakeFailure = 40;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kFinished = 20;

constexpr std::uint8_t kChangeCipherSpec = 20;  // RFC 5246 §6.2.1.

// OpenSSL's own timer runs on the system's clock and can't be told the time, so it is set to never expire and flights
// are repeated by us.
unsigned int never(SSL* /*ssl*/, unsigned int /*previous_us*/) { return 0x7FFF'FFFFU; }

// The ClientHello as it goes into the hash of the handshake.
void note_message(int is_written, int /*version*/, int content_type, const void* bytes, std::size_t size, SSL* /*ssl*/,
                  void* client_flight) {
  const ByteSpan message(static_cast<const std::uint8_t*>(bytes), size);
  if (is_written != 0 || content_type != RecordProtection::kHandshake || message.empty()) return;
  if (message[0] == kClientHello) static_cast<ClientFlight*>(client_flight)->note_hello(message);
}

std::optional<SrtpProfile> selected_profile(SSL& ssl) {
  const SRTP_PROTECTION_PROFILE* selected = SSL_get_selected_srtp_profile(&ssl);
  if (selected == nullptr) return std::nullopt;
  for (const SrtpProfile profile : kSrtpProfiles) {
    if (selected->id == static_cast<unsigned long>(profile)) return profile;
  }
  return std::nullopt;
}

}  // namespace

DtlsTransport::Association::Association(const DtlsContext& context, DtlsRole role)
    : filter_(role == DtlsRole::kServer), role_(role) {
  ssl_.reset(SSL_new(context.library_->context.get()));
  NOIR_CHECK(ssl_);
  BIO* bio = new_datagram_bio(port_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &identity_);
  (void)SSL_set_mtu(ssl_.get(), static_cast<long>(kLinkMtu));
  DTLS_set_timer_cb(ssl_.get(), never);
  if (role == DtlsRole::kServer) {
    client_flight_ = std::make_unique<ClientFlight>();
    SSL_set_msg_callback(ssl_.get(), note_message);
    SSL_set_msg_callback_arg(ssl_.get(), client_flight_.get());
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
}

DtlsTransport::Association::~Association() {
  if (keys_) OPENSSL_cleanse(&*keys_, sizeof(SrtpKeys));
}

// The only writer of `state_`.
void DtlsTransport::Association::transition_to(DtlsState state) {
  NOIR_CHECK(state > state_ && state_ != DtlsState::kFailed);
  state_ = state;
  if (state == DtlsState::kHandshaking) return;
  retransmit_at_ = kNever;
  give_up_at_ = kNever;
}

void DtlsTransport::Association::fail(DtlsFailure failure) {
  failure_ = failure;
  transition_to(DtlsState::kFailed);
}

void DtlsTransport::Association::set_remote_fingerprints(const Fingerprints& sha256) {
  if (!identity_.expected.empty()) return;
  identity_.expected = sha256;
  filter_.expect_certificate(sha256);
  if (client_flight_) client_flight_->expect_certificate(sha256);
  connect_if_verified();
}

void DtlsTransport::Association::start(Instant now) {
  if (state_ != DtlsState::kNew) return;
  transition_to(DtlsState::kHandshaking);
  give_up_at_ = now + kHandshakeLimit;
  if (role_ == DtlsRole::kClient) advance_handshake(now);
}

bool DtlsTransport::Association::handle_datagram(Instant now, ByteSpan datagram) {
  if (state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) return false;
  if (state_ == DtlsState::kNew && role_ == DtlsRole::kClient) return false;
  const RecordFilter::Verdict verdict = filter_.inspect(datagram, handshake_done_);
  saw_wrong_certificate_ = saw_wrong_certificate_ || verdict.wrong_certificate;
  if (!verdict.bytes.empty()) {
    start(now);
    if (hello_.empty() && role_ == DtlsRole::kServer) {
      const ByteSpan hello = find_client_hello(verdict.bytes);
      hello_.assign(hello.begin(), hello.end());
    }
    if (handshake_done_) {
      read_records(now, verdict.bytes);
    } else if (role_ == DtlsRole::kServer) {
      read_client(now, verdict.bytes);
      if (handshake_done_) client_flight_.reset();
    } else {
      pass(now, verdict.bytes);
    }
  }
  if (verdict.old_handshake) repeat_last_flight(now);
  return !verdict.dropped;
}

// OpenSSL gets from a client what cannot be anybody else's: one hello, the flight once it is verified, and Finished,
// which it verifies itself. Nothing of it by the numbers that its records have: those can be forged, too.
void DtlsTransport::Association::read_client(Instant now, ByteSpan records) {
  for (ByteSpan record = take_record(records); !record.empty(); record = take_record(records)) {
    if (load_be16(record.data() + kRecordEpochOffset) != 0) {
      early_records_.emplace_back(record.begin(), record.end());
      if (early_records_.size() > kMaxEarlyRecords) early_records_.pop_front();
    } else if (record[0] == RecordProtection::kHandshake) {
      read_client_messages(now, record.subspan(kRecordHeaderSize));
    }
    if (state_ != DtlsState::kHandshaking) return;
  }
  if (client_flight_->is_verified() || client_flight_->verify(now)) pass_client_flight(now);
}

// As RecordFilter lets them through: whole fragments.
void DtlsTransport::Association::read_client_messages(Instant now, ByteSpan fragment) {
  ByteReader reader(fragment);
  while (reader.remaining() > 0 && state_ == DtlsState::kHandshaking) {
    const ByteSpan start = fragment.subspan(fragment.size() - reader.remaining());
    HandshakeFragment message;
    message.type = reader.u8();
    message.length = reader.u24();
    message.message_seq = reader.u16();
    message.offset = reader.u24();
    message.body = reader.take(reader.u24());
    if (message.type != kClientHello) {
      client_flight_->add(message);
    } else if (message.message_seq == 0 && !client_flight_->is_awaited()) {
      pass_record(now, RecordProtection::kHandshake, start.first(start.size() - reader.remaining()));
    }
  }
}

void DtlsTransport::Association::pass_client_flight(Instant now) {
  constexpr std::array<std::uint8_t, 1> kChange{1};
  const bool first = !std::exchange(flight_passed_, true);
  for (const auto& message : client_flight_->messages()) {
    if (first) pass_record(now, RecordProtection::kHandshake, message);
  }
  if (first) pass_record(now, kChangeCipherSpec, kChange);
  for (const auto& record : std::exchange(early_records_, {})) pass(now, record);
}

void DtlsTransport::Association::pass_record(Instant now, std::uint8_t type, ByteSpan fragment) {
  std::vector<std::uint8_t> record(kRecordHeaderSize);
  record[0] = type;
  store_be16(record.data() + 1, DTLS1_2_VERSION);
  store_be32(record.data() + kRecordSequenceOffset + 2, passed_records_++);
  store_be16(record.data() + kRecordLengthOffset, static_cast<std::uint16_t>(fragment.size()));
  record.insert(record.end(), fragment.begin(), fragment.end());
  pass(now, record);
}

void DtlsTransport::Association::pass(Instant now, ByteSpan datagram) {
  if (state_ != DtlsState::kHandshaking || handshake_done_) return;
  port_.incoming = datagram;
  advance_handshake(now);
  port_.incoming = {};
}

void DtlsTransport::Association::handle_timeout(Instant now) {
  if (now >= give_up_at_) {
    fail(DtlsFailure::kTimeout);
    return;
  }
  if (now < retransmit_at_) return;
  // Unless it still waits to go out for the first time.
  if (outbox_position_ == outbox_.size()) {
    for (const auto& datagram : flight_) send(datagram);
  }
  retransmit_interval_ = std::min(retransmit_interval_ * 2, kLongestRetransmit);
  retransmit_at_ = now + retransmit_interval_;
}

void DtlsTransport::Association::advance_handshake(Instant now) {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    handshake_done_ = true;
    ++authentic_datagrams_;
    send_flight(now);
    finish_handshake();
    return;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) {
    send_flight(now);
    return;
  }
  fail(identity_.is_refused() ? DtlsFailure::kFingerprintMismatch : DtlsFailure::kHandshake);
}

// What OpenSSL is needed for is done. It has read nothing but handshake messages: RecordFilter kept the rest away.
void DtlsTransport::Association::finish_handshake() {
  retransmit_at_ = kNever;
  protection_ = RecordProtection::take_over(*ssl_, role_ == DtlsRole::kClient, flight_);
  export_keys();
  ssl_.reset();
  // Only a server answers a repeated flight with its last one.
  if (role_ == DtlsRole::kClient) flight_ = {};
  if (!protection_) return fail(DtlsFailure::kHandshake);
  connect_if_verified();
}

void DtlsTransport::Association::connect_if_verified() {
  if (!handshake_done_ || identity_.expected.empty() || state_ != DtlsState::kHandshaking) return;
  if (!identity_.is_verified()) {
    send_close_notify();
    fail(DtlsFailure::kFingerprintMismatch);
    return;
  }
  transition_to(DtlsState::kConnected);
}

// RFC 5764 §4.2: client key, server key, client salt, server salt.
void DtlsTransport::Association::export_keys() {
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  const std::optional<SrtpProfile> profile = selected_profile(*ssl_);
  if (!profile) return;
  const std::size_t key_size = srtp_key_size(*profile);
  const std::size_t salt_size = srtp_salt_size(*profile);
  std::array<std::uint8_t, kMaxKeyMaterial> material{};
  NOIR_CHECK(SSL_export_keying_material(ssl_.get(), material.data(), 2 * (key_size + salt_size), kLabel.data(),
                                        kLabel.size(), nullptr, 0, 0) == 1);
  SrtpKeys& keys = keys_.emplace();
  keys.profile = *profile;
  const bool client = role_ == DtlsRole::kClient;
  const std::uint8_t* p = material.data();
  std::copy_n(p, key_size, client ? keys.local_key.data() : keys.remote_key.data());
  std::copy_n(p + key_size, key_size, client ? keys.remote_key.data() : keys.local_key.data());
  p += 2 * key_size;
  std::copy_n(p, salt_size, client ? keys.local_salt.data() : keys.remote_salt.data());
  std::copy_n(p + salt_size, salt_size, client ? keys.remote_salt.data() : keys.local_salt.data());
  OPENSSL_cleanse(material.data(), material.size());
}

// Whole records, as RecordFilter lets them through.
void DtlsTransport::Association::read_records(Instant now, ByteSpan records) {
  bool any = false;
  for (ByteSpan sealed = take_record(records); !sealed.empty(); sealed = take_record(records)) {
    auto record = protection_->open(sealed);
    if (!record) continue;
    if (!std::exchange(any, true)) ++authentic_datagrams_;
    switch (record->type) {
      case RecordProtection::kApplicationData:
        // Before the fingerprint is known these are the words of a stranger.
        if (state_ == DtlsState::kConnected) inbox_.push_back(std::move(record->content));
        break;
      case RecordProtection::kHandshake:
        // The client's Finished in a new record. Renegotiation, which is the other reason, is not answered.
        if (!record->content.empty() && record->content[0] == kFinished) repeat_last_flight(now);
        break;
      case RecordProtection::kAlert:
        handle_alert(record->content);
        break;
      default:
        break;
    }
    if (state_ != DtlsState::kHandshaking && state_ != DtlsState::kConnected) return;
  }
}

// RFC 5246 §7.2: level and description.
void DtlsTransport::Association::handle_alert(ByteSpan alert) {
  if (alert.size() != 2) return;
  if (alert[1] == kCloseNotify) {
    send_close_notify();  // RFC 5246 §7.2.1: answer with our own.
    transition_to(DtlsState::kClosed);
  } else if (alert[0] == kFatal) {
    fail(DtlsFailure::kHandshake);
  }
}

void DtlsTransport::Association::send_close_notify() {
  constexpr std::array<std::uint8_t, 2> kAlert{kWarning, kCloseNotify};
  auto record = protection_->seal(RecordProtection::kAlert, kAlert);
  if (!record.empty()) outbox_.push_back(std::move(record));
}

void DtlsTransport::Association::close() {
  if (state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) return;
  if (protection_) {
    send_close_notify();
  } else if (state_ == DtlsState::kHandshaking) {
    send_refusal();
  }
  transition_to(DtlsState::kClosed);
}

// In clear text, as everything before Finished.
void DtlsTransport::Association::send_refusal() {
  std::vector<std::uint8_t> record(kRecordHeaderSize + 2);
  record[0] = RecordProtection::kAlert;
  store_be16(record.data() + 1, DTLS1_2_VERSION);
  store_be16(record.data() + kRecordLengthOffset, 2);
  record[kRecordHeaderSize] = kFatal;
  record[kRecordHeaderSize + 1] = kHandshakeFailure;
  send(std::move(record));
}

Status DtlsTransport::Association::send_data(ByteSpan data) {
  if (state_ != DtlsState::kConnected) return ErrorCode::kWrongState;
  if (data.empty() || data.size() > kMaxDataSize) return ErrorCode::kInvalidArgument;
  auto record = protection_->seal(RecordProtection::kApplicationData, data);
  if (record.empty()) return ErrorCode::kCrypto;
  outbox_.push_back(std::move(record));
  return kOk;
}

// A new flight replaces the one before: that its answer has come is why OpenSSL went on.
void DtlsTransport::Association::send_flight(Instant now) {
  if (port_.outgoing.empty()) return;
  if (client_flight_ && !client_flight_->is_awaited()) client_flight_->note_flight(port_.outgoing);
  flight_ = port_.outgoing;
  send_written();
  retransmit_interval_ = kFirstRetransmit;
  retransmit_at_ = now + retransmit_interval_;
}

void DtlsTransport::Association::send_written() {
  for (auto& datagram : port_.outgoing) send(std::move(datagram));
  port_.outgoing = {};
}

// RFC 6347 §4.2.4: a repeated message travels in a new record. In clear text we can give it one; a repeated Finished
// goes out as it was, which is why `repeat_last_flight` exists on the other side.
void DtlsTransport::Association::send(std::vector<std::uint8_t> datagram) {
  std::size_t position = 0;
  while (position + kRecordHeaderSize <= datagram.size()) {
    std::uint8_t* record = datagram.data() + position;
    if (load_be16(record + kRecordEpochOffset) == 0) {
      store_be16(record + kRecordSequenceOffset, 0);
      store_be32(record + kRecordSequenceOffset + 2, static_cast<std::uint32_t>(plaintext_sequence_++));
    }
    position += kRecordHeaderSize + load_be16(record + kRecordLengthOffset);
  }
  outbox_.push_back(std::move(datagram));
}

// The client repeats its last flight, so ours was lost. Its Finished may come in a new record, which we can open, or
// in the same one, a replay; then it is its messages in clear text that tell.
void DtlsTransport::Association::repeat_last_flight(Instant now) {
  if (outbox_position_ < outbox_.size() || now < last_flight_not_before_) return;
  last_flight_not_before_ = now + kLastFlightInterval;
  for (const auto& datagram : flight_) send(datagram);
}

bool DtlsTransport::Association::poll_transmit(std::vector<std::uint8_t>& datagram) {
  if (outbox_position_ == outbox_.size()) {
    outbox_ = {};
    outbox_position_ = 0;
    return false;
  }
  datagram = std::move(outbox_[outbox_position_++]);
  return true;
}

bool DtlsTransport::Association::poll_data(std::vector<std::uint8_t>& data) {
  if (inbox_position_ == inbox_.size()) {
    inbox_ = {};
    inbox_position_ = 0;
    return false;
  }
  data = std::move(inbox_[inbox_position_++]);
  return true;
}

std::optional<SrtpKeys> DtlsTransport::Association::srtp_keys() const {
  return state_ == DtlsState::kConnected ? keys_ : std::nullopt;
}

std::optional<SrtpProfile> DtlsTransport::Association::srtp_profile() const {
  return state_ == DtlsState::kConnected && keys_ ? std::optional(keys_->profile) : std::nullopt;
}

}  // namespace noir
