#include "forward/codec/h264.hpp"

namespace noir {

namespace {

constexpr std::uint8_t kIdr = 5;
constexpr std::uint8_t kSps = 7;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;
constexpr std::uint8_t kFuStart = 0x80;

bool starts_keyframe(std::uint8_t nal_header) {
  const std::uint8_t type = nal_header & 0x1F;
  return type == kIdr || type == kSps;
}

bool aggregate_starts_keyframe(ByteReader& in) {
  while (in.remaining() > 0) {
    const ByteSpan unit = in.take(in.u16());
    if (!in.ok()) return false;
    if (!unit.empty() && starts_keyframe(unit[0])) return true;
  }
  return false;
}

}  // namespace

bool is_h264_keyframe_start(ByteSpan payload) {
  if (payload.size() < 2) return false;
  ByteReader in(payload);
  const std::uint8_t header = in.u8();
  switch (header & 0x1F) {
    case kStapA:
      return aggregate_starts_keyframe(in);
    case kFuA: {
      const std::uint8_t fu_header = in.u8();
      return (fu_header & kFuStart) != 0 && in.remaining() > 0 && starts_keyframe(fu_header);
    }
    default:
      return starts_keyframe(header);
  }
}

}  // namespace noir
