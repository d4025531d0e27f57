#pragma once

#include "base/bytes.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Whether a decoder can start with this packet. Any packet of audio will do.
[[nodiscard]] bool is_keyframe_start(Codec codec, ByteSpan payload);

}  // namespace noir
