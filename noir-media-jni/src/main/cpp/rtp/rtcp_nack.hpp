#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// Generic NACK (RFC 4585 §6.2.1).
struct Nack {
  static constexpr std::uint8_t kFormat = 1;

  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  ByteSpan items;  // Pairs of PID and BLP, 4 octets each.

  /// Calls `visit(seq)` for each missing packet.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t at = 0; at + 4 <= items.size(); at += 4) {
      const std::uint16_t pid = load_be16(items.data() + at);
      const std::uint16_t blp = load_be16(items.data() + at + 2);
      visit(pid);
      for (unsigned bit = 0; bit < 16; ++bit) {
        if ((blp >> bit) & 1U) visit(static_cast<std::uint16_t>(pid + bit + 1));
      }
    }
  }
};

[[nodiscard]] std::optional<Nack> parse_nack(const RtcpPacket& packet);

/// Packs ascending sequence numbers into as few items as fit into `out`; gives how many were written (0 = none fit).
std::size_t write_nack(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                       std::span<const std::uint16_t> seqs);

}  // namespace noir
