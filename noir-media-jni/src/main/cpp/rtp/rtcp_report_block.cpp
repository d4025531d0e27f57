#include "rtp/rtcp_report_block.hpp"

namespace noir {

ReportBlock ReportBlocks::operator[](std::size_t i) const {
  ByteReader in(bytes_.subspan(i * kReportBlockSize, kReportBlockSize));
  ReportBlock block;
  block.ssrc = in.u32();
  block.fraction_lost = in.u8();
  // 24 bits with sign: shifted up as unsigned, back down as signed.
  block.cumulative_lost = static_cast<std::int32_t>(in.u24() << 8) >> 8;
  block.highest_seq = in.u32();
  block.jitter = in.u32();
  block.last_sr = in.u32();
  block.delay_since_last_sr = in.u32();
  return block;
}

void write_report_block(ByteWriter& out, const ReportBlock& block) {
  out.u32(block.ssrc);
  out.u8(block.fraction_lost);
  out.u24(static_cast<std::uint32_t>(block.cumulative_lost) & 0xFFFFFF);
  out.u32(block.highest_seq);
  out.u32(block.jitter);
  out.u32(block.last_sr);
  out.u32(block.delay_since_last_sr);
}

}  // namespace noir
