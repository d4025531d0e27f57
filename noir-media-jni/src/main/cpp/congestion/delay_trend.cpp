#include "congestion/delay_trend.hpp"

#include <algorithm>
#include <chrono>

namespace noir {

namespace {

// §5.3–5.5 and, where the draft leaves it open, libwebrtc's figures.
constexpr double kSmoothing = 0.9;
constexpr double kGain = 4;
constexpr double kTrustedDeltas = 60;
constexpr double kOverForMs = 10;
constexpr double kUp = 0.0087;
constexpr double kDown = 0.039;
constexpr double kMaxAboveThreshold = 15;  // A spike beyond that is no reason to adapt.
constexpr double kMinThreshold = 6;
constexpr double kMaxThreshold = 600;

double to_ms(Duration d) { return static_cast<double>(d.count()) / 1e6; }

}  // namespace

Usage DelayTrend::handle(const GroupDelta& delta) {
  if (count_ == 0) origin_ = delta.at;
  const Duration variation = delta.arrived - delta.sent;
  jitter_ += ((variation < Duration::zero() ? -variation : variation) - jitter_) / 16;
  delay_ms_ += to_ms(variation);
  smoothed_ms_ = kSmoothing * smoothed_ms_ + (1 - kSmoothing) * delay_ms_;
  const double at_ms = to_ms(delta.at - origin_);
  samples_[count_ % kWindow] = {at_ms, smoothed_ms_};
  ++count_;
  double trend = trend_;
  if (count_ >= kWindow) trend = std::min(static_cast<double>(count_), kTrustedDeltas) * slope() * kGain;
  detect(trend, to_ms(delta.sent));
  adapt(trend, at_ms);
  return usage_;
}

double DelayTrend::slope() const {
  double at_sum = 0;
  double delay_sum = 0;
  for (const Sample& s : samples_) {
    at_sum += s.at_ms;
    delay_sum += s.delay_ms;
  }
  const double at_mean = at_sum / kWindow;
  const double delay_mean = delay_sum / kWindow;
  double covariance = 0;
  double variance = 0;
  for (const Sample& s : samples_) {
    covariance += (s.at_ms - at_mean) * (s.delay_ms - delay_mean);
    variance += (s.at_ms - at_mean) * (s.at_ms - at_mean);
  }
  return variance > 0 ? covariance / variance : 0;
}

// Over-use is a slope that stays above the threshold for a while and does not flatten.
void DelayTrend::detect(double trend, double sent_ms) {
  if (trend > threshold_) {
    over_for_ms_ = over_for_ms_ < 0 ? sent_ms / 2 : over_for_ms_ + sent_ms;
    ++over_count_;
    if (over_for_ms_ > kOverForMs && over_count_ > 1 && trend >= trend_) {
      over_for_ms_ = 0;
      over_count_ = 0;
      usage_ = Usage::kOver;
    }
  } else {
    over_for_ms_ = -1;
    over_count_ = 0;
    usage_ = trend < -threshold_ ? Usage::kUnder : Usage::kNormal;
  }
  trend_ = trend;
}

void DelayTrend::adapt(double trend, double at_ms) {
  const double size = trend < 0 ? -trend : trend;
  if (adapted_at_ms_ >= 0 && size <= threshold_ + kMaxAboveThreshold) {
    const double step_ms = std::clamp(at_ms - adapted_at_ms_, 0.0, 100.0);
    threshold_ += (size < threshold_ ? kDown : kUp) * (size - threshold_) * step_ms;
    threshold_ = std::clamp(threshold_, kMinThreshold, kMaxThreshold);
  }
  adapted_at_ms_ = at_ms;
}

}  // namespace noir
