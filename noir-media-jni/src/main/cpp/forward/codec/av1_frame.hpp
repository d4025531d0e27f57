#pragma once

#include <span>

#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Fills in the frame with the OBUs of one temporal unit (AV1 RTP specification §4.4), each with its size, but for
/// temporal delimiters, padding and tile lists (Matroska's codec mapping of AV1). A key frame has the sequence header
/// in it. False when something is malformed, or an OBU's beginning or end is missing.
[[nodiscard]] bool build_av1_frame(std::span<const MediaPacket> packets, EncodedFrame& frame);

}  // namespace noir
