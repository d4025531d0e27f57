#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "congestion/arrival_groups.hpp"
#include "congestion/byte_rate.hpp"
#include "congestion/delay_trend.hpp"
#include "congestion/loss_limit.hpp"
#include "congestion/others_queue.hpp"
#include "congestion/pacer.hpp"
#include "congestion/probe_meter.hpp"
#include "congestion/probe_planner.hpp"
#include "congestion/queue_delay.hpp"
#include "congestion/rate_control.hpp"
#include "congestion/sent_history.hpp"
#include "rtp/rtcp_twcc.hpp"

namespace noir {

struct BandwidthConfig {
  bool transport_wide = true;  // Whether the subscriber reports packet by packet; else REMB and loss have to do.
  std::int64_t start_bps = 300'000;
  std::int64_t min_bps = 30'000;
  std::int64_t max_bps = 100'000'000;
  std::uint32_t packet_overhead = 28;  // IPv4 and UDP; 48 with IPv6.
};

/// What the estimate is at present, and why.
enum class BandwidthLimit : std::uint8_t { kStart, kProof, kDelay, kLoss, kSilence, kReceiver };
[[nodiscard]] const char* to_text(BandwidthLimit limit);

struct BandwidthExplanation {
  std::int64_t estimate_bps = 0;
  std::int64_t wanted_bps = 0;
  std::int64_t sent_bps = 0;
  std::int64_t delivered_bps = 0;
  std::int64_t delay_limit_bps = 0;
  std::int64_t loss_limit_bps = 0;      // LossLimit::kUnlimited = none.
  std::int64_t receiver_limit_bps = 0;  // By REMB; 0 = none.
  BandwidthLimit limit = BandwidthLimit::kStart;
  Usage usage = Usage::kNormal;
  Duration round_trip{};  // Waiting for the report included.
  Duration queue{};
  Duration jitter{};
  int loss_permille = 0;
  int own_loss_permille = 0;  // What the path loses whatever is sent.
  std::uint32_t reports = 0;
  std::uint32_t mismatched_reports = 0;
  std::uint64_t octets = 0;
  std::uint64_t padding_octets = 0;
  bool paced = false;
};

/// How much one subscriber's path takes: numbers and times of what is sent go in, and what comes back; an estimate,
/// a pace and requests for padding come out.
///
///   on_sent ──▶ SentHistory ──▶ on_feedback ─┬▶ ArrivalGroups → DelayTrend ─┐
///                                            ├▶ ByteRate: delivered ────────┼▶ RateControl ─┬─▶ estimate, Pacer
///                                            ├▶ LossLimit ──────────────────┼───────────────┘
///                                            └▶ ProbeMeter ─────────────────┘◀─ ProbePlanner: padding
///
/// Time is an argument, and nothing here sends: the caller calls `on_timer` at `next_timeout`, which may have come
/// nearer after every call, and asks for padding after that. Thread: loop.
class BandwidthController {
 public:
  explicit BandwidthController(const BandwidthConfig& config);

  /// A packet leaves with the transport-wide number `seq`; `size` is the UDP payload. Without `transport_wide`, `seq`
  /// counts all the same.
  void on_sent(Instant now, std::uint16_t seq, std::uint32_t size, SentKind kind);
  /// Asks for what `on_sent` will need, in the order in which one thing points to the next.
  void prefetch_sending() const {
    const auto* end = reinterpret_cast<const char*>(&delivered_);
    prefetch(this, static_cast<std::size_t>(end - reinterpret_cast<const char*>(this)));
  }
  void prefetch_history(std::size_t packets) const { history_.prefetch(newest_sent_, packets); }
  /// Asks for the places of what the next report is likely to speak of.
  void prefetch_reported() const {
    history_.prefetch(next_reported_, static_cast<std::uint16_t>(newest_sent_ - next_reported_) % kFewReported);
  }
  /// False when nothing of what it reports was ever sent, or it is long ago.
  bool on_feedback(Instant now, const TransportFeedback& feedback);
  /// The numbers of repairs that the last feedback was the first to call lost, the first so many of them.
  [[nodiscard]] std::span<const std::uint16_t> lost_repairs() const {
    return {lost_repairs_.data(), lost_repair_count_};
  }
  void on_remb(Instant now, std::int64_t bps);
  /// What receiver reports say has become of the last packets, of all tracks; used where nothing better comes.
  void on_receiver_report(Instant now, std::uint32_t expected, std::uint32_t lost, Duration round_trip);
  void on_timer(Instant now);
  [[nodiscard]] Instant next_timeout() const;

