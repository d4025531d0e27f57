#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// How much may leave at once. While nothing is congested, what comes leaves at once, since publishers have paced it
/// already; else no faster than a multiple of the estimate, in bursts of 5 ms.
///
/// The caller asks before a packet is numbered, keeps what has to wait in a `PacedQueue`, and asks again at
/// `next_send`.
class Pacer {
 public:
  static constexpr Duration kBurst = std::chrono::milliseconds(5);

  /// `bps`: the rate of pacing. `open`: nothing is congested.
  void set_rate(std::int64_t bps, bool open) {
    bps_ = std::max<std::int64_t>(bps, 1);
    open_ = open;
  }
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] std::int64_t bps() const { return bps_; }

  [[nodiscard]] bool may_send(Instant now) const { return open_ || busy_until_ <= now + kBurst; }
  /// Everything that leaves, audio and what was not asked for included.
  void note_sent(Instant now, std::uint32_t octets) {
    if (open_) return;
    busy_until_ = std::max(busy_until_, now) + Duration(std::int64_t{octets} * 8'000'000'000 / bps_);
  }
  /// When a packet that waits may leave.
  [[nodiscard]] Instant next_send() const { return open_ ? Instant::min() : busy_until_ - kBurst; }

 private:
  Instant busy_until_ = Instant::min() + kBurst;
  std::int64_t bps_ = 300'000;
  bool open_ = false;
};

}  // namespace noir
