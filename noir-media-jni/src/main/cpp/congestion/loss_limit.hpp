#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/time.hpp"

namespace noir {

/// The rate that loss allows. The rule of draft-ietf-rmcat-gcc-02 §6 (more below 2 %, less above 10 %), applied to what
/// is lost beyond the path's own loss: when sending less does not help, it is not we who cause it, as on bad Wi-Fi.
class LossLimit {
 public:
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

  struct Counts {
    std::uint32_t received = 0;
    std::uint32_t lost = 0;
    std::uint32_t late = 0;  // Received, and taken for lost before.
  };
  [[nodiscard]] static std::int64_t permille_of(std::int64_t received, std::int64_t lost) {
    return received + lost > 0 ? lost * 1000 / (received + lost) : 0;
  }
  struct Rates {
    std::int64_t sent_bps = 0;
    std::int64_t estimate_bps = 0;
    bool harmless = false;           // Less is sent than has been shown to get through, and nothing waits.
    std::int64_t delivered_bps = 0;  // 0 = not known.
  };
  void handle(Instant now, const Counts& counts, const Rates& rates);

  /// A probe has shown that this much gets through.
  void raise(std::int64_t bps) {
    if (bps > bps_) bps_ = bps;
  }

  /// Nothing has been sent for a while: what the last packets lost says nothing any more.
  void forget_lately() {
    permille_ = 0;
    received_ = 0;
    lost_ = 0;
    reduced_from_bps_ = 0;
    started_ = false;
    first_ = true;
  }

  [[nodiscard]] std::int64_t bps() const { return bps_; }
  /// Of a thousand, over the last few windows.
  [[nodiscard]] int permille() const { return permille_; }
  /// Of the last window alone, if that is less.
  [[nodiscard]] int lately_permille() const { return std::min(permille_, lately_permille_); }
  [[nodiscard]] int own_permille() const { return own_permille_; }

 private:
  void close_window(Instant now, const Rates& rates);
  void judge_reduction(const Counts& window, std::int64_t sent_bps);

  std::int64_t bps_ = kUnlimited;
  Instant window_since_;
  std::int64_t received_ = 0;
  std::int64_t lost_ = 0;
  std::int64_t most_sent_bps_ = 0;  // In the window: what is lost was sent when more was.
  std::int64_t most_delivered_bps_ = 0;
  int permille_ = 0;
  int lately_permille_ = 0;
  int own_permille_ = 0;               // What the path loses whatever we do.
  std::int64_t reduced_from_bps_ = 0;  // 0: there is no reduction to be judged.
  Counts before_;                      // It was clearly less that was sent,
  Counts after_;                       // and then.
  std::int64_t after_bps_ = 0;         // Sum of the windows'.
  int windows_since_ = 0;
  bool started_ = false;
  bool first_ = true;
};

}  // namespace noir
