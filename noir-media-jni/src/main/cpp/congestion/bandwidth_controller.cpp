#include "congestion/bandwidth_controller.hpp"

#include <algorithm>
#include <optional>

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTick = std::chrono::microseconds(250);
constexpr std::int64_t kTicksPerReference = 256;
constexpr std::int64_t kRateSteps = 10;   // Half a second.
constexpr std::int64_t kLatelySteps = 4;  // A fifth.
constexpr std::int64_t kPacePercent = 150;
constexpr std::int64_t kMismatchPercent = 70;
constexpr std::int64_t kSilencePercent = 50;
constexpr Duration kShortestPatience = milliseconds(500);
// For how long after a sign of congestion packets are paced.
constexpr Duration kUneasy = seconds(2);
// After so long without a packet, what the last ones met says nothing any more.
constexpr Duration kPause = milliseconds(1000);
// What came so long before packets that left earlier is another packet of that number: of a server that had the
// connection before.
constexpr Duration kBeforeOurTime = seconds(2);
// It has half a second of them; later the clock has been set.
constexpr Duration kOthersTime = seconds(2);
// What is called lost so late was lost on a path, or to a receiver, of another time.
constexpr Duration kOldNews = seconds(2);
constexpr Duration kCalmQueue = milliseconds(25);
constexpr std::uint16_t kLongestGap = 1024;  // Packets.
constexpr Duration kHarmlessQueue = milliseconds(10);
constexpr Duration kProbeQueue = milliseconds(60);
// Among flows that only yield to loss we do, too.
constexpr int kContestedLoss = 30;
constexpr std::int64_t kContestedPercent = 85;
constexpr int kCalmLoss = 50;  // Permille, beyond the path's own.
constexpr int kLittleLoss = 20;
constexpr std::int64_t kGrowthPercent = 8;  // A second, without transport-wide feedback.
constexpr std::int64_t kHeadroomPercent = 105;
// What a first report may take: a round trip, on a slow path, and a client that is busy with joining.
constexpr Duration kFirstReport = seconds(2);

}  // namespace

/// What one feedback message adds up to.
struct BandwidthController::Report {
  Duration reference{};
  LossLimit::Counts counts;
  std::uint32_t known = 0;
  std::uint32_t stale = 0;
  std::optional<std::uint16_t> missing_from;  // Not received, so far.
  Instant newest_sent = Instant::min();       // Of what was received.
  std::uint16_t newest_seq = 0;
};

const char* to_text(BandwidthLimit limit) {
  switch (limit) {
    case BandwidthLimit::kStart:
      return "nothing known yet";
    case BandwidthLimit::kProof:
      return "nothing has shown that more gets through";
    case BandwidthLimit::kDelay:
      return "a queue was growing";
    case BandwidthLimit::kLoss:
      return "packets are lost";
    case BandwidthLimit::kSilence:
      return "reports do not come, or are of nothing that was sent";
    case BandwidthLimit::kReceiver:
      return "the receiver's own estimate";
  }
  return "";
}

BandwidthController::BandwidthController(const BandwidthConfig& config)
    : config_(config),
      planner_(0),
      rate_(config.start_bps, config.min_bps, config.max_bps),
      estimate_bps_(config.start_bps) {
  pacer_.set_rate(estimate_bps_ * kPacePercent / 100, !config.transport_wide);
}

void BandwidthController::on_sent(Instant now, std::uint16_t seq, std::uint32_t size, SentKind kind) {
  const std::uint32_t octets = size + config_.packet_overhead;
  sent_.add(now.time_since_epoch(), octets);
  octets_ += octets;
  if (kind == SentKind::kPadding) padding_octets_ += octets;
  pacer_.note_sent(now, octets);
  if (!config_.transport_wide) return;
  if (last_sent_at_ == Instant::min()) {
    first_sent_at_ = now;
  } else if (now - last_sent_at_ > kPause) {
    forget_lately();
  }
  last_sent_at_ = now;
  history_.record(now, seq, octets, kind, planner_.active_cluster());
  planner_.note_sent(now, octets, kind == SentKind::kPadding);
  newest_sent_ = seq;
  if (unanswered_since_ == kNever) await_answer(now);
}

// Delays are compared from packet to packet, and loss is one of the last few.
void BandwidthController::forget_lately() {
  groups_ = {};
  trend_ = {};
  queue_.forget_lately();
  loss_.forget_lately();
}

