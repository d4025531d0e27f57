#include "congestion/probe_planner.hpp"

#include <algorithm>

#include "congestion/sent_history.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr Duration kClusterTime = milliseconds(20);
constexpr Duration kLongestCluster = milliseconds(100);
// What a token bucket lets pass at once says nothing of its rate.
constexpr std::int64_t kClusterOctets = 6000;
constexpr std::int64_t kFewOctets = 3000;
constexpr std::int64_t kJitters = 3;  // Of jitter must go into a cluster, or its rate is the jitter's.
constexpr std::uint32_t kClusterPackets = 10;
constexpr std::uint32_t kSmallestPacket = 200;
constexpr std::uint32_t kLargestPacket = 1200;
constexpr Duration kBetweenInitial = milliseconds(30);
constexpr Duration kSettle = milliseconds(200);
constexpr Duration kOutcomeTimeout = milliseconds(1000);
constexpr Duration kDisturbance = milliseconds(500);
constexpr Duration kShortestInterval = milliseconds(1000);
constexpr Duration kLongestInterval = milliseconds(5000);
constexpr Duration kAfterDrop = milliseconds(1500);
constexpr std::int64_t kFirstFactor = 3;  // And twice that at once behind it.
constexpr std::int64_t kFactor = 2;
constexpr std::int64_t kLowestRate = 600'000;
constexpr std::int64_t kStep = 600'000;
constexpr std::int64_t kAfterDropPercent = 85;
constexpr std::int64_t kHeadroomPercent = 115;  // Of what is wanted: enough is not proven by exactly enough.
constexpr std::int64_t kNewsPercent = 102;
constexpr std::uint32_t kBudgetShare = 40;  // One octet of padding for each forty of media,
constexpr std::int64_t kBudgetRate = 400;   // and so many in a second.
constexpr std::int64_t kMaxBudget = 24'000;
constexpr Duration kBudgetMemory = std::chrono::seconds(1);
// When nothing has left for so long, nothing is known any more.
constexpr Duration kIdle = milliseconds(1000);
constexpr Duration kIdleMemory = std::chrono::seconds(30);
// A feeler costs what `kBudgetRate` earns meanwhile.
constexpr Duration kFeelerEvery = milliseconds(2500);
constexpr std::int64_t kFeelerRate = 200'000;
constexpr std::uint32_t kFeelerOctets = 5 * kSmallestPacket;

}  // namespace

void ProbePlanner::set_wanted(Instant now, std::int64_t bps) {
  const bool more = bps > wanted_bps_;
  wanted_bps_ = bps;
  if (more && started_ && !waiting_) {
    interval_ = kShortestInterval;
    next_at_ = std::min(next_at_, now);
  }
}

std::int64_t ProbePlanner::next_rate(const View& view) const {
  const std::int64_t enough = wanted_bps_ * kHeadroomPercent / 100;
  if (view.estimate_bps >= enough) return 0;
  std::int64_t rate = view.estimate_bps * kFactor;
  // Near a limit all that share it step up by the same, so that who has little gains on who has much.
  if (view.near_limit) rate = view.estimate_bps + kStep;
  rate = std::max(rate, kLowestRate);
  if (initial_left_ == 2) rate = view.estimate_bps * kFirstFactor;
  if (initial_left_ == 1) rate = last_rate_bps_ * 2;
  if (after_drop_) rate = std::max(rate, view.before_drop_bps * kAfterDropPercent / 100);
  return std::min(rate, enough);
}

bool ProbePlanner::begin(Instant now, const View& view) {
  if (active() || now < next_at_) return false;
  if (waiting_) {  // No outcome in time: lost, or reports are missing.
    waiting_ = false;
    plan(feels_ ? cluster_at_ + kFeelerEvery : now + interval_);
    return false;
  }
  if (now - last_sent_at_ > kIdle) return begin_idle(now, view);
  settle_budget(last_sent_at_, kBudgetMemory);
  const std::int64_t rate = next_rate(view);
  const std::uint32_t octets = octets_of(rate, rate > kLowestRate ? kClusterOctets : kFewOctets, view);
  // What the last one has opened the way for pays for itself with media. No probe is too large to be saved up for.
  const bool paid = budget_ >= std::min<std::int64_t>(octets, kMaxBudget);
  if (rate == 0 || !view.calm || (!paid && !follows_up_)) {
    follows_up_ = false;
    plan(now + interval_);
    return false;
  }
  start(now, rate, octets);
  return true;
}

