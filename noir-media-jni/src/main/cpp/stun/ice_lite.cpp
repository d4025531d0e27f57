#include "stun/ice_lite.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <chrono>

#include "base/check.hpp"

namespace noir {

namespace {

// How long a lower-priority nomination cannot replace a higher one. libwebrtc repeats USE-CANDIDATE on a pair it has
// moved to at least every 2.5 s, nICEr nominates everything within its first checks.
constexpr Duration kNominationBurst = std::chrono::seconds(1);

// Of our own checks: sooner than RFC 8445 §14.3's 500 ms, for media or a handshake waits for the answer; each twice as
// long after the one before. When these are sent, the client's next check begins anew.
constexpr Duration kFirstInterval = std::chrono::milliseconds(100);
constexpr std::uint8_t kMaxChecks = 7;
// RFC 8445 §5.1.2.1: a host candidate's, local preference 65535, component 1; nothing is chosen by it.
constexpr std::uint32_t kPriority = (126U << 24) | (65535U << 8) | 255U;

StunTransactionId new_transaction(std::uint32_t tag) {
  StunTransactionId transaction{};
  NOIR_CHECK(RAND_bytes(transaction.data() + 4, static_cast<int>(transaction.size() - 4)) == 1);
  store_be32(transaction.data(), tag ^ load_be32(transaction.data() + 4));
  return transaction;
}

ByteSpan password_of(const IceCredentials& credentials) {
  return {reinterpret_cast<const std::uint8_t*>(credentials.pwd.data()), credentials.pwd.size()};
}

// An unauthenticated request must not make us send more than it brought (reflection towards a spoofed source).
std::size_t refuse_unauthenticated(const StunMessage& request, std::uint16_t code, std::string_view reason,
                                   MutableByteSpan out) {
  StunWriter writer(out, StunClass::kError, request.method, request.transaction);
  writer.error_code(code, reason);
  const std::size_t size = writer.finish();
  return size <= request.bytes.size() ? size : 0;
}

std::size_t refuse_unknown_attributes(const StunMessage& request, HmacSha1& key, MutableByteSpan out) {
  StunWriter writer(out, StunClass::kError, request.method, request.transaction);
  writer.error_code(420, "Unknown Attribute");
  writer.unknown_attributes(std::span(request.unknown_required).first(request.unknown_required_count));
  writer.message_integrity(key);
  return writer.finish();
}

std::size_t refuse_role(const StunMessage& request, HmacSha1& key, MutableByteSpan out) {
  StunWriter writer(out, StunClass::kError, request.method, request.transaction);
  writer.error_code(487, "Role Conflict");
  writer.message_integrity(key);
  return writer.finish();
}

std::size_t accept(const Path& path, const StunMessage& request, HmacSha1& key, MutableByteSpan out) {
  StunWriter writer(out, StunClass::kSuccess, request.method, request.transaction);
  writer.xor_mapped_address(path.remote);
  writer.message_integrity(key);
  return writer.finish();
}

}  // namespace

IceLite::IceLite(IceCredentials local) : current_(make_generation(1, std::move(local))) {}

IceLite::Generation IceLite::make_generation(std::uint32_t number, IceCredentials local) {
  Generation generation;
  generation.number = number;
  generation.key = std::make_unique<HmacSha1>(password_of(local));
  generation.local = std::move(local);
  return generation;
}

void IceLite::set_remote(IceCredentials remote) { current_.remote = std::move(remote); }

void IceLite::restart(IceCredentials local) {
  const std::uint32_t number = current_.number + 1;
  // A generation that nominated nothing carries nothing: then the one before it stays the one to fall back on.
  if (!previous_ || selected_generation_ == current_.number) previous_ = std::move(current_);
  current_ = make_generation(number, std::move(local));
}

// RFC 8445 §7.3: USERNAME is our ufrag, a colon and theirs. Theirs may not have reached us yet: checks can overtake
// the answer; the password that protects the request is ours alone.
IceLite::Generation* IceLite::find_generation(const StunMessage& request) {
  const auto local = username_local_ufrag(request);
  const auto remote = username_remote_ufrag(request);
  if (!local || !remote) return nullptr;
  Generation* found = nullptr;
  if (*local == current_.local.ufrag) {
    found = &current_;
  } else if (previous_ && *local == previous_->local.ufrag) {
    found = &*previous_;
  }
  if (found == nullptr || (found->remote && found->remote->ufrag != *remote)) return nullptr;
  return found;
}

IceLite::Answer IceLite::handle_request(Instant now, const Path& path, const StunMessage& request,
                                        MutableByteSpan out) {
  if (request.message_class != StunClass::kRequest || request.method != kStunBinding) return {};
  // RFC 8489 §9.1.3, in its order.
  if (!request.username || request.integrity_offset == 0)
    return {refuse_unauthenticated(request, 400, "Bad Request", out)};
  Generation* generation = find_generation(request);
  if (generation == nullptr || !verify_integrity(request, *generation->key)) {
    return {refuse_unauthenticated(request, 401, "Unauthenticated", out)};
  }
  HmacSha1& key = *generation->key;
  if (request.unknown_required_count > 0) return {refuse_unknown_attributes(request, key, out)};
  // RFC 8445 §7.3.1.1, §6.1.1: a lite agent opposite a full one is controlled, whatever the tie-breakers.
  if (request.ice_controlled) return {refuse_role(request, key, out)};
  IcePath& known = add_path(now, path);
  known.generation = generation->number;
  known.note_received(request.bytes.size());
  const std::size_t size = accept(path, request, key, out);
  known.sent += size;
  if (request.use_candidate) nominate(now, known, request.priority.value_or(0));
  if (known.proof_wanted) want_proof(now, known);
  return {size, &known};
}

IcePath& IceLite::add_path(Instant now, const Path& path) {
  if (IcePath* known = find(path)) {
    known->heard = now;
    return *known;
  }
  if (paths_.size() < kMaxPaths) return paths_.emplace_back(path, now);
  const auto older = [](const IcePath& a, const IcePath& b) {
    return a.in_use != b.in_use ? b.in_use : a.heard < b.heard;
  };
  return *std::min_element(paths_.begin(), paths_.end(), older) = IcePath(path, now);
}

void IceLite::nominate(Instant now, IcePath& path, std::uint32_t priority) {
  const bool is_burst = selected_ && selected_ != path.path && selected_generation_ == path.generation &&
                        now - nominated_at_ < kNominationBurst;
  if (is_burst && priority < selected_priority_) return;
  selected_ = path.path;
  selected_priority_ = priority;
  selected_generation_ = path.generation;
  nominated_at_ = now;
  if (path.generation == current_.number) previous_.reset();
  path.proof_wanted = path.proof_wanted || !path.is_proven();
  update_outlet();
}

void IceLite::update_outlet() {
  const IcePath* selected = selected_ ? find(*selected_) : nullptr;
  if (selected == nullptr) return;
  if (selected->is_proven()) {
    fallback_.reset();
  } else if (outlet_ != selected_ && !outlet_is_limited_) {
    fallback_ = outlet_;
  }
  if (fallback_ && find(*fallback_) == nullptr) fallback_.reset();
  outlet_ = fallback_ ? fallback_ : selected_;
  outlet_is_limited_ = !fallback_ && !selected->is_proven();
  for (IcePath& path : paths_) path.in_use = path.path == selected_ || path.path == outlet_;
}

void IceLite::prove(Instant now, IcePath& path) {
  path.proven_at = now;
  path.proof_wanted = false;
  path.next_check = kNever;  // The answer to one that has been sent is taken all the same: it tells how far it is.
  update_outlet();
}

void IceLite::accept_connection(Instant now, IcePath& path) {
  path.reliable = true;
  prove(now, path);
  want_proof(now, path);
}

void IceLite::want_proof(Instant now, IcePath& path) {
  path.proof_wanted = true;
  if (path.reliable && path.checks_sent > 0) return;
  if (path.next_check == kNever) {
    path.checks_sent = 0;
    path.next_check = now;
  } else {
    path.next_check = std::min(path.next_check, now + kFirstInterval);
  }
}

const IceLite::Generation* IceLite::generation_of(const IcePath& path) const {
  if (path.generation == current_.number) return &current_;
  return previous_ && path.generation == previous_->number ? &*previous_ : nullptr;
}

IceLite::Check IceLite::poll_check(Instant now, std::uint32_t tag, MutableByteSpan out) {
  for (IcePath& path : paths_) {
    const Generation* generation = generation_of(path);
    if (path.next_check > now || generation == nullptr || !generation->remote) continue;
    if (path.checks_sent == 0) {
      path.transaction = new_transaction(tag);
      path.asked_at = now;
    }
    const std::size_t size = write_check(path, *generation, out);
    // Without the right to send it now it counts all the same: the client's next check allows more.
    const Duration interval = kFirstInterval * (1 << path.checks_sent);
    const bool is_last = ++path.checks_sent == kMaxChecks || path.reliable;  // RFC 8489 §6.2.2: TCP repeats by itself.
    path.next_check = is_last ? kNever : now + interval;
    if (path.take(size)) return {size, path.path};
  }
  return {};
}

std::size_t IceLite::write_check(const IcePath& path, const Generation& generation, MutableByteSpan out) const {
  StunWriter writer(out, StunClass::kRequest, kStunBinding, path.transaction);
  writer.username(generation.remote->ufrag + ":" + generation.local.ufrag);
  writer.attribute_u32(StunAttribute::kPriority, kPriority);
  writer.attribute_u64(StunAttribute::kIceControlled, 0);  // The role is not open to dispute.
  HmacSha1 key(password_of(*generation.remote));
  writer.message_integrity(key);
  return writer.finish();
}

std::uint32_t IceLite::tag_of(const StunTransactionId& transaction) {
  return load_be32(transaction.data()) ^ load_be32(transaction.data() + 4);
}

// RFC 8445 §7.2.5.2.1: an answer counts only from where the check went.
IcePath* IceLite::handle_response(Instant now, const Path& path, const StunMessage& response) {
  IcePath* known = find(path);
  if (known == nullptr || known->checks_sent == 0 || known->transaction != response.transaction) return nullptr;
  const Generation* generation = generation_of(*known);
  if (response.message_class != StunClass::kSuccess || generation == nullptr || !generation->remote) return nullptr;
  HmacSha1 key(password_of(*generation->remote));
  if (!verify_integrity(response, key)) return nullptr;
  known->heard = now;
  // Of several it is not known which one is answered.
  if (known->checks_sent == 1) known->round_trip = now - known->asked_at;
  known->checks_sent = 0;
  prove(now, *known);
  return known;
}

void IceLite::handle_timeout(Instant now) {
  const auto lost = std::erase_if(
      paths_, [&](const IcePath& path) { return path.path != selected_ && now >= path.heard + kPathLife; });
  if (lost > 0) update_outlet();
}

Instant IceLite::next_timeout() const {
  Instant next = kNever;
  for (const IcePath& path : paths_) {
    const Generation* generation = path.next_check == kNever ? nullptr : generation_of(path);
    if (generation != nullptr && generation->remote) next = std::min(next, path.next_check);
    if (path.path != selected_) next = std::min(next, path.heard + kPathLife);
  }
  return next;
}

IcePath* IceLite::find(const Path& path) {
  for (IcePath& known : paths_) {
    if (known.path == path) return &known;
  }
  return nullptr;
}

const IcePath* IceLite::find(const Path& path) const { return const_cast<IceLite*>(this)->find(path); }

bool IceLite::accepts(std::string_view local_ufrag) const {
  return local_ufrag == current_.local.ufrag || (previous_ && local_ufrag == previous_->local.ufrag);
}

}  // namespace noir
