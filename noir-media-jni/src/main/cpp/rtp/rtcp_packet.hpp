#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace noir {

/// RTCP packet types (RFC 3550 §12.1, RFC 4585 §6.1).
enum class RtcpType : std::uint8_t {
  kSenderReport = 200,
  kReceiverReport = 201,
  kSourceDescription = 202,
  kGoodbye = 203,
  kTransportFeedback = 205,  // RTPFB
  kPayloadFeedback = 206,    // PSFB
};

inline constexpr std::size_t kRtcpHeaderSize = 4;

/// One packet of a compound: its header taken apart, its body without header and padding.
struct RtcpPacket {
  std::uint8_t type = 0;
  std::uint8_t count = 0;  // Reception report count, source count or feedback message type.
  ByteSpan body;
};

/// Splits the first packet off `rest`; nothing when its header or length is broken.
[[nodiscard]] std::optional<RtcpPacket> take_rtcp_packet(ByteSpan& rest);

/// Writes the four octets of a header for `body_size` octets (a multiple of four) of body.
void write_rtcp_header(ByteWriter& out, RtcpType type, std::uint8_t count, std::size_t body_size);

}  // namespace noir
