#include "forward/frame_reader.hpp"

#include <algorithm>
#include <utility>

#include "forward/codec/av1.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"
#include "rtp/seq_num.hpp"

namespace noir {

namespace {

// Unwrapped numbers start here, so that reordering before the first one does not go below zero.
constexpr std::uint64_t kFirstCycle = 1ULL << 16;

}  // namespace

FrameReader::Outcome FrameReader::read(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest) {
  switch (packet.codec) {
    case Codec::kVp8:
      return read_vp8(packet, ext_seq, newest);
    case Codec::kVp9:
      return read_vp9(packet, ext_seq, newest);
    case Codec::kH264:
      if (packet.dependency_descriptor_size != 0) return read_dependencies(packet, ext_seq, newest);
      read_h264(packet, ext_seq > newest.seq);
      return Outcome::kRead;
    case Codec::kAv1:
      packet.keyframe_start = is_av1_keyframe_start(packet.payload());
      return read_dependencies(packet, ext_seq, newest);
    case Codec::kOpus:
    case Codec::kRed:
      packet.keyframe_start = true;
      return Outcome::kRead;
  }
  return Outcome::kRead;
}

std::uint64_t FrameReader::find_keyframe(MediaPacket& packet, std::uint64_t ext_seq) {
  if (packet.codec != Codec::kH264) {
    if (packet.keyframe_start) read_size(packet);
    return packet.keyframe_start ? ext_seq : 0;
  }
  // Its parameter sets may come before the packet that makes the key frame complete.
  read_size(packet);
  const std::uint64_t first = h264_keyframes_.handle_packet(ext_seq, packet.rtp_ts, packet.payload());
  packet.keyframe_start = first != 0;
  return first;
}

void FrameReader::read_size(const MediaPacket& packet) {
  if (const auto size = find_frame_size(packet.codec, packet.payload())) size_ = *size;
}

// VP8 and VP9 say in the payload what a dependency descriptor would say again.
FrameReader::Outcome FrameReader::read_vp8(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest) {
  packet.dependency_descriptor_size = 0;
  const auto descriptor = parse_vp8_descriptor(packet.payload());
  if (!descriptor) return Outcome::kRead;
  packet.keyframe_start = descriptor->keyframe_start;
  FrameInfo& frame = packet.frame;
  frame.descriptor_size = descriptor->size;
  frame.tl0_pic_idx = descriptor->tl0_pic_idx;
  frame.temporal_id = descriptor->temporal_id & 0x0F;
  frame.key_idx = descriptor->key_idx;
  frame.has_picture = descriptor->picture_id_bits != 0;
  frame.switch_up = descriptor->layer_sync;
  frame.picture_start = descriptor->frame_start;
  frame.picture_end = packet.marker;
  if (!frame.has_picture) return Outcome::kRead;
  if (descriptor->has_temporal_id) frame.layering = Layering::kTemporal;
  return unwrap(descriptor->picture_id, descriptor->picture_id_bits, packet, ext_seq, newest);
}

FrameReader::Outcome FrameReader::read_vp9(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest) {
  packet.dependency_descriptor_size = 0;
  const auto descriptor = parse_vp9_descriptor(packet.payload());
  if (!descriptor) return Outcome::kRead;
  packet.keyframe_start = descriptor->keyframe_start;
  FrameInfo& frame = packet.frame;
  frame.descriptor_size = descriptor->head_size;
  frame.tl0_pic_idx = descriptor->tl0_pic_idx;
  frame.spatial_id = descriptor->spatial_id & 0x0F;
  frame.temporal_id = descriptor->temporal_id & 0x0F;
  frame.has_picture = descriptor->picture_id_bits != 0;
  frame.switch_up = descriptor->switch_up;
  frame.inter_picture = descriptor->inter_picture;
  frame.layer_end = descriptor->frame_end;
  frame.picture_start = descriptor->frame_start && descriptor->spatial_id == 0;
  frame.picture_end = packet.marker;
  if (!frame.has_picture) return Outcome::kRead;
  if (descriptor->has_layers) frame.layering = Layering::kVp9;
  return unwrap(descriptor->picture_id, descriptor->picture_id_bits, packet, ext_seq, newest);
}

FrameReader::Outcome FrameReader::read_dependencies(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest) {
  if (packet.dependency_descriptor_size == 0) return Outcome::kRead;
  auto descriptor = parse_dependency_descriptor(packet.dependency_descriptor(), nullptr);
  if (descriptor && descriptor->has_structure) {
    auto structure = parse_dependency_structure(packet.dependency_descriptor());
    if (structure && structure->width != 0) size_ = {structure->width, structure->height};
    structure_ = structure ? std::make_unique<const DependencyStructure>(*std::move(structure)) : nullptr;
  }
  if (descriptor && structure_)
    descriptor = parse_dependency_descriptor(packet.dependency_descriptor(), structure_.get());
  if (!descriptor) {
    packet.dependency_descriptor_size = 0;
    return Outcome::kRead;
  }
  if (descriptor->active) active_targets_ = *descriptor->active;
  FrameInfo& frame = packet.frame;
  frame.layering = Layering::kDecodeTargets;
  frame.targets = descriptor->info;
  // What is not understood goes to everybody.
  if (!descriptor->known) frame.targets.present = 0xFFFF;
  frame.active_targets = active_targets_;
  frame.spatial_id = descriptor->spatial_id & 0x0F;
  frame.temporal_id = descriptor->temporal_id & 0x0F;
  frame.has_picture = true;
  frame.has_structure = descriptor->has_structure && structure_;
  frame.picture_start = descriptor->frame_start;
  frame.layer_end = frame.picture_end = descriptor->frame_end;
  return unwrap(descriptor->frame_number, 16, packet, ext_seq, newest);
}

// H264 says of a picture only whether others need it (nal_ref_idc, ITU-T H.264 §7.4.1). Those that nobody needs are a
// layer that can be left out and taken up at any picture. An access unit that begins with something else than a slice
// is taken for a needed one: half of it would already be gone.
void FrameReader::read_h264(MediaPacket& packet, bool newer) {
  const H264Slices slices = find_h264_slices(packet.payload());
  FrameInfo& frame = packet.frame;
  bool reference = slices != H264Slices::kNotNeeded;
  if (newer && (unit_ == 0 || packet.rtp_ts != unit_ts_)) {
    ++unit_;
    unit_ts_ = packet.rtp_ts;
    unit_is_reference_ = reference;
    has_layers_ |= !reference;
    frame.picture_start = true;
  } else if (packet.rtp_ts == unit_ts_) {
    reference = unit_is_reference_;
  }
  if (!has_layers_) return;
  frame.layering = Layering::kTemporal;
  frame.picture = packet.rtp_ts == unit_ts_ ? unit_ : unit_ - 1;
  frame.temporal_id = reference ? 0 : 1;
  frame.switch_up = !reference;
}

// Encoders that begin anew give their key frame any id. One that is not newer though its packet is, means that.
FrameReader::Outcome FrameReader::unwrap(std::uint16_t number, unsigned bits, MediaPacket& packet,
                                         std::uint64_t ext_seq, const Newest& newest) {
  const bool newer = ext_seq > newest.seq;
  Outcome outcome = Outcome::kRead;
  std::uint64_t id = kFirstCycle + number;
  if (ext_picture_ != 0) {
    const std::uint64_t near = unwrap_near(ext_picture_, number, bits);
    const bool again = near == ext_picture_ && packet.keyframe_start && newest.ended_picture;
    if (newer && (near < ext_picture_ || again)) {
      outcome = Outcome::kBeginsAnew;
      ids_since_ = ext_seq;
      first_id_ = ext_picture_ = id;
    } else {
      id = near;
    }
  }
  if (ext_seq < ids_since_) {
    if (id != first_id_) return Outcome::kOver;
    ids_since_ = ext_seq;  // Of the same picture, mixed up by the network.
  }
  if (newer) ext_picture_ = std::max(ext_picture_, id);
  packet.frame.picture = static_cast<std::uint32_t>(id);
  return outcome;
}

}  // namespace noir
