#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "loop/udp_socket.hpp"

namespace noir::test {

inline SocketAddress loopback(std::uint16_t port = 0) { return SocketAddress::v4(127, 0, 0, 1, port); }

inline SocketAddress loopback6(std::uint16_t port = 0) {
  SocketAddress address;
  address.ip[15] = 1;
  address.port = port;
  return address;
}

inline bool has_ipv6() {
  try {
    const UdpSocket probe(loopback6());
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/// Sends one datagram, as a client would.
inline void send_to(const UdpSocket& from, const SocketAddress& to, ByteSpan bytes) {
  SystemAddress name{};
  const socklen_t size = to_system(to, name);
  (void)::sendto(from.fd(), bytes.data(), bytes.size(), 0, &name.any, size);
}

/// The next datagram, or nothing within `timeout_ms`: a bound for a failing test, not a time to wait.
inline std::optional<std::vector<std::uint8_t>> receive_from(const UdpSocket& socket, int timeout_ms = 2000) {
  pollfd waiting{socket.fd(), POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms) != 1) return std::nullopt;
  std::vector<std::uint8_t> datagram(65536);
  const ssize_t size = ::recv(socket.fd(), datagram.data(), datagram.size(), 0);
  if (size < 0) return std::nullopt;
  datagram.resize(static_cast<std::size_t>(size));
  return datagram;
}

}  // namespace noir::test
