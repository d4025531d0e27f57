#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "forward/payload_list.hpp"

namespace noir {

/// Appends the payloads of one VP9 picture (RFC 9628), each with a picture id of 15 bits. A superframe goes as it is:
/// its layers are not told apart, so nobody gets less than all of them. False when it has no VP9 frame header.
[[nodiscard]] bool write_vp9_payloads(ByteSpan frame, std::uint16_t picture, PayloadList& out);

}  // namespace noir
