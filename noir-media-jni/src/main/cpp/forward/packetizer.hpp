#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "forward/codec/h264_payloads.hpp"
#include "forward/payload_list.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// One whole picture or audio packet as a source brings it, in the form of `EncodedFrame`.
struct SourceFrame {
  bool key = false;  // Its source says that a decoder can start here.
  /// As Matroska's CodecPrivate: of key frames of H264 and AV1, and only if it is known. Else empty.
  ByteSpan codec_private;
  ByteSpan bytes;
};

/// Makes RTP payloads of the frames of one track: what `FrameBuilder` undoes. Thread: loop.
class Packetizer {
 public:
  /// Octets of a frame: fewer packets than anybody keeps together.
  static constexpr std::size_t kMaxFrame = std::size_t{1} << 20;
  static constexpr std::size_t kMaxPrivate = 4096;

  /// `picture`: the first picture id, of which 15 bits count.
  Packetizer(Codec codec, std::uint16_t picture) : codec_(codec), picture_(picture) {}

  /// Puts the payloads of the next frame in place of what `out` holds. False when it is malformed, as far as we look,
  /// or too large.
  [[nodiscard]] bool packetize(const SourceFrame& frame, PayloadList& out);

 private:
  [[nodiscard]] bool write(const SourceFrame& frame, PayloadList& out);

  // Given.
  Codec codec_;

  // State.
  std::uint16_t picture_;
  H264Parameters h264_;
};

}  // namespace noir
