#include "forward/decode_target_filter.hpp"

#include <algorithm>
#include <tuple>

namespace noir {

namespace {

constexpr std::uint32_t kMemory = 64;

}  // namespace

void DecodeTargetFilter::load(const MediaPacket& packet) {
  const auto structure = parse_dependency_structure(packet.dependency_descriptor());
  targets_ = structure ? structure->targets : decltype(targets_){};
  target_count_ = structure ? structure->target_count : std::uint8_t{0};
  chain_count_ = structure ? structure->chain_count : std::uint8_t{0};
  target_ = kAllTargets;
  wanted_ = 0;
}

void DecodeTargetFilter::begin(std::uint32_t picture) {
  target_count_ = 0;
  target_ = kAllTargets;
  newest_ = picture - 1;
  sent_ = 0;
}

void DecodeTargetFilter::note_all(std::uint32_t newest) {
  target_ = kAllTargets;
  newest_ = newest;
  sent_ = ~std::uint64_t{0};
}

void DecodeTargetFilter::advance(std::uint32_t picture) {
  const std::uint32_t distance = picture - newest_;
  sent_ = distance < kMemory ? sent_ << distance : 0;
  newest_ = picture;
}

bool DecodeTargetFilter::leaves_out(const MediaPacket& packet, Layer max) {
  const FrameInfo& frame = packet.frame;
  if (frame.picture <= newest_) {
    const std::uint32_t age = newest_ - frame.picture;
    return age >= kMemory || (sent_ >> age & 1U) == 0;
  }
  advance(frame.picture);
  if (frame.has_structure) load(packet);
  if (target_count_ != 0) {
    wanted_ = choose(frame.active_targets, max);
    if (wanted_ != target_ && can_switch(frame, wanted_)) target_ = wanted_;
    waited_ = wanted_ == target_ ? std::uint8_t{0} : static_cast<std::uint8_t>(std::min(waited_ + 1, 0xFF));
  }
  const bool sends = target_ >= target_count_ || (frame.targets.present >> target_ & 1U) != 0;
  if (sends) sent_ |= 1U;
  return !sends;
}

std::uint8_t DecodeTargetFilter::choose(std::uint16_t active, Layer max) const {
  const auto rank = [&](std::uint8_t i) { return std::tuple(targets_[i].spatial_id, targets_[i].temporal_id); };
  std::uint8_t best = kAllTargets;
  std::uint8_t lowest = 0;
  for (std::uint8_t i = 0; i < target_count_; ++i) {
    if ((active >> i & 1U) == 0) continue;
    if ((active >> lowest & 1U) == 0 || rank(i) < rank(lowest)) lowest = i;
    if (targets_[i].spatial_id > max.spatial || targets_[i].temporal_id > max.temporal) continue;
    if (best == kAllTargets || rank(i) > rank(best)) best = i;
  }
  return best != kAllTargets ? best : lowest;
}

// §A.8.3: a switch indication holds for who has what the frame is built on. A structure without chains promises that
// all of it has been sent.
bool DecodeTargetFilter::can_switch(const FrameInfo& frame, std::uint8_t target) const {
  if ((frame.targets.switches >> target & 1U) == 0) return false;
  if (chain_count_ == 0) return true;
  const std::uint8_t diff = frame.targets.chain_diffs[targets_[target].chain];
  return diff == 0 || (diff < kMemory && (sent_ >> diff & 1U) != 0);
}

}  // namespace noir
