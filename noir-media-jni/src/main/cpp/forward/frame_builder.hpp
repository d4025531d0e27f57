#pragma once

#include <cstdint>
#include <span>

#include "forward/codec/h264_frame.hpp"
#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Puts the packets of one picture, or the packet of some audio, together to what a file holds. Thread: loop.
class FrameBuilder {
 public:
  enum class Outcome : std::uint8_t {
    kFrame,
    kNothing,  // It is whole, and there is nothing in it for a file.
    kBroken,   // Its beginning is missing, or it is malformed.
  };

  /// `packets`: not empty, of one timestamp and codec, nothing missing between them. Fills in all of `frame` that they
  /// say: not when it was captured.
  [[nodiscard]] Outcome build(std::span<const MediaPacket> packets, EncodedFrame& frame);
  void restart() { *this = {}; }

 private:
  H264ParameterSets sets_;
};

}  // namespace noir
