#include "rtp/rtcp_sender_report.hpp"

#include "base/check.hpp"

namespace noir {

namespace {

constexpr std::size_t kSenderInfoSize = 24;  // SSRC included.

}  // namespace

std::optional<SenderReport> parse_sender_report(const RtcpPacket& packet) {
  const std::size_t blocks_size = packet.count * kReportBlockSize;
  if (packet.body.size() < kSenderInfoSize + blocks_size) return std::nullopt;
  ByteReader in(packet.body);
  SenderReport report;
  report.ssrc = in.u32();
  report.ntp = in.u64();
  report.rtp_ts = in.u32();
  report.packet_count = in.u32();
  report.octet_count = in.u32();
  report.blocks = ReportBlocks(in.take(blocks_size));
  return report;
}

bool write_sender_report(ByteWriter& out, const SenderReport& report, std::span<const ReportBlock> blocks) {
  NOIR_CHECK(blocks.size() <= kMaxReportBlocks);
  const std::size_t body = kSenderInfoSize + blocks.size() * kReportBlockSize;
  if (out.remaining() < kRtcpHeaderSize + body) return false;
  write_rtcp_header(out, RtcpType::kSenderReport, static_cast<std::uint8_t>(blocks.size()), body);
  out.u32(report.ssrc);
  out.u64(report.ntp);
  out.u32(report.rtp_ts);
  out.u32(report.packet_count);
  out.u32(report.octet_count);
  for (const ReportBlock& block : blocks) write_report_block(out, block);
  return true;
}

}  // namespace noir
