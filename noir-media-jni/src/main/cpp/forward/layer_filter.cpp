#include "forward/layer_filter.hpp"

namespace noir {

void LayerFilter::set_max(Layer max) {
  if (passes_all_ && targets_) targets_->note_all(newest_);
  max_ = max;
  passes_all_ = false;
}

void LayerFilter::begin(const MediaPacket& packet) {
  layer_ = max_;
  before_ = max_;
  since_ = packet.frame.picture;
  newest_ = packet.frame.picture;
  offered_ = 0;
  offering_ = 0;
  highest_ = 0;
  passes_all_ = max_ == kAll;
  changed_ = true;
  if (targets_) targets_->begin(packet.frame.picture);
}

bool LayerFilter::waits_for_keyframe() const {
  if (passes_all_) return false;
  return std::min(max_.spatial, offered_) > layer_.spatial || (targets_ && targets_->waits());
}

bool LayerFilter::decide(const MediaPacket& packet) {
  switch (packet.frame.layering) {
    case Layering::kNone:
      return false;
    case Layering::kTemporal:
      return decide_temporal(packet.frame, packet.keyframe_start);
    case Layering::kVp9:
      return decide_vp9(packet.frame);
    case Layering::kDecodeTargets:
      return decide_targets(packet);
  }
  return false;
}

void LayerFilter::change(Layer layer, std::uint32_t since) {
  if (layer == layer_) return;
  if (since != since_) before_ = layer_;
  layer_ = layer;
  since_ = since;
  changed_ = true;
}

// Down at once, up where the publisher says that it works.
bool LayerFilter::decide_temporal(const FrameInfo& frame, bool keyframe_start) {
  if (frame.picture_start && frame.picture > newest_) {
    newest_ = frame.picture;
    const bool up = frame.temporal_id > layer_.temporal && frame.temporal_id <= max_.temporal && frame.switch_up;
    if (up) {
      change({layer_.spatial, frame.temporal_id}, frame.picture);
    } else if (layer_.temporal > max_.temporal || keyframe_start) {
      change({layer_.spatial, max_.temporal}, frame.picture);
    }
  }
  return frame.temporal_id > in_force(frame).temporal;
}

// Spatial layers begin in key pictures only: when another one comes in between, the end of the one below it has got its
// marker bit already.
bool LayerFilter::decide_vp9(const FrameInfo& frame) {
  if (frame.picture > newest_) {
    newest_ = frame.picture;
    offered_ = offering_;
    offering_ = 0;
    Layer next = layer_;
    const bool up = frame.switch_up && frame.temporal_id <= layer_.temporal;
    if (up || !frame.inter_picture) next.temporal = max_.temporal;
    if (frame.picture_start && !frame.inter_picture) next.spatial = max_.spatial;
    next.temporal = std::min(next.temporal, max_.temporal);
    next.spatial = std::min(next.spatial, max_.spatial);
    change(next, frame.picture);
  }
  if (frame.picture == newest_) offering_ = std::max<std::uint8_t>(offering_, frame.spatial_id);
  highest_ = std::max<std::uint8_t>(highest_, frame.spatial_id);
  const Layer layer = in_force(frame);
  return frame.spatial_id > layer.spatial || frame.temporal_id > layer.temporal;
}

bool LayerFilter::decide_targets(const MediaPacket& packet) {
  if (packet.frame.has_structure && !targets_) {
    targets_ = std::make_unique<DecodeTargetFilter>();
    targets_->begin(packet.frame.picture);
  }
  if (passes_all_) {
    if (targets_ && packet.frame.picture >= newest_) targets_->load(packet);
    newest_ = std::max(newest_, packet.frame.picture);
    return false;
  }
  if (!targets_) return false;
  const auto before = targets_->layer();
  const bool leaves_out = targets_->leaves_out(packet, max_);
  changed_ |= targets_->layer() != before;
  return leaves_out;
}

bool LayerFilter::is_top(const FrameInfo& frame) const {
  if (frame.layering == Layering::kVp9) return frame.spatial_id == in_force(frame).spatial;
  return frame.layering == Layering::kDecodeTargets && targets_ && targets_->is_top(frame);
}

}  // namespace noir
