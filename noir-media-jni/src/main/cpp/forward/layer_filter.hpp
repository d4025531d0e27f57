#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "forward/decode_target_filter.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Which layers of the encoding that a down track is sending go to its subscriber. A layer begins where the publisher
/// says that it can, and ends between two pictures.
/// Thread: loop.
class LayerFilter {
 public:
  static constexpr std::uint8_t kAllLayers = 0xFF;
  static constexpr Layer kAll{kAllLayers, kAllLayers};

  /// The highest layers to send.
  void set_max(Layer max);
  /// `packet` begins a segment.
  void begin(const MediaPacket& packet);
  /// Whether the packet is of a layer that is not to be sent. To be asked once for each packet of the segment.
  [[nodiscard]] bool leaves_out(const MediaPacket& packet) {
    const FrameInfo& frame = packet.frame;
    if (frame.layering == Layering::kNone) return false;
    if (!passes_all_ || frame.has_structure) return decide(packet);
    newest_ = std::max(newest_, frame.picture);
    return false;
  }
  /// Whether what is sent of a picture ends with this packet, so that it gets the marker bit.
  [[nodiscard]] bool ends_picture(const MediaPacket& packet) const {
    return packet.marker || (packet.frame.layer_end && !passes_all_ && is_top(packet.frame));
  }
  /// Whether only the packet after it tells that: a layer's part of a VP9 picture is whole, and more of the picture
  /// comes, but maybe nothing that is sent. Encoders that have to save leave out single layers of a picture.
  [[nodiscard]] bool may_end_picture(const MediaPacket& packet) const {
    const FrameInfo& frame = packet.frame;
    if (frame.layering != Layering::kVp9 || !frame.layer_end || packet.marker || passes_all_) return false;
    const std::uint8_t top = in_force(frame).spatial;
    return frame.spatial_id < top && top < highest_;
  }
  /// Whether `packet`, of which the former is true, was the last one that is sent of its picture, given the one that
  /// was sent after it.
  [[nodiscard]] bool ended_picture(const MediaPacket& packet, const MediaPacket& next) const {
    if (next.frame.layering != Layering::kVp9) return false;
    return next.frame.picture != packet.frame.picture || next.frame.spatial_id > in_force(packet.frame).spatial;
  }
  /// The highest layers that go to the subscriber now.
  [[nodiscard]] Layer layer() const { return !passes_all_ && targets_ ? targets_->layer().value_or(layer_) : layer_; }
  /// True once after `layer()`, or the encoding, may have become another one.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }
  /// There is a higher spatial layer to go to, which takes a key frame.
  [[nodiscard]] bool waits_for_keyframe() const;

 private:
  [[nodiscard]] bool decide(const MediaPacket& packet);
  [[nodiscard]] bool decide_temporal(const FrameInfo& frame, bool keyframe_start);
  [[nodiscard]] bool decide_vp9(const FrameInfo& frame);
  [[nodiscard]] bool decide_targets(const MediaPacket& packet);
  [[nodiscard]] bool is_top(const FrameInfo& frame) const;
  [[nodiscard]] Layer in_force(const FrameInfo& frame) const { return frame.picture >= since_ ? layer_ : before_; }
  void change(Layer layer, std::uint32_t since);

  std::uint32_t newest_ = 0;  // Picture.
  std::uint32_t since_ = 0;
  bool passes_all_ = true;  // Nothing is left out, of no picture.
  bool changed_ = false;
  Layer max_ = kAll;
  Layer layer_ = kAll;                           // In force from picture `since_` on,
  Layer before_ = kAll;                          // and this one before.
  std::uint8_t offered_ = 0;                     // The highest spatial layer in the picture before the newest,
  std::uint8_t offering_ = 0;                    // and in the newest, so far;
  std::uint8_t highest_ = 0;                     // and in any of the segment.
  std::unique_ptr<DecodeTargetFilter> targets_;  // With the first structure.
};

}  // namespace noir
