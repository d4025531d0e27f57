#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rtp/rtcp_packet.hpp"
#include "rtp/rtcp_report_block.hpp"

namespace noir {

/// RFC 3550 §6.4.1.
struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;  // 32 bits of seconds since 1900, 32 bits of fraction.
  std::uint32_t rtp_ts = 0;
  std::uint32_t packet_count = 0;
  std::uint32_t octet_count = 0;
  ReportBlocks blocks;  // Only when parsed.
};

[[nodiscard]] std::optional<SenderReport> parse_sender_report(const RtcpPacket& packet);

/// False, and nothing written, when it does not fit. At most `kMaxReportBlocks` blocks.
bool write_sender_report(ByteWriter& out, const SenderReport& report, std::span<const ReportBlock> blocks = {});

}  // namespace noir
