#include "forward/frame_builder.hpp"

#include "forward/codec/av1_frame.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9_frame.hpp"
#include "rtp/red.hpp"

namespace noir {

namespace {

using Outcome = FrameBuilder::Outcome;

Outcome build_opus(const MediaPacket& packet, EncodedFrame& frame) {
  ByteSpan opus = packet.payload();
  if (packet.red) {
    const auto red = parse_red(opus);
    if (!red) return Outcome::kBroken;
    opus = opus.subspan(red->primary.at, red->primary.size);
  }
  if (opus.empty()) return Outcome::kNothing;
  frame.key = true;
  frame.bytes.add(packet.buffer, opus);
  return Outcome::kFrame;
}

// RFC 7741 §4.2: a picture is what its packets hold behind their descriptors; the first one has S and partition 0.
Outcome build_vp8(std::span<const MediaPacket> packets, EncodedFrame& frame) {
  for (const MediaPacket& packet : packets) {
    const auto descriptor = parse_vp8_descriptor(packet.payload());
    const bool first = &packet == &packets.front();
    if (!descriptor || descriptor->frame_start != first) return Outcome::kBroken;
    if (first) frame.key = descriptor->keyframe_start;
    frame.bytes.add(packet.buffer, packet.payload().subspan(descriptor->size));
  }
  if (frame.bytes.size() == 0) return Outcome::kNothing;
  if (!frame.key) return Outcome::kFrame;
  const auto size = find_frame_size(Codec::kVp8, packets.front().payload());
  if (!size) return Outcome::kBroken;
  frame.size = *size;
  return Outcome::kFrame;
}

Outcome outcome_of(bool whole, const EncodedFrame& frame) {
  if (!whole) return Outcome::kBroken;
  return frame.bytes.size() > 0 ? Outcome::kFrame : Outcome::kNothing;
}

}  // namespace

FrameBuilder::Outcome FrameBuilder::build(std::span<const MediaPacket> packets, EncodedFrame& frame) {
  const MediaPacket& first = packets.front();
  frame.codec = first.codec;
  frame.clock_rate = first.clock_rate;
  switch (first.codec) {
    case Codec::kOpus:
    case Codec::kRed:
      return build_opus(first, frame);
    case Codec::kVp8:
      return build_vp8(packets, frame);
    case Codec::kVp9:
      return outcome_of(build_vp9_frame(packets, frame), frame);
    case Codec::kH264:
      return outcome_of(build_h264_frame(packets, sets_, frame), frame);
    case Codec::kAv1:
      return outcome_of(build_av1_frame(packets, frame), frame);
  }
  return Outcome::kNothing;
}

}  // namespace noir
