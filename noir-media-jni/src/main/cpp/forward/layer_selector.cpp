#include "forward/layer_selector.hpp"

#include <algorithm>
#include <bit>

namespace noir {

namespace {

std::uint8_t bit_of(std::uint8_t encoding) { return static_cast<std::uint8_t>(1U << (encoding & 7U)); }

std::uint8_t highest_of(unsigned mask) { return static_cast<std::uint8_t>(std::bit_width(mask) - 1); }
std::uint8_t lowest_of(unsigned mask) { return static_cast<std::uint8_t>(std::countr_zero(mask)); }

}  // namespace

LayerSelector::Verdict LayerSelector::reconsider(Instant now, const MediaPacket& packet, bool sending) {
  if (packet.active_encodings != active_ || now >= recheck_) {
    active_ = packet.active_encodings;
    update_target(now);
  }
  const bool begins =
      packet.keyframe_start && (packet.encoding != current_ || !sending) && is_startable(packet.encoding, sending);
  if (begins) {
    current_ = packet.encoding;
    excluded_ &= static_cast<std::uint8_t>(~bit_of(current_));
    update_target(now);
    return Verdict::kBegin;
  }
  return sending && packet.encoding == current_ ? Verdict::kForward : Verdict::kDrop;
}

bool LayerSelector::is_startable(std::uint8_t encoding, bool sending) const {
  if (encoding == target_) return true;
  if (encoding > max_) return false;
  const bool stalled = !sending || current_ == kNone || (active_ & bit_of(current_)) == 0;
  // A key frame of one that was given up: better late than never.
  const bool forgiven = (excluded_ & bit_of(encoding)) != 0 && encoding > current_;
  return stalled || forgiven;
}

void LayerSelector::set_max(Instant now, std::uint8_t max_encoding) {
  max_ = max_encoding;
  excluded_ = 0;
  update_target(now);
}

void LayerSelector::update_target(Instant now) {
  if (now >= give_up_at_ && target_ != current_ && target_ != kNone) {
    excluded_ |= bit_of(target_);
    forgive_at_ = now + kExclusion;
  } else if (now >= forgive_at_) {
    excluded_ = 0;
  }
  if (excluded_ == 0) forgive_at_ = kNever;
  if (active_ == 0) return;
  const unsigned allowed = max_ >= 7 ? 0xFFU : (2U << max_) - 1U;
  unsigned candidates = active_ & allowed & ~unsigned{excluded_};
  if (candidates == 0) candidates = active_ & allowed;
  const std::uint8_t best = candidates != 0 ? highest_of(candidates) : lowest_of(active_);
  const bool waits = best != current_;
  if (best != target_ || !waits || now >= give_up_at_) give_up_at_ = waits ? now + kSwitchTimeout : kNever;
  target_ = best;
  recheck_ = std::min(give_up_at_, forgive_at_);
}

}  // namespace noir
