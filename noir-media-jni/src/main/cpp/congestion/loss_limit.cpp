#include "congestion/loss_limit.hpp"

#include <algorithm>

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kWindowPackets = 50;
constexpr Duration kShortestWindow = milliseconds(200);
constexpr Duration kLongestWindow = milliseconds(1000);
constexpr std::int64_t kFewPackets = 10;
constexpr int kLittle = 20;  // Permille.
constexpr int kMuch = 100;
// So much that what is sent is too much, whatever might be.
constexpr int kHeavy = 300;
constexpr int kMostHarmless = 200;
constexpr int kMostOwn = 300;
constexpr std::int64_t kGrowthPercent = 5;
// A reduction by so much must lower the loss by a third, or the loss is the path's.
constexpr std::int64_t kTellingPercent = 90;
constexpr int kTellingWindows = 3;
constexpr int kHelpedPercent = 67;

}  // namespace

void LossLimit::handle(Instant now, const Counts& counts, const Rates& rates) {
  if (!started_) {
    started_ = true;
    window_since_ = now;
  }
  received_ += counts.received;
  lost_ += std::int64_t{counts.lost} - counts.late;
  const Duration age = now - window_since_;
  const std::int64_t packets = received_ + lost_;
  const bool full = packets >= kWindowPackets && age >= kShortestWindow;
  if (full || (age >= kLongestWindow && packets >= kFewPackets)) close_window(now, rates);
}

void LossLimit::close_window(Instant now, const Rates& rates) {
  const auto lately =
      static_cast<int>(std::max<std::int64_t>(lost_, 0) * 1000 / (received_ + std::max<std::int64_t>(lost_, 0)));
  permille_ = first_ ? lately : permille_ + (lately - permille_) / 3;
  first_ = false;
  received_ = 0;
  lost_ = std::min<std::int64_t>(lost_, 0);
  window_since_ = now;
  judge_reduction(rates.sent_bps);
  if (permille_ < own_permille_) own_permille_ += (permille_ - own_permille_) / 8;
  // What gets lost of less than has been shown to get through, while nothing waits, is not ours.
  if (rates.harmless && permille_ > own_permille_ && permille_ < kMostHarmless) {
    own_permille_ += (permille_ - own_permille_) / 2;
  }
  const int excess = permille_ - own_permille_;
  if (excess > kMuch) {
    if (reduced_from_bps_ == 0) {
      reduced_from_bps_ = rates.sent_bps;
      reduced_for_permille_ = permille_;
      windows_since_ = 0;
    }
    const bool heavy = excess > kHeavy && rates.sent_bps < rates.estimate_bps;
    bps_ = std::min(bps_, heavy ? rates.sent_bps : rates.estimate_bps) * (2000 - permille_) / 2000;
  } else if (excess < kLittle && bps_ != kUnlimited) {
    bps_ += bps_ * kGrowthPercent / 100;
    // Far above what is sent it limits nothing any more.
    if (bps_ > rates.estimate_bps * 4) bps_ = kUnlimited;
  }
}

void LossLimit::judge_reduction(std::int64_t sent_bps) {
  if (reduced_from_bps_ == 0 || sent_bps * 100 > reduced_from_bps_ * kTellingPercent) return;
  if (++windows_since_ < kTellingWindows) return;
  if (permille_ * 100 > reduced_for_permille_ * kHelpedPercent) {
    own_permille_ = std::min(std::max(own_permille_, (permille_ + reduced_for_permille_) / 2), kMostOwn);
  }
  reduced_from_bps_ = 0;
}

}  // namespace noir
