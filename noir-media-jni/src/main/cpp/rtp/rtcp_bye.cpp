#include "rtp/rtcp_bye.hpp"

namespace noir {

std::optional<Goodbye> parse_goodbye(const RtcpPacket& packet) {
  const std::size_t size = packet.count * std::size_t{4};
  if (packet.body.size() < size) return std::nullopt;
  Goodbye goodbye;
  goodbye.ssrcs_ = packet.body.first(size);
  return goodbye;
}

bool write_goodbye(ByteWriter& out, std::uint32_t ssrc) {
  if (out.remaining() < kRtcpHeaderSize + 4) return false;
  write_rtcp_header(out, RtcpType::kGoodbye, 1, 4);
  out.u32(ssrc);
  return true;
}

}  // namespace noir
