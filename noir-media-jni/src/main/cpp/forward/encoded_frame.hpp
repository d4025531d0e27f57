#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "forward/codec/frame_size.hpp"
#include "forward/frame_bytes.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// One whole picture or audio packet of a track, as its publisher has encoded it and as Matroska holds it: VP8 and VP9
/// as they are, the layers of a VP9 picture as a superframe; H264 as units behind their lengths (4 octets), without
/// parameter sets; AV1 as OBUs with sizes, without temporal delimiters; Opus packets.
struct EncodedFrame {
  Codec codec = Codec::kOpus;
  bool key = false;  // A decoder can start here.
  FrameSize size;    // Of key frames of video, if they say so.
  Instant captured;
  std::uint64_t rtp_ts = 0;      // Unwrapped; counts anew when the rtp stream does.
  std::uint32_t clock_rate = 0;  // Hz
  std::uint32_t lost = 0;        // Packets since the last frame that did not come, or were of no use without those.
  /// Of key frames of H264 (AVCDecoderConfigurationRecord, ISO/IEC 14496-15) and AV1 (AV1CodecConfigurationRecord).
  std::vector<std::uint8_t> codec_private;
  FrameBytes bytes;
};

}  // namespace noir
