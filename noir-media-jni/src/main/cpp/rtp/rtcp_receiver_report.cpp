#include "rtp/rtcp_receiver_report.hpp"

#include "base/check.hpp"

namespace noir {

std::optional<ReceiverReport> parse_receiver_report(const RtcpPacket& packet) {
  const std::size_t blocks_size = packet.count * kReportBlockSize;
  if (packet.body.size() < 4 + blocks_size) return std::nullopt;
  return ReceiverReport{load_be32(packet.body.data()), ReportBlocks(packet.body.subspan(4, blocks_size))};
}

bool write_receiver_report(ByteWriter& out, std::uint32_t sender_ssrc, std::span<const ReportBlock> blocks) {
  NOIR_CHECK(blocks.size() <= kMaxReportBlocks);
  const std::size_t body = 4 + blocks.size() * kReportBlockSize;
  if (out.remaining() < kRtcpHeaderSize + body) return false;
  write_rtcp_header(out, RtcpType::kReceiverReport, static_cast<std::uint8_t>(blocks.size()), body);
  out.u32(sender_ssrc);
  for (const ReportBlock& block : blocks) write_report_block(out, block);
  return true;
}

}  // namespace noir
