#pragma once

#include <cstdint>
#include <optional>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// RFC 3550 §6.6. The reason is not of interest.
class Goodbye {
 public:
  Goodbye() = default;

  [[nodiscard]] std::size_t size() const { return ssrcs_.size() / 4; }
  [[nodiscard]] std::uint32_t ssrc(std::size_t i) const { return load_be32(ssrcs_.data() + i * 4); }

 private:
  friend std::optional<Goodbye> parse_goodbye(const RtcpPacket& packet);
  ByteSpan ssrcs_;
};

[[nodiscard]] std::optional<Goodbye> parse_goodbye(const RtcpPacket& packet);

/// False, and nothing written, when it does not fit.
bool write_goodbye(ByteWriter& out, std::uint32_t ssrc);

}  // namespace noir
