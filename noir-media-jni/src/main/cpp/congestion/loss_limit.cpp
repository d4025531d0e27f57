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
constexpr std::int64_t kDeliveredPercent = 85;
constexpr std::int64_t kGrowthPercent = 5;
// Sending by so much less tells whose the loss is.
constexpr std::int64_t kTellingPercent = 90;
constexpr int kTellingWindows = 3;

}  // namespace

void LossLimit::handle(Instant now, const Counts& counts, const Rates& rates) {
  if (!started_) {
    started_ = true;
    window_since_ = now;
  }
  most_sent_bps_ = std::max(most_sent_bps_, rates.sent_bps);
  most_delivered_bps_ = std::max(most_delivered_bps_, rates.delivered_bps);
  received_ += counts.received;
  lost_ += std::int64_t{counts.lost} - counts.late;
  const Duration age = now - window_since_;
  const std::int64_t packets = received_ + lost_;
  const bool full = packets >= kWindowPackets && age >= kShortestWindow;
  if (full || (age >= kLongestWindow && packets >= kFewPackets)) close_window(now, rates);
}

void LossLimit::close_window(Instant now, const Rates& rates) {
  const std::int64_t lost = std::max<std::int64_t>(lost_, 0);
  const Counts window{static_cast<std::uint32_t>(received_), static_cast<std::uint32_t>(lost), 0};
  const auto lately = static_cast<int>(permille_of(received_, lost));
  permille_ = first_ ? lately : permille_ + (lately - permille_) / 3;
  lately_permille_ = lately;
  first_ = false;
  received_ = 0;
  lost_ = std::min<std::int64_t>(lost_, 0);
  window_since_ = now;
  judge_reduction(window, rates.sent_bps);
  if (permille_ < own_permille_) own_permille_ += (permille_ - own_permille_) / 8;
  // What gets lost of less than has been shown to get through, while nothing waits, is not ours.
  if (rates.harmless && permille_ > own_permille_ && permille_ < kMostHarmless) {
    own_permille_ += (permille_ - own_permille_) / 2;
  }
  const int excess = permille_ - own_permille_;
  if (excess > kMuch && lately - own_permille_ > kLittle) {
    if (reduced_from_bps_ == 0) {
      reduced_from_bps_ = rates.sent_bps;
      before_ = window;
      after_ = {};
      after_bps_ = 0;
      windows_since_ = 0;
    }
    const bool heavy = excess > kHeavy && most_sent_bps_ < rates.estimate_bps;
    const std::int64_t lowered =
        std::min(bps_, heavy ? most_sent_bps_ : rates.estimate_bps) * (2000 - permille_) / 2000;
    // What overflows is lost beside what gets through, not of it.
    bps_ = std::min(bps_, std::max(lowered, most_delivered_bps_ * kDeliveredPercent / 100));
  } else if (excess < kLittle && bps_ != kUnlimited) {
    bps_ += bps_ * kGrowthPercent / 100;
    // Far above what is sent it limits nothing any more.
    if (bps_ > rates.estimate_bps * 4) bps_ = kUnlimited;
  }
  most_sent_bps_ = rates.sent_bps;
  most_delivered_bps_ = rates.delivered_bps;
}

void LossLimit::judge_reduction(const Counts& window, std::int64_t sent_bps) {
  if (reduced_from_bps_ == 0) return;
  if (sent_bps * 100 > reduced_from_bps_ * kTellingPercent) {
    before_.received += window.received;
    before_.lost += window.lost;
    return;
  }
  if (windows_since_++ == 0) return;  // Of both.
  after_.received += window.received;
  after_.lost += window.lost;
  after_bps_ += sent_bps;
  if (windows_since_ <= kTellingWindows) return;
  // A full bottleneck delivers as much as before; a path that loses its share delivers less in proportion. Half-way
  // between the two is where to tell them apart.
  const std::int64_t loss_before = permille_of(before_.received, before_.lost);
  const std::int64_t loss_after = permille_of(after_.received, after_.lost);
  const std::int64_t sent_after = after_bps_ / kTellingWindows;
  const std::int64_t before = reduced_from_bps_ * (1000 - loss_before) / 1000;
  const std::int64_t after = sent_after * (1000 - loss_after) / 1000;
  const bool in_proportion = after * 2 < before * (1000 + sent_after * 1000 / reduced_from_bps_) / 1000;
  const bool the_same = loss_after * 4 > loss_before * 3 && loss_after * 4 < loss_before * 5;
  if (in_proportion && the_same) {
    own_permille_ = std::min(std::max(own_permille_, static_cast<int>(loss_before + loss_after) / 2), kMostOwn);
  }
  reduced_from_bps_ = 0;
}

}  // namespace noir
