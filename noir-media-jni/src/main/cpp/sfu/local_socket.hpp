#pragma once

#include <cstdint>

#include "sfu/params.hpp"

namespace noir {

// What `Path::local` means: a UDP socket of the loop itself, by its place among them; a way over TCP; or a UDP socket
// of another loop of the plane, for clients that have come to the wrong one.
//
//   | 0 = own, else loop + 1 (8 bits) | TCP (1 bit) | place (7 bits) |
//
// Over TCP, the remote address names the connection, and the place says by which listener it has come, so that two
// connections from one address are two paths. Connections are always a loop's own: one that came to the wrong loop
// moves.

inline constexpr std::uint16_t kMaxSockets = 128;  // Of a loop.
inline constexpr std::uint16_t kTcpBit = 0x80;
inline constexpr std::uint16_t kMaxListeners = 64;  // The other places are for connections that came otherwise.
inline constexpr LoopIndex kMaxLoops = 255;

[[nodiscard]] constexpr bool is_elsewhere(std::uint16_t local) { return local > 0xFF; }
[[nodiscard]] constexpr std::uint16_t local_elsewhere(LoopIndex loop, std::uint16_t socket) {
  return static_cast<std::uint16_t>((loop + 1U) << 8 | socket);
}
[[nodiscard]] constexpr LoopIndex loop_elsewhere(std::uint16_t local) {
  return static_cast<LoopIndex>((local >> 8) - 1U);
}
[[nodiscard]] constexpr std::uint16_t socket_elsewhere(std::uint16_t local) { return local & 0xFFU; }

[[nodiscard]] constexpr bool is_own_udp(std::uint16_t local) { return local < kMaxSockets; }
[[nodiscard]] constexpr bool is_tcp(std::uint16_t local) { return (local & kTcpBit) != 0; }
/// Of a connection to the loop's own listener `place`.
[[nodiscard]] constexpr std::uint16_t local_tcp(std::size_t place) {
  return static_cast<std::uint16_t>(kTcpBit | place);
}
/// Of one that has come to loop `from`, and moved.
[[nodiscard]] constexpr std::uint16_t local_moved(LoopIndex from) {
  return static_cast<std::uint16_t>(kTcpBit | kMaxListeners | from % (kMaxListeners - 1U));
}
/// Of one that somebody else's listener has taken, such as that of the pages.
inline constexpr std::uint16_t kLocalAdopted = kTcpBit | kMaxListeners | (kMaxListeners - 1U);

}  // namespace noir
