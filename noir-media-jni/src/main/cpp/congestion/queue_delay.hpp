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
    if (above < kEmpty) {
      queued_since_ = kNever;
    } else if (queued_since_ == kNever) {
      queued_since_ = sent;
    }
    newest_ = sent;
  }
  /// After each report: what its packets have in common.
  void end_report() {
    if (count_ > 0) reported_ = current_;
    count_ = 0;
  }
  /// Nothing has been sent for a while: whatever waited is gone.
  void forget_lately() {
    reported_ = Duration::zero();
    queued_since_ = kNever;
  }
  [[nodiscard]] Duration reported() const { return reported_; }
  /// Whether everything that was sent for a while has waited. A thread that gets no processor, ours or the receiver's,
  /// lets packets wait as well, but for once, and none of those behind.
  [[nodiscard]] bool persists() const {
    if (queued_since_ == kNever) return false;
    return newest_ - queued_since_ >= (reported_ > kDeep ? kShortWhile : kWhile);
  }

  static constexpr Duration kEmpty = std::chrono::milliseconds(5);

 private:
  static constexpr Duration kHalf = std::chrono::seconds(30);
  static constexpr Duration kWhile = std::chrono::milliseconds(100);
  // As good as no stall lasts for so much longer.
  static constexpr Duration kDeep = std::chrono::milliseconds(60);
  static constexpr Duration kShortWhile = std::chrono::milliseconds(60);

  Instant since_;
  Duration least_{};
  Duration before_{};
  Duration current_{};
  Duration reported_{};
  Instant queued_since_ = kNever;  // When the first packet left since which all have waited.
  Instant newest_;
  int count_ = 0;
  bool started_ = false;
};

}  // namespace noir
