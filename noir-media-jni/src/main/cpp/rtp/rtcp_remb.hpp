#pragma once

#include <cstdint>
#include <optional>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 §2.2).
struct ReceiverEstimate {
  static constexpr std::uint8_t kFormat = 15;

  std::uint32_t sender_ssrc = 0;
  std::uint64_t bitrate_bps = 0;
  ByteSpan ssrcs;  // 4 octets each.

  [[nodiscard]] std::size_t size() const { return ssrcs.size() / 4; }
  [[nodiscard]] std::uint32_t ssrc(std::size_t i) const { return load_be32(ssrcs.data() + i * 4); }
};

[[nodiscard]] std::optional<ReceiverEstimate> parse_receiver_estimate(const RtcpPacket& packet);

}  // namespace noir
