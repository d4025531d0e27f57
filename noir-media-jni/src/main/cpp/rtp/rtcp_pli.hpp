#pragma once

#include <cstdint>
#include <optional>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// Picture loss indication (RFC 4585 §6.3.1).
struct PictureLoss {
  static constexpr std::uint8_t kFormat = 1;

  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
};

[[nodiscard]] std::optional<PictureLoss> parse_picture_loss(const RtcpPacket& packet);

/// False, and nothing written, when it does not fit.
bool write_picture_loss(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc);

}  // namespace noir
