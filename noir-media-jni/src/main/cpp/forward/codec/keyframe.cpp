#include "forward/codec/keyframe.hpp"

#include "forward/codec/av1.hpp"
#include "forward/codec/h264.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"

namespace noir {

bool is_keyframe_start(Codec codec, ByteSpan payload) {
  switch (codec) {
    case Codec::kOpus:
    case Codec::kRed:
      return true;
    case Codec::kVp8: {
      const auto descriptor = parse_vp8_descriptor(payload);
      return descriptor && descriptor->keyframe_start;
    }
    case Codec::kVp9: {
      const auto descriptor = parse_vp9_descriptor(payload);
      return descriptor && descriptor->keyframe_start;
    }
    case Codec::kH264:
      return find_h264_parts(payload).complete();
    case Codec::kAv1:
      return is_av1_keyframe_start(payload);
  }
  return false;
}

}  // namespace noir
