#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rtp/rtcp_packet.hpp"
#include "rtp/rtcp_report_block.hpp"

namespace noir {

/// RFC 3550 §6.4.2.
struct ReceiverReport {
  std::uint32_t sender_ssrc = 0;
  ReportBlocks blocks;
};

[[nodiscard]] std::optional<ReceiverReport> parse_receiver_report(const RtcpPacket& packet);

/// False, and nothing written, when it does not fit. At most `kMaxReportBlocks` blocks.
bool write_receiver_report(ByteWriter& out, std::uint32_t sender_ssrc, std::span<const ReportBlock> blocks);

}  // namespace noir
