#pragma once

#include <algorithm>
#include <cstdint>

#include "forward/media_packet.hpp"

namespace noir {

/// Which layers of the encoding that a down track is sending go to its subscriber. A layer begins where the publisher
/// says that it can, and ends between two pictures.
/// Thread: loop.
class LayerFilter {
 public:
  static constexpr std::uint8_t kAllLayers = 0xFF;

  void set_max_temporal(std::uint8_t layer) {
    max_temporal_ = layer;
    passes_all_ = false;
  }
  /// `packet` begins a segment.
  void begin(const MediaPacket& packet);
  /// Whether the packet is of a layer that is not to be sent. To be asked once for each packet of the segment.
  [[nodiscard]] bool leaves_out(const MediaPacket& packet) {
    if (packet.frame.layering == Layering::kNone) return false;
    if (!passes_all_) return decide(packet.frame, packet.keyframe_start);
    newest_ = std::max(newest_, packet.frame.picture);
    return false;
  }

 private:
  [[nodiscard]] bool decide(const FrameInfo& frame, bool keyframe_start);

  std::uint32_t newest_ = 0;  // Picture.
  std::uint32_t since_ = 0;
  bool passes_all_ = true;  // Nothing is left out, of no picture.
  std::uint8_t max_temporal_ = kAllLayers;
  std::uint8_t temporal_ = kAllLayers;         // In force from picture `since_` on,
  std::uint8_t temporal_before_ = kAllLayers;  // and this one before.
};

}  // namespace noir
