#pragma once

#include <cstdint>
#include <limits>

#include "base/time.hpp"
#include "congestion/bandwidth_controller.hpp"
#include "congestion/loss_limit.hpp"

namespace noir {

/// What a subscriber's line takes, by what clients say who do not report packet by packet: their own estimate (REMB,
/// draft-alvestrand-rmcat-remb-03) and what their receiver reports call lost. Nothing is limited until one of them says
/// that less gets through than is sent; nothing is probed, and nothing paced, so nothing may be paused either.
/// Thread: loop.
class ReportedLimit {
 public:
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

  /// Beside every report: what has been sent so far, of all tracks, modulo 2^32.
  void note_sent(Instant now, std::uint32_t octets);

  void on_remb(Instant now, std::int64_t bps);
  /// What has become of the last packets, of all tracks.
  void on_reports(Instant now, std::uint32_t expected, std::uint32_t lost);

  [[nodiscard]] std::int64_t bps(Instant now) const;
  [[nodiscard]] BandwidthExplanation explain(Instant now) const;

 private:
  [[nodiscard]] std::int64_t receiver_bps(Instant now) const;

  LossLimit loss_;
  std::int64_t sent_bps_ = 0;          // 0 = not known yet.
  std::int64_t receiver_bps_ = kNone;  // By REMB.
  Instant receiver_at_ = Instant::min();
  Instant lowered_at_ = Instant::min();
  Instant sent_at_ = Instant::min();
  std::uint32_t sent_ = 0;
};

}  // namespace noir
