#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/socket_address.hpp"

namespace noir {

/// An IPv4 or IPv6 literal.
[[nodiscard]] std::optional<SocketAddress> parse_ip_address(std::string_view text, std::uint16_t port);

}  // namespace noir
