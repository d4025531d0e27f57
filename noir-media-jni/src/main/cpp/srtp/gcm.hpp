#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace noir {

/// AES-GCM as RFC 7714 wants it: a 96-bit IV, a tag of 16 bytes.
using GcmIv = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagSize = 16;

}  // namespace noir
