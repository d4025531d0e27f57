#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "forward/payload_list.hpp"

namespace noir {

/// Appends the payloads of one VP8 picture (RFC 7741), each with a picture id of 15 bits. False when it has no VP8
/// frame header (RFC 6386 §9.1).
[[nodiscard]] bool write_vp8_payloads(ByteSpan frame, std::uint16_t picture, PayloadList& out);

}  // namespace noir
