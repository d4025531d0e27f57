#pragma once

#include "base/time.hpp"

namespace noir {

/// Throttles key frame requests to one encoding: at most one per 500 ms; what is asked for inside the window is sent at
/// its end, unless a key frame has come by then.
class KeyframeRequester {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(500);

  void request(Instant now) {
    if (due_ == kNever) due_ = requested_before_ && last_ + kInterval > now ? last_ + kInterval : now;
  }
  void handle_keyframe() { due_ = kNever; }
  /// What was asked for is not wanted any more.
  void cancel() { due_ = kNever; }

  [[nodiscard]] Instant next_timeout() const { return due_; }
  [[nodiscard]] bool due(Instant now) const { return due_ <= now; }
  void mark_sent(Instant now) {
    last_ = now;
    requested_before_ = true;
    due_ = kNever;
  }

 private:
  Instant due_ = kNever;
  Instant last_;
  bool requested_before_ = false;
};

}  // namespace noir
