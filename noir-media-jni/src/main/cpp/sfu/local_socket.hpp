#pragma once

#include <cstdint>

#include "sfu/params.hpp"

namespace noir {

// What `Path::local` means: a socket of the loop itself, by its place among them, or a socket of another loop of the
// plane, for clients that have come to the wrong one.
//
//   | 0 = own, else loop + 1 (8 bits) | place (8 bits) |

inline constexpr std::uint16_t kMaxSockets = 256;  // Of a loop.
inline constexpr LoopIndex kMaxLoops = 255;

[[nodiscard]] constexpr bool is_elsewhere(std::uint16_t local) { return local >= kMaxSockets; }
[[nodiscard]] constexpr std::uint16_t local_elsewhere(LoopIndex loop, std::uint16_t socket) {
  return static_cast<std::uint16_t>((loop + 1U) << 8 | socket);
}
[[nodiscard]] constexpr LoopIndex loop_elsewhere(std::uint16_t local) {
  return static_cast<LoopIndex>((local >> 8) - 1U);
}
[[nodiscard]] constexpr std::uint16_t socket_elsewhere(std::uint16_t local) { return local & 0xFFU; }

}  // namespace noir
