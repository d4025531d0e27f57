#include "load/ip_address.hpp"

#include <arpa/inet.h>

#include <string>

#include "loop/udp_socket.hpp"

namespace noir {

std::optional<SocketAddress> parse_ip_address(std::string_view text, std::uint16_t port) {
  const std::string terminated(text);
  SystemAddress address{};
  if (::inet_pton(AF_INET, terminated.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    return from_system(address);
  }
  if (::inet_pton(AF_INET6, terminated.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    return from_system(address);
  }
  return std::nullopt;
}

}  // namespace noir
