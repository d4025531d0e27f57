#include "stun/ice_controlling.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPacing = milliseconds(50);          // RFC 8445 §14.2: Ta.
constexpr Duration kFirstInterval = milliseconds(500);  // RFC 8445 §14.3: RTO.
constexpr int kMaxSends = 7;                            // RFC 8489 §6.2.1: Rc.
constexpr Duration kConsentExpiry = seconds(30);        // RFC 7675 §5.1.
constexpr std::int64_t kMinConsentInterval_ms = 4000;   // RFC 7675 §5.1: 5 s, randomised by ± 20 %.
constexpr std::int64_t kMaxConsentInterval_ms = 6000;
constexpr std::size_t kMaxQueued = 64;
// RFC 8445 §5.1.2.1: type preference 110 (peer reflexive), local preference 65535, component 1.
constexpr std::uint32_t kPriority = (110U << 24) | (65535U << 8) | 255U;

ByteSpan bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

IceControlling::IceControlling(IceCredentials local, IceCredentials remote, std::vector<Path> candidates,
                               std::uint64_t random_seed)
    : local_(std::move(local)),
      remote_(std::move(remote)),
      candidates_(std::move(candidates)),
      random_(random_seed),
      tie_breaker_(random_()),
      local_key_(bytes_of(local_.pwd)),
      remote_key_(bytes_of(remote_.pwd)) {}

void IceControlling::start(Instant now) {
  if (state_ != State::kNew) return;
  state_ = State::kChecking;
  begin_checks(now);
}

void IceControlling::restart(Instant now, IceCredentials local, IceCredentials remote, std::vector<Path> candidates) {
  local_ = std::move(local);
  remote_ = std::move(remote);
  candidates_ = std::move(candidates);
  local_key_ = HmacSha1(bytes_of(local_.pwd));
  remote_key_ = HmacSha1(bytes_of(remote_.pwd));
  // Consent of the old pair went with its credentials; 30 s are long enough for the new one.
  next_consent_check_ = kNever;
  checks_.clear();
  if (state_ != State::kConnected) state_ = State::kChecking;
  begin_checks(now);
}

void IceControlling::begin_checks(Instant now) {
  Instant at = now;
  for (const Path& path : candidates_) {
    begin_check(at, path, Purpose::kConnectivity);
    at += kPacing;
  }
  handle_timeout(now);
}

void IceControlling::begin_check(Instant at, const Path& path, Purpose purpose) {
  Check check;
  check.path = path;
  check.purpose = purpose;
  store_be64(check.transaction.data(), random_());
  store_be32(check.transaction.data() + 8, static_cast<std::uint32_t>(random_()));
  check.next_send = at;
  check.interval = kFirstInterval;
  checks_.push_back(check);
}

void IceControlling::send_check(Instant now, Check& check) {
  std::array<std::uint8_t, 700> buffer{};  // Two ufrags of 256 characters and the rest.
  StunWriter writer(buffer, StunClass::kRequest, kStunBinding, check.transaction);
  writer.username(remote_.ufrag + ":" + local_.ufrag);
  writer.attribute_u64(StunAttribute::kIceControlling, tie_breaker_);
  writer.attribute_u32(StunAttribute::kPriority, kPriority);
  if (check.purpose != Purpose::kConnectivity) writer.attribute(StunAttribute::kUseCandidate, {});
  writer.message_integrity(remote_key_);
  const std::size_t size = writer.finish();
  NOIR_CHECK(size > 0);
  if (out_.size() < kMaxQueued) {
    out_.push_back({check.path, {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)}});
  }
  ++check.sent;
  // RFC 7675 §5.1: a consent check is not repeated, the next one follows.
  check.next_send = now + (check.purpose == Purpose::kConsent ? kConsentExpiry : check.interval);
  check.interval *= 2;
}

