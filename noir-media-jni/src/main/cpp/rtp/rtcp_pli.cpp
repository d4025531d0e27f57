#include "rtp/rtcp_pli.hpp"

namespace noir {

std::optional<PictureLoss> parse_picture_loss(const RtcpPacket& packet) {
  if (packet.body.size() < 8) return std::nullopt;
  return PictureLoss{load_be32(packet.body.data()), load_be32(packet.body.data() + 4)};
}

bool write_picture_loss(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc) {
  if (out.remaining() < kRtcpHeaderSize + 8) return false;
  write_rtcp_header(out, RtcpType::kPayloadFeedback, PictureLoss::kFormat, 8);
  out.u32(sender_ssrc);
  out.u32(media_ssrc);
  return true;
}

}  // namespace noir
