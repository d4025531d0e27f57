#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// How often one subscriber's wish for a key frame of one track is passed on: at once, then after 0.5, 1, 2 ... 16 s as
/// long as it goes on wishing. A key frame costs all other subscribers of the track a burst. Every 5 s without a wish
/// halve the wait. What comes in between is not kept: who still needs one asks again.
class KeyframeAllowance {
 public:
  static constexpr Duration kFirstWait = std::chrono::milliseconds(500);
  static constexpr Duration kLongestWait = std::chrono::seconds(16);
  static constexpr Duration kForget = std::chrono::seconds(5);

  bool take(Instant now) {
    const auto content = asked_before_ ? std::min<std::int64_t>((now - last_asked_) / kForget, 8) : 0;
    asked_before_ = true;
    last_asked_ = now;
    wait_ = std::max<Duration>(wait_ / (1 << content), kFirstWait);
    if (now < next_) return false;
    next_ = now + wait_;
    wait_ = std::min<Duration>(wait_ * 2, kLongestWait);
    return true;
  }
  void reset() { *this = {}; }

 private:
  Instant next_{Instant::min()};
  Instant last_asked_;
  Duration wait_ = kFirstWait;
  bool asked_before_ = false;
};

}  // namespace noir
