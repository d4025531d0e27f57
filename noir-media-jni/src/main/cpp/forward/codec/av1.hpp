#pragma once

#include "base/bytes.hpp"

namespace noir {

/// First packet of a coded video sequence: the N bit of the aggregation header (AV1 RTP specification §4.4).
[[nodiscard]] bool is_av1_keyframe_start(ByteSpan payload);

}  // namespace noir
