#include "congestion/rate_control.hpp"

#include <algorithm>

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kBackOffPercent = 85;       // gcc-02 §6: beta.
constexpr std::int64_t kLightBackOffPercent = 92;  // While the queue is short.
constexpr std::int64_t kMostBackOffPercent = 50;   // At once: what others cause passes.
constexpr std::int64_t kGrowthPercent = 8;         // A second, far from the limit.
constexpr std::int64_t kMaxOverDeliveredPercent = 150;
constexpr std::int64_t kMaxOverDeliveredBps = 10'000;
constexpr std::int64_t kFarFromLimitPercent = 120;
constexpr std::int64_t kPacketBits = 9600;
constexpr Duration kReportInterval = milliseconds(100);
constexpr Duration kLongestStep = milliseconds(500);
constexpr Duration kShortQueue = milliseconds(20);
constexpr Duration kDeepQueue = milliseconds(60);
constexpr Duration kForgetBefore = std::chrono::seconds(10);

// The deeper the queue, the more is taken back, so that it drains; a short one may be a key frame's own.
std::int64_t back_off_percent(Duration queue) {
  const Duration depth = std::clamp(queue, kShortQueue, kDeepQueue) - kShortQueue;
  return kLightBackOffPercent - (kLightBackOffPercent - kBackOffPercent) * depth / (kDeepQueue - kShortQueue);
}

std::int64_t percent_of(std::int64_t bps, std::int64_t percent) { return bps * percent / 100; }

}  // namespace

bool RateControl::update(const PathObservation& seen) {
  if (!started_) {
    started_ = true;
    updated_at_ = seen.now;
  }
  bool reduced = false;
  switch (seen.usage) {
    case Usage::kOver:
      reduced = may_reduce(seen);
      if (reduced) decrease(seen);
      break;
    case Usage::kUnder:
      break;  // The queue drains: wait for it to be empty.
    case Usage::kNormal:
      increase(seen);
      break;
  }
  updated_at_ = seen.now;
  return reduced;
}

bool RateControl::may_reduce(const PathObservation& seen) const {
  if (reduced_at_ == Instant::min()) return true;
  // The last reduction has to have been seen first.
  const Duration response = std::clamp<Duration>(seen.round_trip, milliseconds(50), milliseconds(150));
  return seen.now - reduced_at_ >= response + kReportInterval / 2;
}

void RateControl::decrease(const PathObservation& seen) {
  // While a queue grows, what is delivered is what the bottleneck can do: no longer ago than it has grown.
  const std::int64_t delivered = seen.delivered_bps;
  if (delivered == 0) {
    reduce(seen.now, kBackOffPercent);
    return;
  }
  limit_bps_ = limit_bps_ == 0 ? delivered : (limit_bps_ * 3 + delivered) / 4;
  const std::int64_t percent = back_off_percent(seen.queue);
  std::int64_t target = percent_of(delivered, percent);
  if (is_limited_by_source(seen.sent_bps, bps_) && seen.queue < kDeepQueue) {
    target = std::max(target, percent_of(bps_, percent));
  }
  if (before_bps_ == 0) before_bps_ = bps_;
  reduced_at_ = seen.now;
  set(std::min(bps_, std::max(target, percent_of(bps_, kMostBackOffPercent))));
}

void RateControl::increase(const PathObservation& seen) {
  if (before_bps_ != 0 && seen.now - reduced_at_ > kForgetBefore) before_bps_ = 0;
  // What gets through while no queue grows is proven.
  if (seen.delivered_bps > bps_) set(seen.delivered_bps);
  const bool proven = seen.contested || !is_limited_by_source(seen.sent_bps, bps_);
  if (seen.delivered_bps == 0 || !proven) return;
  if (limit_bps_ != 0 && seen.delivered_bps > percent_of(limit_bps_, kFarFromLimitPercent)) limit_bps_ = 0;
  const std::int64_t step_ms = std::min<Duration>(seen.now - updated_at_, kLongestStep) / milliseconds(1);
  std::int64_t per_second = percent_of(bps_, kGrowthPercent);
  if (limit_bps_ != 0) {
    const std::int64_t response_ms = (seen.round_trip + kReportInterval) / milliseconds(1);
    per_second = std::min(per_second, kPacketBits * 1000 / response_ms);
  }
  const std::int64_t most = percent_of(seen.delivered_bps, kMaxOverDeliveredPercent) + kMaxOverDeliveredBps;
  set(std::max(bps_, std::min(bps_ + per_second * step_ms / 1000, most)));
}

void RateControl::raise(Instant now, std::int64_t bps) {
  if (bps <= bps_) return;
  set(bps);
  updated_at_ = now;
  if (limit_bps_ != 0 && bps > percent_of(limit_bps_, kFarFromLimitPercent)) limit_bps_ = 0;
}

void RateControl::reduce(Instant now, std::int64_t percent) {
  if (before_bps_ == 0) before_bps_ = bps_;
  reduced_at_ = now;
  set(percent_of(bps_, percent));
}

void RateControl::set(std::int64_t bps) { bps_ = std::clamp(bps, min_bps_, max_bps_); }

}  // namespace noir
