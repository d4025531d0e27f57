#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "congestion/arrival_groups.hpp"

namespace noir {

/// What the delays say about the bottleneck: its queue stays, grows, or shrinks.
enum class Usage : std::uint8_t { kNormal, kOver, kUnder };

/// The delay gradient (draft-ietf-rmcat-gcc-02 §5.3–5.5): a line through the last smoothed delays, its slope against a
/// threshold that adapts to what the path is like, so that a flow is neither starved by others that fill the
/// queue, nor misled by jitter.
///
/// The draft's Kalman filter is replaced by a least squares fit, as in libwebrtc since 2016.
class DelayTrend {
 public:
  Usage handle(const GroupDelta& delta);

  [[nodiscard]] Usage usage() const { return usage_; }
  /// The slope, scaled as it is compared with the threshold.
  [[nodiscard]] double trend() const { return trend_; }
  [[nodiscard]] double threshold() const { return threshold_; }
  /// How far the delays of neighbouring groups differ, on the average.
  [[nodiscard]] Duration jitter() const { return jitter_; }

 private:
  static constexpr std::size_t kWindow = 20;
  struct Sample {
    double at_ms;
    double delay_ms;
  };

  [[nodiscard]] double slope() const;
  void detect(double trend, double sent_ms);
  void adapt(double trend, double at_ms);

  std::array<Sample, kWindow> samples_{};
  std::size_t count_ = 0;  // Of deltas, all in all.
  Duration origin_{};      // Of at_ms.
  double delay_ms_ = 0;
  double smoothed_ms_ = 0;
  double threshold_ = 12.5;
  double trend_ = 0;
  double adapted_at_ms_ = -1;
  double over_for_ms_ = -1;
  int over_count_ = 0;
  Usage usage_ = Usage::kNormal;
  Duration jitter_{};
};

}  // namespace noir
