#pragma once

#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "forward/codec/frame_size.hpp"
#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Fills in the frame with all layers of one picture (RFC 9628), as a superframe when there are several of them (VP9
/// bitstream specification, annex B). False when it is malformed, or a layer's beginning or end is missing.
[[nodiscard]] bool build_vp9_frame(std::span<const MediaPacket> packets, EncodedFrame& frame);

/// What the header of a VP9 frame says of its size; nothing unless it is a key frame.
[[nodiscard]] std::optional<FrameSize> vp9_key_frame_size(ByteSpan frame);

}  // namespace noir
