#pragma once

#include "base/bytes.hpp"

namespace noir {

/// First packet of a key picture: start of a frame of the lowest spatial layer that is not inter-picture predicted
/// (RFC 9628 §4.2).
[[nodiscard]] bool is_vp9_keyframe_start(ByteSpan payload);

}  // namespace noir