bool BandwidthController::on_feedback(Instant now, const TransportFeedback& feedback) {
  if (!config_.transport_wide) return true;
  // 24 bits that wrap: as near to the last as can be.
  const auto step = static_cast<std::int32_t>((feedback.reference - static_cast<std::uint32_t>(reference_)) << 8) >> 8;
  reference_ += step;
  ++reports_;
  lost_repair_count_ = 0;
  Report report;
  report.reference = reference_ * kTicksPerReference * kTick;
  bridge_gap(now, feedback, report.reference);
  feedback.for_each_run([&](std::uint16_t seq, std::size_t, std::int64_t ticks) {
    if (ticks != TransportFeedback::kNotReceived) {
      handle_came(now, seq, report.reference + ticks * kTick, report);
    } else if (!report.missing_from) {
      report.missing_from = seq;
    }
  });
  if (report.known == 0) {
    handle_mismatch(now);
  } else {
    finish_report(now, report);
  }
  return report.known != 0;
}

// A report that got lost spoke of packets that came, most likely: without them less would seem to get through.
void BandwidthController::bridge_gap(Instant now, const TransportFeedback& feedback, Duration reference) {
  const auto gap = static_cast<std::uint16_t>(feedback.base_seq - next_reported_);
  const auto end = static_cast<std::uint16_t>(feedback.base_seq + feedback.status_count);
  if (gap >= 0x8000) return;  // About packets of earlier reports.
  const bool bridges = reports_ > 1 && gap > 0 && gap < kLongestGap && reference > last_arrival_;
  for (std::uint16_t i = 0; bridges && i < gap; ++i) {
    const std::uint32_t octets = history_.unreported_size(now, static_cast<std::uint16_t>(next_reported_ + i));
    if (octets > 0) delivered_.add(last_arrival_ + (reference - last_arrival_) * i / gap, octets);
  }
  next_reported_ = end;
}

void BandwidthController::handle_came(Instant now, std::uint16_t seq, Duration arrived, Report& report) {
  PacketResult result;
  const SentHistory::Match match = history_.report(now, seq, true, result);
  if (match == SentHistory::Match::kUnknown) return;
  ++report.known;
  if (last_arrival_ - arrived > kBeforeOurTime) {
    ++report.stale;
    return;
  }
  handle_missing(now, seq, report);
  if (match == SentHistory::Match::kRepeated) return;
  result.arrived = arrived;
  report.newest_seq = seq;
  handle_received(result, report);
  meter_.handle(result);
}

// Lost is what has not come by the time that something sent later has: what is missing before `end`, which did come. In
// front of packets of another time it says nothing; it may be under way.
void BandwidthController::handle_missing(Instant now, std::uint16_t end, Report& report) {
  if (!report.missing_from) return;
  const std::uint32_t missing = static_cast<std::uint16_t>(end - *report.missing_from);
  report.missing_from.reset();
  const std::uint32_t remembered = history_.capacity() - 1 - static_cast<std::uint16_t>(newest_sent_ - end);
  for (auto seq = static_cast<std::uint16_t>(end - std::min(missing, remembered)); seq != end; ++seq) {
    PacketResult result;
    const SentHistory::Match match = history_.report(now, seq, false, result);
    if (match != SentHistory::Match::kUnknown) ++report.known;
    if (match != SentHistory::Match::kNew) continue;
    if (now - result.sent < kOldNews) {
      ++report.counts.lost;
      if (result.kind == SentKind::kRepair && lost_repair_count_ < lost_repairs_.size()) {
        lost_repairs_[lost_repair_count_++] = seq;
      }
    }
    meter_.handle(result);
  }
}

void BandwidthController::handle_received(const PacketResult& result, Report& report) {
  ++report.counts.received;
  if (result.was_lost) ++report.counts.late;
  report.newest_sent = std::max(report.newest_sent, result.sent);
  delivered_.add(result.arrived, result.size);
  last_arrival_ = std::max(last_arrival_, result.arrived);
  if (result.was_lost) return;
  queue_.handle(result.sent, result.arrived);
  if (const auto delta = groups_.handle(result.sent, result.arrived)) (void)trend_.handle(*delta);
}

