#include "congestion/reported_limit.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr Duration kShortestMeasure = std::chrono::milliseconds(500);
// Who has said nothing for so long does not say it any more.
constexpr Duration kForget = std::chrono::seconds(10);
// Receivers say no more than half as much again as what they get: who gets little can only say little.
constexpr std::int64_t kCeilingPercent = 130;
constexpr Duration kBeforeGrowth = std::chrono::seconds(5);
constexpr std::int64_t kGrowthPercent = 8;  // A second.
constexpr std::int64_t kFarAbove = 4;       // Times what is sent.
constexpr std::uint32_t kHalfOfAll = 1U << 31U;

}  // namespace

void ReportedLimit::note_sent(Instant now, std::uint32_t octets) {
  // Less than before: a track has gone.
  if (sent_at_ == Instant::min() || octets - sent_ > kHalfOfAll) {
    sent_at_ = now;
    sent_ = octets;
  }
  const Duration since = now - sent_at_;
  if (since < kShortestMeasure) return;
  sent_bps_ = std::int64_t{octets - sent_} * 8'000 / std::max<std::int64_t>(since / std::chrono::milliseconds(1), 1);
  sent_ = octets;
  sent_at_ = now;
}

void ReportedLimit::on_remb(Instant now, std::int64_t bps) {
  const Duration since = receiver_at_ == Instant::min() ? Duration{} : std::min(now - receiver_at_, kForget);
  const std::int64_t before = receiver_bps(now);
  receiver_at_ = now;
  if (sent_bps_ == 0) return;
  if (bps < sent_bps_) {
    receiver_bps_ = bps;
    lowered_at_ = now;
    return;
  }
  receiver_bps_ = before;
  if (before == kNone) return;
  receiver_bps_ = std::max(before, bps);
  if (bps * 100 >= sent_bps_ * kCeilingPercent && now - lowered_at_ > kBeforeGrowth) {
    receiver_bps_ += receiver_bps_ * kGrowthPercent * (since / std::chrono::milliseconds(1)) / 100'000;
  }
  if (receiver_bps_ > sent_bps_ * kFarAbove) receiver_bps_ = kNone;
}

void ReportedLimit::on_reports(Instant now, std::uint32_t expected, std::uint32_t lost) {
  if (sent_bps_ == 0 || expected == 0) return;
  lost = std::min(lost, expected);
  loss_.handle(now, {expected - lost, lost, 0}, {sent_bps_, sent_bps_, false});
  // The lowest layer goes on whatever gets lost, so less than half of what is sent means nothing.
  loss_.raise(sent_bps_ / 2);
}

std::int64_t ReportedLimit::receiver_bps(Instant now) const {
  return receiver_at_ == Instant::min() || now - receiver_at_ > kForget ? kNone : receiver_bps_;
}

std::int64_t ReportedLimit::bps(Instant now) const { return std::min(receiver_bps(now), loss_.bps()); }

BandwidthExplanation ReportedLimit::explain(Instant now) const {
  BandwidthExplanation e;
  e.estimate_bps = bps(now);
  e.sent_bps = sent_bps_;
  e.loss_limit_bps = loss_.bps();
  e.receiver_limit_bps = receiver_bps(now) == kNone ? 0 : receiver_bps(now);
  e.loss_permille = loss_.permille();
  e.own_loss_permille = loss_.own_permille();
  e.limit = bps(now) == kNone                 ? BandwidthLimit::kProof
            : receiver_bps(now) < loss_.bps() ? BandwidthLimit::kReceiver
                                              : BandwidthLimit::kLoss;
  return e;
}

}  // namespace noir