  /// What may be sent, IP headers included.
  [[nodiscard]] std::int64_t estimate_bps() const { return estimate_bps_; }
  /// Whether the client reports at all. There are those that agree to it and never do: their silence says nothing.
  [[nodiscard]] bool has_reports() const { return reports_ > 0; }
  /// Whether something has shown that this is all that gets through; else it is only that nothing has shown that more
  /// does.
  [[nodiscard]] bool is_constrained() const {
    return has_reports() && limit_ != BandwidthLimit::kStart && limit_ != BandwidthLimit::kProof;
  }
  /// Whether the estimate is the one that every line begins with, or what the first probes have made of it.
  [[nodiscard]] bool is_starting() const { return limit_ == BandwidthLimit::kStart; }
  /// Whether nothing has been heard yet, and it is early days: the first report is on its way, or will be.
  [[nodiscard]] bool awaits_first_report(Instant now) const;
  /// What would be sent if it could: nothing is probed for beyond. From the allocator: the next layers' rate or
  /// that of all that is wanted.
  void set_wanted(Instant now, std::int64_t bps) { planner_.set_wanted(now, bps); }

  /// Before a packet is numbered: whether it may leave, or has to wait until `pacer().next_send()`. Audio need not ask.
  [[nodiscard]] bool may_send(Instant now) const { return pacer_.may_send(now); }
  [[nodiscard]] const Pacer& pacer() const { return pacer_; }
  /// The size, as UDP payload, of a packet of padding, or of something to repeat, that should leave now; 0 = none. Ask
  /// again after it has left.
  [[nodiscard]] std::uint32_t padding_due(Instant now) const;

  [[nodiscard]] BandwidthExplanation explain(Instant now) const;

 private:
  struct Report;

  static constexpr unsigned kFewReported = 32;  // Packets: more than reports speak of, mostly.

  void handle_came(Instant now, std::uint16_t seq, Duration arrived, Report& report);
  void handle_missing(Instant now, std::uint16_t end, Report& report);
  void bridge_gap(Instant now, const TransportFeedback& feedback, Duration reference);
  void handle_received(const PacketResult& result, Report& report);
  void finish_report(Instant now, const Report& report);
  void handle_mismatch(Instant now);
  void handle_stale(Instant now, const Report& report);
  void handle_probes(Instant now);
  void handle_silence(Instant now);
  void forget_lately();
  void settle(Instant now, BandwidthLimit reason);
  void limit_by_loss(Instant now, const LossLimit::Counts& counts);
  [[nodiscard]] std::int64_t sent_bps(Instant now) const;
  [[nodiscard]] ProbePlanner::View view(Instant now) const;
  [[nodiscard]] bool is_calm(Instant now) const;
  [[nodiscard]] Duration patience() const;
  void await_answer(Instant since);

  // What `on_sent` touches, up to `delivered_`.
  SentHistory history_;
  Pacer pacer_;
  BandwidthLimit limit_ = BandwidthLimit::kStart;
  std::uint16_t newest_sent_ = 0;
  std::uint32_t reports_ = 0;
  std::uint64_t octets_ = 0;
  std::uint64_t padding_octets_ = 0;
  Instant first_sent_at_ = Instant::min();
  Instant last_sent_at_ = Instant::min();
  Instant unanswered_since_ = kNever;  // When the first packet left that nothing has been heard of since,
  Instant silent_at_ = kNever;         // and when that is too long ago.
  BandwidthConfig config_;
  ByteRate sent_;
  ProbePlanner planner_;

  // What reports do.
  ByteRate delivered_;
  ArrivalGroups groups_;
  DelayTrend trend_;
  QueueDelay queue_;
  OthersQueue others_;
  LossLimit loss_;
  RateControl rate_;
  ProbeMeter meter_;

  std::int64_t estimate_bps_;
  std::int64_t receiver_limit_bps_ = 0;
  std::int64_t reference_ = 0;  // Of the last report, unwrapped.
  Duration round_trip_{};
  Instant grown_at_;  // Without transport-wide feedback.
  Instant uneasy_at_ = Instant::min();
  Instant matched_at_ = Instant::min();  // When a report last spoke of what was sent.
  Instant stale_since_ = kNever;         // Since when none of them has told a time that can be.
  std::uint32_t mismatched_ = 0;
  std::uint16_t next_reported_ = 0;  // What the last report leads one to expect.
  Duration last_arrival_{};
  std::array<std::uint16_t, 32> lost_repairs_{};
  std::size_t lost_repair_count_ = 0;
};

}  // namespace noir
