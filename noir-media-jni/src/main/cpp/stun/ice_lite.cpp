#include "stun/ice_lite.hpp"

#include <algorithm>
#include <chrono>

namespace noir {

namespace {

// How long a lower-priority nomination cannot replace a higher one. libwebrtc repeats USE-CANDIDATE on a pair it has
// moved to at least every 2.5 s, nICEr nominates everything within its first checks.
constexpr Duration kNominationBurst = std::chrono::seconds(1);

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

std::size_t IceLite::handle_request(Instant now, const Path& path, const StunMessage& request, MutableByteSpan out) {
  if (request.message_class != StunClass::kRequest || request.method != kStunBinding) return 0;
  // RFC 8489 §9.1.3, in its order.
  if (!request.username || request.integrity_offset == 0)
    return refuse_unauthenticated(request, 400, "Bad Request", out);
  Generation* generation = find_generation(request);
  if (generation == nullptr || !verify_integrity(request, *generation->key)) {
    return refuse_unauthenticated(request, 401, "Unauthenticated", out);
  }
  HmacSha1& key = *generation->key;
  if (request.unknown_required_count > 0) return refuse_unknown_attributes(request, key, out);
  // RFC 8445 §7.3.1.1, §6.1.1: a lite agent opposite a full one is controlled, whatever the tie-breakers.
  if (request.ice_controlled) return refuse_role(request, key, out);
  last_consent_ = now;
  add_path(now, path);
  const std::size_t size = accept(path, request, key, out);
  if (request.use_candidate) nominate(now, path, generation->number, request.priority.value_or(0));
  return size;
}

void IceLite::add_path(Instant now, const Path& path) {
  const auto known = std::find_if(paths_.begin(), paths_.end(), [&](const ValidPath& p) { return p.path == path; });
  if (known != paths_.end()) {
    known->last_check = now;
    return;
  }
  if (paths_.size() < kMaxPaths) {
    paths_.push_back({path, now});
    return;
  }
  const auto older = [this](const ValidPath& a, const ValidPath& b) {
    if (a.path == selected_ || b.path == selected_) return b.path == selected_ && a.path != selected_;
    return a.last_check < b.last_check;
  };
  *std::min_element(paths_.begin(), paths_.end(), older) = {path, now};
}

void IceLite::nominate(Instant now, const Path& path, std::uint32_t generation, std::uint32_t priority) {
  const bool is_burst =
      selected_ && selected_ != path && selected_generation_ == generation && now - nominated_at_ < kNominationBurst;
  if (is_burst && priority < selected_priority_) return;
  selected_ = path;
  selected_priority_ = priority;
  selected_generation_ = generation;
  nominated_at_ = now;
  if (generation == current_.number) previous_.reset();
}

bool IceLite::is_valid(const Path& path) const {
  return std::any_of(paths_.begin(), paths_.end(), [&](const ValidPath& p) { return p.path == path; });
}

bool IceLite::accepts(std::string_view local_ufrag) const {
  return local_ufrag == current_.local.ufrag || (previous_ && local_ufrag == previous_->local.ufrag);
}

}  // namespace noir
