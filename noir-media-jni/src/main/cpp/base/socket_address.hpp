#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace noir {

/// An IPv4 or IPv6 address and a port, without any system header. IPv4 is kept as its mapped form (::ffff:a.b.c.d),
/// so that there is one representation to compare and hash.
struct SocketAddress {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;
  std::uint32_t scope_id = 0;  // IPv6 link-local zone, 0 otherwise.

  [[nodiscard]] static SocketAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                                        std::uint16_t port);
  [[nodiscard]] bool is_v4() const;
  /// "192.0.2.1:5000" or "[2001:db8::1]:5000"; groups are not compressed.
  [[nodiscard]] std::string to_string() const;

  auto operator<=>(const SocketAddress&) const = default;
};

/// Where a datagram came in and whom it came from; also the way back.
struct Path {
  std::uint16_t local = 0;  // The local socket; what it means is the loop's.
  SocketAddress remote;

  auto operator<=>(const Path&) const = default;
};

struct PathHash {
  [[nodiscard]] std::size_t operator()(const Path& path) const;
};

}  // namespace noir
