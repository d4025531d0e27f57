#include "rtp/rtcp_packet.hpp"

namespace noir {

std::optional<RtcpPacket> take_rtcp_packet(ByteSpan& rest) {
  if (rest.size() < kRtcpHeaderSize || (rest[0] >> 6) != 2) return std::nullopt;
  const std::size_t size = (std::size_t{load_be16(rest.data() + 2)} + 1) * 4;
  if (size > rest.size()) return std::nullopt;
  std::size_t body = size - kRtcpHeaderSize;
  if ((rest[0] & 0x20) != 0) {
    // RFC 3550 §6.4.1: the last octet counts the padding, itself included. It should be a multiple of four, but
    // transport-wide feedback (libwebrtc's, and ours) is filled up with one to three octets.
    const std::size_t padding = rest[size - 1];
    if (padding == 0 || padding > body) return std::nullopt;
    body -= padding;
  }
  const RtcpPacket packet{rest[1], static_cast<std::uint8_t>(rest[0] & 0x1F), rest.subspan(kRtcpHeaderSize, body)};
  rest = rest.subspan(size);
  return packet;
}

void write_rtcp_header(ByteWriter& out, RtcpType type, std::uint8_t count, std::size_t body_size) {
  out.u8(static_cast<std::uint8_t>(0x80 | (count & 0x1F)));
  out.u8(static_cast<std::uint8_t>(type));
  out.u16(static_cast<std::uint16_t>(body_size / 4));
}

}  // namespace noir