void BandwidthController::finish_report(Instant now, const Report& report) {
  matched_at_ = now;
  handle_stale(now, report);
  queue_.end_report();
  if (report.counts.received > 0) {
    const Duration sample = now - report.newest_sent;
    round_trip_ += round_trip_ == Duration::zero() ? sample : (sample - round_trip_) / 8;
    await_answer(report.newest_seq == newest_sent_ ? kNever : now);
  }
  limit_by_loss(now, report.counts);
  PathObservation seen{now, trend_.usage(), sent_bps(now), 0, 0, round_trip_, queue_.reported()};
  if (delivered_.covers(kRateSteps)) seen.delivered_bps = delivered_.bps(kRateSteps);
  if (delivered_.covers(kLatelySteps)) seen.delivered_lately_bps = delivered_.bps(kLatelySteps);
  // A queue that was empty in between was a burst's, a key frame's, say, and a short one may be a probe's: wait, no
  // more.
  const bool harmless = !queue_.persists() || (planner_.disturbs(now) && seen.queue < kProbeQueue);
  if (seen.usage == Usage::kOver && harmless) seen.usage = Usage::kUnder;
  others_.handle(now, seen.queue);
  if (others_.present() && loss_.permille() - loss_.own_permille() > kContestedLoss) {
    rate_.reduce(now, kContestedPercent);
    planner_.handle_drop(now, view(now));
    others_.restart(now, seen.queue);
  }
  if (others_.present() && seen.usage == Usage::kOver) seen.usage = Usage::kNormal;
  seen.contested = others_.present();
  BandwidthLimit reason = limit_;
  const std::int64_t before = rate_.bps();
  if (rate_.update(seen)) {
    planner_.handle_drop(now, view(now));
    others_.note_reduction(now, seen.queue);
    reason = BandwidthLimit::kDelay;
  } else if (rate_.bps() > before) {
    reason = BandwidthLimit::kProof;
  }
  if (queue_.persists() && (trend_.usage() != Usage::kNormal || seen.queue > kCalmQueue)) uneasy_at_ = now;
  handle_probes(now);
  settle(now, reason);
}

void BandwidthController::handle_stale(Instant now, const Report& report) {
  if (report.counts.received > 0) stale_since_ = kNever;
  if (report.counts.received > 0 || report.stale == 0) return;
  await_answer(now);
  if (stale_since_ == kNever) stale_since_ = now;
  if (now - stale_since_ < kOthersTime) return;
  stale_since_ = kNever;
  last_arrival_ = {};
  queue_ = {};
  forget_lately();
}

// A receiver that reports what was never sent, or long ago, is of no more use than one that reports nothing. That of
// another server's packets comes beside one of ours.
void BandwidthController::handle_mismatch(Instant now) {
  ++mismatched_;
  if (first_sent_at_ == Instant::min()) return;  // It cannot be about us yet.
  if (now - std::max(matched_at_, first_sent_at_) < patience()) return;
  uneasy_at_ = now;
  if (rate_.reduced_at() != Instant::min() && now - rate_.reduced_at() < patience()) return;
  rate_.reduce(now, kMismatchPercent);
  planner_.handle_drop(now, view(now));
  settle(now, BandwidthLimit::kSilence);
}

void BandwidthController::handle_probes(Instant now) {
  while (const auto outcome = meter_.poll()) {
    const ProbePlanner::View before = view(now);
    if (outcome->proven_bps > rate_.bps() && (trend_.usage() != Usage::kOver || others_.present())) {
      rate_.raise(now, outcome->proven_bps);
      loss_.raise(outcome->proven_bps);
      limit_ = BandwidthLimit::kProof;
    }
    if (outcome->cluster != planner_.cluster().id) continue;  // Of an earlier one.
    planner_.handle_outcome(now, outcome->rate_bps, outcome->proven_bps, before);
  }
}

void BandwidthController::limit_by_loss(Instant now, const LossLimit::Counts& counts) {
  const std::int64_t sent = sent_bps(now);
  const bool harmless = config_.transport_wide && queue_.reported() < kHarmlessQueue && !planner_.disturbs(now) &&
                        RateControl::is_limited_by_source(sent, estimate_bps_);
  const std::int64_t delivered = delivered_.covers(kRateSteps) ? delivered_.bps(kRateSteps) : 0;
  loss_.handle(now, counts, {sent, estimate_bps_, harmless, delivered});
  if (loss_.permille() - loss_.own_permille() > kCalmLoss) uneasy_at_ = now;
}

void BandwidthController::on_remb(Instant now, std::int64_t bps) {
  receiver_limit_bps_ = std::max(bps, config_.min_bps);
  settle(now, limit_);
}

void BandwidthController::on_receiver_report(Instant now, std::uint32_t expected, std::uint32_t lost,
                                             Duration round_trip) {
  if (config_.transport_wide) return;
  round_trip_ = round_trip;
  limit_by_loss(now, {expected - std::min(lost, expected), lost, 0});
  // Nothing else says that there is room: try, up to what is wanted.
  const std::int64_t elapsed_ms = std::min<Duration>(now - grown_at_, seconds(1)) / milliseconds(1);
  grown_at_ = now;
  if (loss_.permille() - loss_.own_permille() < kLittleLoss) {
    const std::int64_t grown = estimate_bps_ + estimate_bps_ * kGrowthPercent * elapsed_ms / 100'000;
    rate_.raise(now, std::min(grown, planner_.wanted_bps() * kHeadroomPercent / 100));
  }
  settle(now, BandwidthLimit::kProof);
}

