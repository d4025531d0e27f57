#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "forward/codec/dependency_descriptor.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Which frames of an encoding with dependency descriptors one subscriber gets: those of one decode target. It changes
/// at a frame whose descriptor says that it can (a switch indication), if the subscriber has the frame of the target's
/// chain before that one. Thread: loop.
class DecodeTargetFilter {
 public:
  /// Takes over the structure that the packet's descriptor brings.
  void load(const MediaPacket& packet);
  /// The next frame begins a segment: nothing of what came before is there.
  void begin(std::uint32_t picture);
  /// All up to `newest` was sent, whatever its target.
  void note_all(std::uint32_t newest);

  /// Whether the packet's frame is not to be sent. `max`: the highest layers to send.
  [[nodiscard]] bool leaves_out(const MediaPacket& packet, Layer max);
  /// The highest layers that are being sent; nothing when all are.
  [[nodiscard]] std::optional<Layer> layer() const {
    if (target_ >= target_count_) return std::nullopt;
    return Layer{targets_[target_].spatial_id, targets_[target_].temporal_id};
  }
  /// The frame is of the highest spatial layer that is being sent.
  [[nodiscard]] bool is_top(const FrameInfo& frame) const {
    return target_ < target_count_ && frame.spatial_id == targets_[target_].spatial_id;
  }
  /// There is a higher spatial layer to go to, or a lower one that shows no way in.
  [[nodiscard]] bool waits() const {
    if (target_ >= target_count_) return false;
    return waited_ > kPatience || targets_[wanted_].spatial_id > targets_[target_].spatial_id;
  }

 private:
  static constexpr std::uint8_t kAllTargets = 0xFF;
  static constexpr std::uint8_t kPatience = 60;  // Frames, some of them of other layers: half a second or two.

  [[nodiscard]] std::uint8_t choose(std::uint16_t active, Layer max) const;
  [[nodiscard]] bool can_switch(const FrameInfo& frame, std::uint8_t target) const;
  void advance(std::uint32_t picture);

  std::array<DependencyStructure::Target, DependencyStructure::kMaxTargets> targets_{};
  std::uint64_t sent_ = 0;  // Bit i: frame newest_ - i.
  std::uint32_t newest_ = 0;
  std::uint8_t target_count_ = 0;  // 0 = no structure is known: all is sent.
  std::uint8_t chain_count_ = 0;
  std::uint8_t target_ = kAllTargets;
  std::uint8_t wanted_ = 0;
  std::uint8_t waited_ = 0;  // Frames since something else was wanted than what is sent.
};

}  // namespace noir
