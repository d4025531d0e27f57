#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace noir {

/// What a receiver says about one rtp stream (RFC 3550 §6.4.1).
struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;  // Of 256, since the last report.
  std::int32_t cumulative_lost = 0;
  std::uint32_t highest_seq = 0;          // Cycles << 16 | seq.
  std::uint32_t jitter = 0;               // Media clock ticks.
  std::uint32_t last_sr = 0;              // Middle 32 bits of the NTP timestamp of the last SR; 0 = none.
  std::uint32_t delay_since_last_sr = 0;  // 1/65536 s

  bool operator==(const ReportBlock&) const = default;
};

inline constexpr std::size_t kReportBlockSize = 24;
inline constexpr std::size_t kMaxReportBlocks = 31;  // Five bits of count.

/// Report blocks still on the wire; decoded one by one.
class ReportBlocks {
 public:
  ReportBlocks() = default;
  /// `bytes` must be a whole number of blocks.
  explicit ReportBlocks(ByteSpan bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size() / kReportBlockSize; }
  [[nodiscard]] ReportBlock operator[](std::size_t i) const;

 private:
  ByteSpan bytes_;
};

void write_report_block(ByteWriter& out, const ReportBlock& block);

}  // namespace noir
