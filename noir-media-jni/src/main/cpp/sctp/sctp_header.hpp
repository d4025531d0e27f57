#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace noir {

/// RFC 8841 §5: what everybody says in a=sctp-port.
constexpr std::uint16_t kSctpPort = 5000;

/// usrsctp looks for a socket among all that have its local port, one after another, for each bind and each INIT. So
/// inside of it each association has a port of its own, and all have the same on the wire.
///
/// Gives a packet of usrsctp's its port and, because it changes, its checksum (RFC 9260 §3.1, §6.8).
void finish_sctp_header(MutableByteSpan packet);

/// The packet as usrsctp is to get it: for `port`, in network order. Nothing when it is for another port than ours.
/// The checksum is not looked at: DTLS has authenticated the packet.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> address_sctp_packet(ByteSpan packet, std::uint16_t port);

/// Whether that is a heartbeat or the answer to one and nothing else (RFC 9260 §8.3): no timer that matters soon begins
/// with it.
[[nodiscard]] bool only_keeps_alive(ByteSpan packet);

}  // namespace noir
