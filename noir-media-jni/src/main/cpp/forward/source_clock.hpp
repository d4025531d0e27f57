#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "rtp/rtcp_sender_report.hpp"

namespace noir {

/// What the sender reports of one rtp stream say about its clocks: which NTP time of the publisher belongs to which
/// RTP timestamp, and when we were told (RFC 3550 §6.4.1).
class SourceClock {
 public:
  void reset() { known_ = false; }
  /// `lead`: how far the report's RTP time is ahead of the packets that have come, as `lead_over` would give it.
  void handle_sender_report(Instant now, const SenderReport& report, std::int32_t lead = 0);

  [[nodiscard]] bool known() const { return known_; }
  /// What to add to an RTP timestamp to get NTP time in ticks of the media clock, modulo 2^32.
  [[nodiscard]] std::uint32_t timeline_offset(std::uint32_t clock_rate) const;

  struct Reading {
    std::uint64_t ntp = 0;
    std::uint32_t rtp_ts = 0;
  };
  /// Both clocks at `now`, run on from the last report.
  [[nodiscard]] Reading at(Instant now, std::uint32_t clock_rate) const;
  /// `reading` for packets of which the newest would have `rtp_ts` now: when they have moved away from the publisher's
  /// clock since it reported, as after a mute by `replaceTrack(null)`, its RTP time follows them.
  [[nodiscard]] Reading follow(Reading reading, std::uint32_t rtp_ts, std::uint32_t clock_rate) const;

  /// For report blocks: the middle 32 bits of the last report's NTP time, and the time since in 1/65536 s.
  [[nodiscard]] std::uint32_t last_sr() const { return known_ ? static_cast<std::uint32_t>(ntp_ >> 16) : 0; }
  [[nodiscard]] std::uint32_t delay_since_last_sr(Instant now) const;

 private:
  std::uint64_t ntp_ = 0;
  Instant arrival_;
  std::uint32_t rtp_ts_ = 0;
  std::int32_t lead_ = 0;  // Ticks; what the network and the frame's way to it take.
  bool known_ = false;
};

}  // namespace noir