bool IceControlling::handle_datagram(Instant now, const Path& path, ByteSpan datagram) {
  if (!looks_like_stun(datagram)) return false;
  const auto message = parse_stun(datagram);
  if (!message || message->method != kStunBinding) return true;
  switch (message->message_class) {
    case StunClass::kRequest:
      answer_request(path, *message);
      break;
    case StunClass::kSuccess:
    case StunClass::kError:
      handle_response(now, path, *message);
      break;
    case StunClass::kIndication:
      break;
  }
  return true;
}

// RFC 8445 §7.2.5: an error or a wrong source changes nothing; the check is repeated until its time is over.
void IceControlling::handle_response(Instant now, const Path& path, const StunMessage& response) {
  const auto found = std::find_if(checks_.begin(), checks_.end(), [&](const Check& c) {
    return c.sent > 0 && c.transaction == response.transaction && c.path == path;
  });
  if (found == checks_.end() || response.message_class != StunClass::kSuccess) return;
  if (!verify_integrity(response, remote_key_)) return;
  const Check check = *found;
  checks_.erase(found);
  handle_success(now, check);
}

void IceControlling::handle_success(Instant now, const Check& check) {
  switch (check.purpose) {
    case Purpose::kConnectivity:
      drop_checks(Purpose::kConnectivity);
      begin_check(now, check.path, Purpose::kNomination);
      handle_timeout(now);
      break;
    case Purpose::kNomination:
      drop_checks(Purpose::kNomination);
      selected_ = check.path;
      state_ = State::kConnected;
      [[fallthrough]];
    case Purpose::kConsent:
      last_consent_ = now;
      if (next_consent_check_ == kNever) next_consent_check_ = now + milliseconds(kMinConsentInterval_ms);
      break;
  }
}

void IceControlling::answer_request(const Path& path, const StunMessage& request) {
  if (username_local_ufrag(request) != local_.ufrag || !verify_integrity(request, local_key_)) return;
  std::array<std::uint8_t, 128> buffer{};
  StunWriter writer(buffer, StunClass::kSuccess, request.method, request.transaction);
  writer.xor_mapped_address(path.remote);
  writer.message_integrity(local_key_);
  const std::size_t size = writer.finish();
  if (out_.size() < kMaxQueued) {
    out_.push_back({path, {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)}});
  }
}

void IceControlling::drop_checks(Purpose purpose) {
  std::erase_if(checks_, [purpose](const Check& c) { return c.purpose == purpose; });
}

bool IceControlling::is_establishing() const {
  return std::any_of(checks_.begin(), checks_.end(), [](const Check& c) { return c.purpose != Purpose::kConsent; });
}

void IceControlling::fail() {
  state_ = State::kFailed;
  selected_.reset();
  checks_.clear();
  next_consent_check_ = kNever;
}

void IceControlling::handle_timeout(Instant now) {
  if (state_ == State::kNew || state_ == State::kFailed) return;
  if (now >= next_consent_check_) {
    std::uniform_int_distribution<std::int64_t> interval_ms(kMinConsentInterval_ms, kMaxConsentInterval_ms);
    next_consent_check_ = now + milliseconds(interval_ms(random_));
    begin_check(now, *selected_, Purpose::kConsent);
  }
  std::erase_if(checks_, [now](const Check& c) {
    const bool is_last = c.sent == kMaxSends || (c.purpose == Purpose::kConsent && c.sent == 1);
    return is_last && now >= c.next_send;
  });
  for (Check& check : checks_) {
    if (now >= check.next_send) send_check(now, check);
  }
  const bool expired = state_ == State::kConnected && now - last_consent_ >= kConsentExpiry;
  if (expired || (state_ == State::kChecking && !is_establishing())) fail();
}

Instant IceControlling::next_timeout() const {
  if (state_ == State::kNew || state_ == State::kFailed) return kNever;
  Instant next = next_consent_check_;
  for (const Check& check : checks_) next = std::min(next, check.next_send);
  if (state_ == State::kConnected) next = std::min(next, last_consent_ + kConsentExpiry);
  return next;
}

std::optional<IceControlling::Transmit> IceControlling::poll_transmit() {
  if (out_.empty()) return std::nullopt;
  Transmit transmit = std::move(out_.front());
  out_.pop_front();
  return transmit;
}

}  // namespace noir
