#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace noir {

/// How long packets wait on their way: their delay above the least of the last half to whole minute. Clocks that run
/// apart, and a new route, are forgotten with that.
class QueueDelay {
 public:
  void handle(Instant sent, Duration arrived) {
    const Duration delay = arrived - sent.time_since_epoch();
    if (!started_ || sent - since_ > kHalf) {
      before_ = started_ ? least_ : delay;
      least_ = delay;
      since_ = sent;
      started_ = true;
    }
    least_ = std::min(least_, delay);
    const Duration above = delay - std::min(least_, before_);
    // The last few packets' least: what all of them wait for is no jitter.
    current_ = count_ == 0 ? above : std::min(current_, above);
    ++count_;
  }
  /// After each report: what its packets have in common.
  void end_report() {
    if (count_ > 0) reported_ = current_;
    count_ = 0;
  }
  /// Nothing has been sent for a while: whatever waited is gone.
  void forget_lately() { reported_ = Duration::zero(); }
  [[nodiscard]] Duration reported() const { return reported_; }

 private:
  static constexpr Duration kHalf = std::chrono::seconds(30);

  Instant since_;
  Duration least_{};
  Duration before_{};
  Duration current_{};
  Duration reported_{};
  int count_ = 0;
  bool started_ = false;
};

}  // namespace noir
