#include "dtls/dtls_transport.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "dtls/dtls_association.hpp"

namespace noir {

namespace {

// Attempts at a time: one of the client, one of somebody who forges its address.
constexpr std::size_t kMaxAttempts = 2;
// A hello costs us a signature. As many as this at once, and ten a second from then on: what a client repeats is heard.
constexpr int kMaxNewAttempts = 8;
constexpr Duration kNewAttemptEvery = std::chrono::milliseconds(100);
// From the first wrong certificate until we believe that no right one comes.
constexpr Duration kMismatchLimit = std::chrono::seconds(4);

}  // namespace

DtlsTransport::DtlsTransport(const DtlsContext& context, DtlsRole role)
    : context_(context), role_(role), new_attempts_(kMaxNewAttempts, kNewAttemptEvery) {
  add_attempt();
}

DtlsTransport::~DtlsTransport() = default;

void DtlsTransport::add_attempt() {
  Association& attempt = *attempts_.emplace_back(std::make_unique<Association>(context_, role_));
  attempt.set_remote_fingerprints(expected_);
}

void DtlsTransport::set_role(DtlsRole role) {
  if (role == role_ || handshake_done() || is_over()) return;
  role_ = role;
  attempts_.clear();
  add_attempt();
  note_due();
}

void DtlsTransport::set_remote_fingerprints(const Fingerprints& sha256) {
  if (!expected_.empty()) return;
  expected_ = sha256;
  for (const auto& attempt : attempts_) attempt->set_remote_fingerprints(sha256);
  note_due();
}

void DtlsTransport::start(Instant now) {
  if (is_over() || handshake_done()) return;
  attempts_.front()->start(now);
  settle(now);
  note_due();
}

bool DtlsTransport::handle_datagram(Instant now, ByteSpan datagram) {
  if (is_over()) return false;
  const bool taken = handshake_done() ? attempts_.front()->handle_datagram(now, datagram) : shake_hands(now, datagram);
  note_due();
  return taken;
}

bool DtlsTransport::shake_hands(Instant now, ByteSpan datagram) {
  bool taken = false;
  const ByteSpan hello = role_ == DtlsRole::kServer ? find_client_hello(datagram) : ByteSpan{};
  if (!hello.empty()) {
    Association* attempt = attempt_for(now, hello);
    taken = attempt != nullptr && attempt->handle_datagram(now, datagram);
  } else {
    // Whose this is, only the handshakes can tell.
    for (const auto& attempt : attempts_) taken = attempt->handle_datagram(now, datagram) || taken;
  }
  settle(now);
  return taken;
}

// A client repeats its hello with the same random; another one is somebody else's.
DtlsTransport::Association* DtlsTransport::attempt_for(Instant now, ByteSpan hello) {
  for (const auto& attempt : attempts_) {
    if (attempt->hello().empty() ||
        std::equal(hello.begin(), hello.end(), attempt->hello().begin(), attempt->hello().end()))
      return attempt.get();
  }
  if (!new_attempts_.take(now)) return nullptr;
  if (attempts_.size() == kMaxAttempts) attempts_.pop_back();
  add_attempt();
  return attempts_.back().get();
}

// What a handshake's end means. Before Finished anybody can have brought it about, so the next one may be the right
// one.
void DtlsTransport::settle(Instant now) {
  const auto done =
      std::find_if(attempts_.begin(), attempts_.end(), [](const auto& attempt) { return attempt->handshake_done(); });
  if (done != attempts_.end()) {
    std::swap(attempts_.front(), *done);
    attempts_.resize(1);
    return;
  }
  for (const auto& attempt : attempts_) {
    if (attempt->state() != DtlsState::kNew && give_up_at_ == kNever) give_up_at_ = now + kHandshakeLimit;
    if (attempt->state() == DtlsState::kFailed) failure_ = attempt->failure();
    const bool mismatch = attempt->saw_wrong_certificate() || attempt->failure() == DtlsFailure::kFingerprintMismatch;
    if (mismatch && mismatch_until_ == kNever) mismatch_until_ = now + kMismatchLimit;
  }
  std::erase_if(attempts_, [](const auto& attempt) { return attempt->state() == DtlsState::kFailed; });
  if (!attempts_.empty()) return;
  add_attempt();
  if (role_ == DtlsRole::kClient) restart_at_ = new_attempts_.take(now) ? now : now + kNewAttemptEvery;
}

void DtlsTransport::handle_timeout(Instant now) {
  if (is_over()) return;
  run_timers(now);
  note_due();
}

void DtlsTransport::run_timers(Instant now) {
  if (!handshake_done()) {
    if (now >= give_up_at_) return end(failure_ == DtlsFailure::kNone ? DtlsFailure::kTimeout : failure_);
    if (now >= mismatch_until_) return end(DtlsFailure::kFingerprintMismatch);
    if (now >= restart_at_) {
      restart_at_ = kNever;
      start(now);
    }
  }
  for (const auto& attempt : attempts_) {
    if (attempt->next_timeout() <= now) attempt->handle_timeout(now);
  }
  if (!handshake_done()) settle(now);
}

void DtlsTransport::note_due() {
  due_ = kNever;
  if (is_over()) return;
  if (!handshake_done()) due_ = std::min({give_up_at_, mismatch_until_, restart_at_});
  for (const auto& attempt : attempts_) due_ = std::min(due_, attempt->next_timeout());
}

void DtlsTransport::end(DtlsFailure failure) {
  failure_ = failure;
  attempts_.resize(1);
  attempts_.front()->close();
  ended_ = true;
}

void DtlsTransport::close() {
  attempts_.front()->close();
  note_due();
}

Status DtlsTransport::send_data(ByteSpan data) { return attempts_.front()->send_data(data); }

std::size_t DtlsTransport::next_transmit_size() const {
  for (const auto& attempt : attempts_) {
    if (const std::size_t size = attempt->next_transmit_size()) return size;
  }
  return 0;
}

bool DtlsTransport::poll_transmit(std::vector<std::uint8_t>& datagram) {
  return std::any_of(attempts_.begin(), attempts_.end(),
                     [&](const auto& attempt) { return attempt->poll_transmit(datagram); });
}

bool DtlsTransport::poll_data(std::vector<std::uint8_t>& data) { return attempts_.front()->poll_data(data); }

DtlsState DtlsTransport::state() const {
  if (ended_) return DtlsState::kFailed;
  const DtlsState state = attempts_.front()->state();
  return state == DtlsState::kNew && give_up_at_ != kNever ? DtlsState::kHandshaking : state;
}

DtlsFailure DtlsTransport::failure() const { return handshake_done() ? attempts_.front()->failure() : failure_; }
bool DtlsTransport::handshake_done() const { return attempts_.front()->handshake_done(); }
std::uint64_t DtlsTransport::authentic_datagrams() const { return attempts_.front()->authentic_datagrams(); }
std::optional<SrtpKeys> DtlsTransport::srtp_keys() const { return attempts_.front()->srtp_keys(); }

const char* DtlsTransport::suite() const { return attempts_.front()->suite(); }

std::optional<SrtpProfile> DtlsTransport::srtp_profile() const { return attempts_.front()->srtp_profile(); }

bool DtlsTransport::is_over() const { return state() == DtlsState::kFailed || state() == DtlsState::kClosed; }

}  // namespace noir
