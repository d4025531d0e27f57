#include "forward/frame_reader.hpp"

#include <algorithm>

#include "forward/codec/keyframe.hpp"
#include "forward/codec/vp8.hpp"
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
    case Codec::kH264:
      return Outcome::kRead;
    case Codec::kOpus:
    case Codec::kVp9:
    case Codec::kAv1:
      packet.keyframe_start = is_keyframe_start(packet.codec, packet.payload());
      return Outcome::kRead;
  }
  return Outcome::kRead;
}

std::uint64_t FrameReader::find_keyframe(MediaPacket& packet, std::uint64_t ext_seq) {
  if (packet.codec != Codec::kH264) return packet.keyframe_start ? ext_seq : 0;
  const std::uint64_t first = h264_keyframes_.handle_packet(ext_seq, packet.rtp_ts, packet.payload());
  packet.keyframe_start = first != 0;
  return first;
}

FrameReader::Outcome FrameReader::read_vp8(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest) {
  const auto descriptor = parse_vp8_descriptor(packet.payload());
  if (!descriptor) return Outcome::kRead;
  packet.keyframe_start = descriptor->keyframe_start;
  FrameInfo& frame = packet.frame;
  frame.descriptor_size = descriptor->size;
  frame.tl0_pic_idx = descriptor->tl0_pic_idx;
  frame.temporal_id = descriptor->temporal_id;
  frame.key_idx = descriptor->key_idx;
  frame.has_picture = descriptor->picture_id_bits != 0;
  frame.switch_up = descriptor->layer_sync;
  frame.picture_start = descriptor->frame_start;
  frame.picture_end = packet.marker;
  if (!frame.has_picture) return Outcome::kRead;
  if (descriptor->has_temporal_id) frame.layering = Layering::kVp8;
  return unwrap(descriptor->picture_id, descriptor->picture_id_bits, packet, ext_seq, newest);
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
