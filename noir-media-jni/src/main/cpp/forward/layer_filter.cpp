#include "forward/layer_filter.hpp"

namespace noir {

void LayerFilter::begin(const MediaPacket& packet) {
  temporal_ = max_temporal_;
  temporal_before_ = max_temporal_;
  since_ = packet.frame.picture;
  newest_ = packet.frame.picture;
  passes_all_ = max_temporal_ == kAllLayers;
}

// Temporal layers change between pictures: down at once, up where the publisher says that it works (RFC 7741 §4.2, Y).
bool LayerFilter::decide(const FrameInfo& frame, bool keyframe_start) {
  if (frame.picture_start && frame.picture > newest_) {
    newest_ = frame.picture;
    const bool up = frame.temporal_id > temporal_ && frame.temporal_id <= max_temporal_ && frame.switch_up;
    if (up || temporal_ > max_temporal_ || keyframe_start) {
      temporal_before_ = temporal_;
      temporal_ = up ? frame.temporal_id : max_temporal_;
      since_ = frame.picture;
    }
  }
  return frame.temporal_id > (frame.picture >= since_ ? temporal_ : temporal_before_);
}

}  // namespace noir
