#pragma once

#include "base/bytes.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Whether a decoder can start with this packet. Any packet of audio will do. Of H264 only a packet with all that it
/// takes: what comes in several is `H264KeyframeFinder`'s to find.
[[nodiscard]] bool is_keyframe_start(Codec codec, ByteSpan payload);

}  // namespace noir
