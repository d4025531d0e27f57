#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "congestion/delay_trend.hpp"

namespace noir {

/// What one report, or the silence where one should be, says about the path.
struct PathObservation {
  Instant now;
  Usage usage = Usage::kNormal;
  std::int64_t sent_bps = 0;
  std::int64_t delivered_bps = 0;         // Over half a second; 0 = not known yet.
  std::int64_t delivered_lately_bps = 0;  // Over the last fifth of a second.
  Duration round_trip{};
  Duration queue{};
  bool contested = false;  // By a flow that keeps the queue full.
};

/// The rate that the delays allow (draft-ietf-rmcat-gcc-02 §5.5 and §6): multiplicative decrease to a share of what is
/// delivered, increase by a factor far from the last known limit and by a packet per response time near it.
///
/// An SFU sends what publishers make, so that it nearly always sends less than it might. What is not sent proves
/// nothing: without it the estimate does not grow, and a queue that is short does not make it collapse.
class RateControl {
 public:
  RateControl(std::int64_t start_bps, std::int64_t min_bps, std::int64_t max_bps)
      : bps_(start_bps), min_bps_(min_bps), max_bps_(max_bps) {}

  /// True: the rate was reduced.
  bool update(const PathObservation& seen);
  /// A probe has shown that this much gets through.
  void raise(Instant now, std::int64_t bps);
  /// Something else allows no more than this.
  void cap(std::int64_t bps) { set(bps_ < bps ? bps_ : bps); }
  /// Multiplies by `percent` out of a hundred: no news, or news that cannot be.
  void reduce(Instant now, std::int64_t percent);

  [[nodiscard]] std::int64_t bps() const { return bps_; }
  /// What was allowed before the last reductions; 0 = nothing to go back to.
  [[nodiscard]] std::int64_t before_bps() const { return before_bps_; }
  /// Whether a queue has grown at about this rate.
  [[nodiscard]] bool near_limit() const { return limit_bps_ != 0; }
  void forget_before() { before_bps_ = 0; }
  /// Whether less is sent than would prove the estimate.
  [[nodiscard]] static bool is_limited_by_source(std::int64_t sent_bps, std::int64_t bps) {
    return sent_bps * 100 < bps * kProofPercent;
  }
  [[nodiscard]] Instant reduced_at() const { return reduced_at_; }

 private:
  static constexpr std::int64_t kProofPercent = 85;

  [[nodiscard]] bool may_reduce(const PathObservation& seen) const;
  void decrease(const PathObservation& seen);
  void increase(const PathObservation& seen);
  void set(std::int64_t bps);

  std::int64_t bps_;
  std::int64_t min_bps_;
  std::int64_t max_bps_;
  std::int64_t limit_bps_ = 0;  // What was delivered when the queue grew; 0 = not known.
  std::int64_t before_bps_ = 0;
  Instant updated_at_;
  Instant reduced_at_ = Instant::min();
  bool started_ = false;
};

}  // namespace noir
