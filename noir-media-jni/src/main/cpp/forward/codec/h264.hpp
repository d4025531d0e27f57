#pragma once

#include "base/bytes.hpp"

namespace noir {

/// A packet that a decoder can start with: a sequence parameter set or the start of an IDR slice, as a single NAL unit,
/// in a STAP-A or in the first FU-A (RFC 6184 §5.6 to §5.8).
[[nodiscard]] bool is_h264_keyframe_start(ByteSpan payload);

}  // namespace noir
