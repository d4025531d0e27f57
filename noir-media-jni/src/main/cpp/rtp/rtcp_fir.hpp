#pragma once

#include <cstdint>
#include <optional>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// Full intra request (RFC 5104 §4.3.1). The media SSRC of the header is unused; each entry names its own.
struct FullIntraRequest {
  static constexpr std::uint8_t kFormat = 4;

  std::uint32_t sender_ssrc = 0;
  ByteSpan entries;  // SSRC, command sequence number, 3 octets reserved: 8 octets each.

  [[nodiscard]] std::size_t size() const { return entries.size() / 8; }
  [[nodiscard]] std::uint32_t ssrc(std::size_t i) const { return load_be32(entries.data() + i * 8); }
  [[nodiscard]] std::uint8_t command_seq(std::size_t i) const { return entries[i * 8 + 4]; }
};

[[nodiscard]] std::optional<FullIntraRequest> parse_full_intra_request(const RtcpPacket& packet);

/// False, and nothing written, when it does not fit.
bool write_full_intra_request(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                              std::uint8_t command_seq);

}  // namespace noir
