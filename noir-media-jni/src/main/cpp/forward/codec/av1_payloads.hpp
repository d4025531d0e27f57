#pragma once

#include "base/bytes.hpp"
#include "forward/payload_list.hpp"

namespace noir {

/// Appends the payloads of one AV1 temporal unit (RTP Payload Format For AV1 §4), whose OBUs have sizes. A key frame
/// begins with a sequence header: its own or that of `configuration` (AV1CodecConfigurationRecord). False when an OBU
/// is malformed, none is left to send, or a key frame has no sequence header.
[[nodiscard]] bool write_av1_payloads(ByteSpan unit, bool key, ByteSpan configuration, PayloadList& out);

}  // namespace noir
