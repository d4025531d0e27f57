#include "rtp/rtcp_fir.hpp"

namespace noir {

std::optional<FullIntraRequest> parse_full_intra_request(const RtcpPacket& packet) {
  if (packet.body.size() < 16 || packet.body.size() % 8 != 0) return std::nullopt;
  return FullIntraRequest{load_be32(packet.body.data()), packet.body.subspan(8)};
}

bool write_full_intra_request(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                              std::uint8_t command_seq) {
  if (out.remaining() < kRtcpHeaderSize + 16) return false;
  write_rtcp_header(out, RtcpType::kPayloadFeedback, FullIntraRequest::kFormat, 16);
  out.u32(sender_ssrc);
  out.u32(0);  // RFC 5104 §4.3.1.2: not used, shall be 0.
  out.u32(media_ssrc);
  out.u8(command_seq);
  out.zeros(3);
  return true;
}

}  // namespace noir
