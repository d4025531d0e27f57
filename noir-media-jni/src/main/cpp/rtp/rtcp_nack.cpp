#include "rtp/rtcp_nack.hpp"

namespace noir {

std::optional<Nack> parse_nack(const RtcpPacket& packet) {
  if (packet.body.size() < 12 || packet.body.size() % 4 != 0) return std::nullopt;
  return Nack{load_be32(packet.body.data()), load_be32(packet.body.data() + 4), packet.body.subspan(8)};
}

std::size_t write_nack(ByteWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                       std::span<const std::uint16_t> seqs) {
  constexpr std::size_t kFixed = kRtcpHeaderSize + 8;
  if (seqs.empty() || out.remaining() < kFixed + 4) return 0;
  std::size_t items_left = (out.remaining() - kFixed) / 4;
  std::uint8_t* header = out.claim(kFixed);
  std::size_t items_size = 0;
  std::size_t taken = 0;
  for (; taken < seqs.size() && items_left > 0; --items_left) {
    const std::uint16_t pid = seqs[taken++];
    std::uint16_t blp = 0;
    for (; taken < seqs.size(); ++taken) {
      const auto distance = static_cast<std::uint16_t>(seqs[taken] - pid);
      if (distance == 0 || distance > 16) break;
      blp = static_cast<std::uint16_t>(blp | (1U << (distance - 1)));
    }
    out.u16(pid);
    out.u16(blp);
    items_size += 4;
  }
  ByteWriter front({header, kFixed});
  write_rtcp_header(front, RtcpType::kTransportFeedback, Nack::kFormat, 8 + items_size);
  front.u32(sender_ssrc);
  front.u32(media_ssrc);
  return taken;
}

}  // namespace noir
