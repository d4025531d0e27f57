#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>

#include "base/time.hpp"
#include "rtp/rtcp_report_block.hpp"

namespace noir {

/// How a subscriber receives a down track, as its RTCP says: for who asks, nothing depends on it. Thread: loop.
class Reception {
 public:
  /// A sender report leaves. Its NTP time is the publisher's, so a round trip takes when it left.
  void note_sender_report(Instant now, std::uint64_t ntp) {
    reported_ntp_ = middle(ntp);
    reported_at_ = now;
  }
  /// RFC 3550 §6.4.1: only about the last report, since no others are remembered.
  void handle_block(Instant now, const ReportBlock& block) {
    using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 65536>>;
    last_ = block;
    if (block.last_sr == 0 || block.last_sr != reported_ntp_) return;
    const Duration held = std::chrono::duration_cast<Duration>(Ticks(block.delay_since_last_sr));
    if (held <= now - reported_at_) round_trip_ = now - reported_at_ - held;
  }
  void note_nacked(Instant now) {
    ++nacked_;
    nacked_at_ = now;
  }
  void note_keyframe_request() { ++keyframe_requests_; }

  /// The last report block about it; nothing before the first.
  [[nodiscard]] const std::optional<ReportBlock>& last() const { return last_; }
  /// Zero before it is known.
  [[nodiscard]] Duration round_trip() const { return round_trip_; }
  /// Sequence numbers that were asked for.
  [[nodiscard]] std::uint32_t nacked() const { return nacked_; }
  /// When the last of them was.
  [[nodiscard]] Instant nacked_at() const { return nacked_at_; }
  /// PLI and FIR, whether they were passed on or not.
  [[nodiscard]] std::uint32_t keyframe_requests() const { return keyframe_requests_; }

 private:
  [[nodiscard]] static std::uint32_t middle(std::uint64_t ntp) { return static_cast<std::uint32_t>(ntp >> 16); }

  std::optional<ReportBlock> last_;
  std::uint32_t reported_ntp_ = 0;  // The middle of it.
  Instant reported_at_{};
  Duration round_trip_{};
  std::uint32_t nacked_ = 0;
  Instant nacked_at_ = Instant::min();
  std::uint32_t keyframe_requests_ = 0;
};

}  // namespace noir