// The queue and the loss of the last packets do not count, and what the last probes owe is forgotten. Once more is
// allowed than a feeler shows, it is a probe that says more, as soon as time has earned it.
bool ProbePlanner::begin_idle(Instant now, const View& view) {
  budget_ = std::max<std::int64_t>(budget_, 0);
  settle_budget(now, kIdleMemory);
  const std::int64_t rate = next_rate(view);
  const bool feeler = view.estimate_bps < kFeelerRate * 9 / 10;  // Or it has shown what it can.
  const std::uint32_t octets = feeler ? kFeelerOctets : octets_of(rate, kFewOctets, view);
  const bool earned = feeler ? now >= cluster_at_ + kFeelerEvery : budget_ >= std::int64_t{octets};
  if (rate == 0 || !earned) {
    plan(now + kShortestInterval);
    return false;
  }
  if (feeler) initial_left_ = 0;
  start(now, feeler ? std::min(rate, kFeelerRate) : rate, octets);
  feels_ = feeler;
  return true;
}

std::uint32_t ProbePlanner::octets_of(std::int64_t rate, std::int64_t telling, const View& view) {
  const Duration time = std::clamp<Duration>(
      std::max<Duration>(view.jitter * kJitters, milliseconds(telling * 8000 / std::max<std::int64_t>(rate, 1))),
      kClusterTime, kLongestCluster);
  return static_cast<std::uint32_t>(
      std::max<std::int64_t>(rate * (time / milliseconds(1)) / 8000, std::int64_t{kClusterPackets} * kSmallestPacket));
}

void ProbePlanner::start(Instant now, std::int64_t rate, std::uint32_t octets) {
  const auto id = static_cast<std::uint8_t>(cluster_.id % SentHistory::kMaxCluster + 1);
  cluster_ = {id, rate, octets};
  octets_left_ = octets;
  packet_octets_ = std::clamp(octets / kClusterPackets, kSmallestPacket, kLargestPacket);
  cluster_at_ = now;
  last_rate_bps_ = rate;
  follows_up_ = false;
  feels_ = false;
}

void ProbePlanner::note_sent(Instant now, std::uint32_t octets, bool padding) {
  if (!started_) {
    started_ = true;
    interval_ = kShortestInterval;
    budget_ = kMaxBudget;
    budget_at_ = now;
    plan(now);
  }
  if (padding) {
    settle_budget(now, kBudgetMemory);
    budget_ = std::max(budget_ - octets, -kMaxBudget);
  } else {
    earned_ += (octets + kBudgetShare - 1) / kBudgetShare;
    if (now - budget_at_ > kSettle) settle_budget(now, kBudgetMemory);
  }
  last_sent_at_ = now;
  if (!active()) return;
  octets_left_ -= std::min(octets_left_, octets);
  if (active()) return;
  after_drop_ = false;
  disturbs_until_ = now + kDisturbance;
  if (initial_left_ > 0 && --initial_left_ > 0) {
    plan(now + kBetweenInitial);
    return;
  }
  waiting_ = true;
  plan(now + kOutcomeTimeout);
}

// What has been earned since the last time, that being no longer ago than counts: not for each packet.
void ProbePlanner::settle_budget(Instant now, Duration most) {
  const Duration since = std::min(now - budget_at_, most);
  budget_at_ = now;
  budget_rest_ += since.count() * kBudgetRate;
  budget_ = std::min(budget_ + budget_rest_ / 1'000'000'000 + earned_, kMaxBudget);
  budget_rest_ %= 1'000'000'000;
  earned_ = 0;
}

std::uint32_t ProbePlanner::padding_due(Instant now) const {
  if (!active()) return 0;
  const std::int64_t due = cluster_.rate_bps * ((now - cluster_at_) / std::chrono::microseconds(1)) / 8'000'000;
  const std::int64_t gone = std::int64_t{cluster_.octets} - octets_left_;
  return due >= gone ? packet_octets_ : 0;
}

void ProbePlanner::handle_outcome(Instant now, std::int64_t rate_bps, std::int64_t proven_bps, const View& view) {
  if (initial_left_ > 0 || active()) return;
  waiting_ = false;
  const bool news = proven_bps * 100 >= view.estimate_bps * kNewsPercent;
  interval_ = news ? kShortestInterval : std::min(interval_ * 2, kLongestInterval);
  // It got through nearly whole: there may be more.
  const bool more = proven_bps * 10 >= rate_bps * 7 && news;
  follows_up_ = more;
  plan(more ? now : feels_ ? cluster_at_ + kFeelerEvery : now + interval_);
}

void ProbePlanner::handle_drop(Instant now, const View& view) {
  if (feels_ && (active() || waiting_)) return;
  octets_left_ = 0;
  waiting_ = false;
  initial_left_ = 0;
  follows_up_ = false;
  after_drop_ = view.estimate_bps * 3 < view.before_drop_bps * 2;
  interval_ = after_drop_ ? kShortestInterval : kLongestInterval;
  plan(now + (after_drop_ ? kAfterDrop : kLongestInterval));
}

Instant ProbePlanner::next_timeout() const {
  if (!active()) return next_at_;
  const std::int64_t gone = std::int64_t{cluster_.octets} - octets_left_;
  return cluster_at_ + std::chrono::microseconds(gone * 8'000'000 / std::max<std::int64_t>(cluster_.rate_bps, 1));
}

}  // namespace noir