void BandwidthController::on_timer(Instant now) {
  if (!config_.transport_wide) return;
  handle_silence(now);
  const ProbePlanner::View seen = view(now);
  if (planner_.begin(now, seen)) {
    const ProbePlanner::Cluster& cluster = planner_.cluster();
    meter_.expect(cluster.id, cluster.octets, cluster.rate_bps);
  }
}

void BandwidthController::handle_silence(Instant now) {
  if (now < silent_at_) return;
  // Once nothing is sent and the least is reached, there is nothing to wait for.
  const bool over = last_sent_at_ < unanswered_since_ && rate_.bps() <= config_.min_bps;
  await_answer(over ? kNever : now);
  if (over) return;
  uneasy_at_ = now;
  rate_.reduce(now, kSilencePercent);
  planner_.handle_drop(now, view(now));
  settle(now, BandwidthLimit::kSilence);
}

void BandwidthController::await_answer(Instant since) {
  unanswered_since_ = since;
  silent_at_ = since == kNever ? kNever : since + patience();
}

Duration BandwidthController::patience() const { return std::max(kShortestPatience, round_trip_ * 2); }

void BandwidthController::settle(Instant now, BandwidthLimit reason) {
  if (loss_.bps() < rate_.bps()) {
    rate_.cap(loss_.bps());
    reason = BandwidthLimit::kLoss;
  }
  estimate_bps_ = rate_.bps();
  if (receiver_limit_bps_ != 0 && receiver_limit_bps_ < estimate_bps_) {
    estimate_bps_ = receiver_limit_bps_;
    reason = BandwidthLimit::kReceiver;
  }
  limit_ = reason;
  const bool open = is_calm(now) && (reports_ > 0 || !config_.transport_wide) && sent_bps(now) <= estimate_bps_;
  pacer_.set_rate(estimate_bps_ * kPacePercent / 100, open);
}

bool BandwidthController::awaits_first_report(Instant now) const {
  return reports_ == 0 && (first_sent_at_ == Instant::min() || now - first_sent_at_ < kFirstReport);
}

bool BandwidthController::is_calm(Instant now) const {
  return uneasy_at_ == Instant::min() || now - uneasy_at_ > kUneasy;
}

std::int64_t BandwidthController::sent_bps(Instant now) const { return sent_.bps(kRateSteps, now.time_since_epoch()); }

ProbePlanner::View BandwidthController::view(Instant now) const {
  const bool late = unanswered_since_ != kNever && now - unanswered_since_ > patience() / 2;
  const bool level = trend_.usage() == Usage::kNormal && queue_.reported() <= kCalmQueue;
  const bool calm =
      (level || others_.present()) && !late && loss_.lately_permille() - loss_.own_permille() <= kCalmLoss;
  return {rate_.bps(), rate_.before_bps(), trend_.jitter(), calm, rate_.near_limit()};
}

std::uint32_t BandwidthController::padding_due(Instant now) const {
  const std::uint32_t octets = planner_.padding_due(now);
  return octets > config_.packet_overhead ? octets - config_.packet_overhead : 0;
}

Instant BandwidthController::next_timeout() const {
  if (!config_.transport_wide) return kNever;
  return std::min(silent_at_, planner_.next_timeout());
}

BandwidthExplanation BandwidthController::explain(Instant now) const {
  BandwidthExplanation e;
  e.estimate_bps = estimate_bps_;
  e.wanted_bps = planner_.wanted_bps();
  e.sent_bps = sent_bps(now);
  e.delivered_bps = delivered_.bps(kRateSteps);
  e.delay_limit_bps = rate_.bps();
  e.loss_limit_bps = loss_.bps();
  e.receiver_limit_bps = receiver_limit_bps_;
  e.limit = limit_;
  e.usage = trend_.usage();
  e.round_trip = round_trip_;
  e.queue = queue_.reported();
  e.jitter = trend_.jitter();
  e.loss_permille = loss_.permille();
  e.own_loss_permille = loss_.own_permille();
  e.reports = reports_;
  e.mismatched_reports = mismatched_;
  e.octets = octets_;
  e.padding_octets = padding_octets_;
  e.paced = !pacer_.open();
  return e;
}

}  // namespace noir
