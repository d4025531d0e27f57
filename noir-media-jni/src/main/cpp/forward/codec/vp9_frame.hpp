#pragma once

#include <span>

#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Fills in the frame with all layers of one picture (RFC 9628), as a superframe when there are several of them (VP9
/// bitstream specification, annex B). False when it is malformed, or a layer's beginning or end is missing.
[[nodiscard]] bool build_vp9_frame(std::span<const MediaPacket> packets, EncodedFrame& frame);

}  // namespace noir
