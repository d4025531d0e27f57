#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// Decides when more than what the media need is sent for some milliseconds, to learn whether it gets through: at the
/// start, while less is allowed than is wanted, and to come back after a drop. Media that leave meanwhile are part of
/// the probe; the rest is padding, of which there is a budget.
///
/// Where nothing flows any more, since not even the least of what is wanted fits, nothing is reported either, and what
/// was known of the path is old: a feeler, the smallest of probes, goes every few seconds, whatever was known.
class ProbePlanner {
 public:
  struct Cluster {
    std::uint8_t id = 0;
    std::int64_t rate_bps = 0;
    std::uint32_t octets = 0;
  };
  /// What the planner has to know of the rest.
  struct View {
    std::int64_t estimate_bps = 0;
    std::int64_t before_drop_bps = 0;  // 0 = there was none.
    Duration jitter{};
    bool calm = true;         // No queue, no loss to speak of, news not overdue.
    bool near_limit = false;  // A queue has grown at about this rate.
  };

  explicit ProbePlanner(std::int64_t wanted_bps) : wanted_bps_(wanted_bps) {}

  void set_wanted(Instant now, std::int64_t bps);
  [[nodiscard]] std::int64_t wanted_bps() const { return wanted_bps_; }

  /// Begins a cluster when it is time for one; nothing while one is under way.
  [[nodiscard]] bool begin(Instant now, const View& view);
  [[nodiscard]] const Cluster& cluster() const { return cluster_; }
  [[nodiscard]] bool active() const { return octets_left_ > 0; }
  [[nodiscard]] std::uint8_t active_cluster() const { return active() ? cluster_.id : std::uint8_t{0}; }

  /// Whether a queue may be a probe's.
  [[nodiscard]] bool disturbs(Instant now) const { return active() || now < disturbs_until_; }

  /// Any packet that leaves.
  void note_sent(Instant now, std::uint32_t octets, bool padding);
  /// Octets of padding that are due now; 0 = none.
  [[nodiscard]] std::uint32_t padding_due(Instant now) const;

  /// What the last cluster has shown.
  void handle_outcome(Instant now, std::int64_t rate_bps, std::int64_t proven_bps, const View& view);
  /// The estimate has dropped: nothing that is under way counts.
  void handle_drop(Instant now, const View& view);

  [[nodiscard]] Instant next_timeout() const;

 private:
  void settle_budget(Instant now, Duration most);
  bool begin_idle(Instant now, const View& view);
  void start(Instant now, std::int64_t rate_bps, std::uint32_t octets);
  [[nodiscard]] std::int64_t next_rate(const View& view) const;
  [[nodiscard]] static std::uint32_t octets_of(std::int64_t rate_bps, std::int64_t telling, const View& view);
  void plan(Instant at) { next_at_ = at; }

  std::int64_t wanted_bps_;
  Cluster cluster_;
  std::uint32_t octets_left_ = 0;
  std::uint32_t packet_octets_ = 0;
  Instant cluster_at_;
  Instant next_at_ = kNever;
  Instant disturbs_until_;
  Duration interval_{};
  std::int64_t budget_ = 0;       // Octets of padding.
  std::int64_t budget_rest_ = 0;  // Of an octet.
  std::uint32_t earned_ = 0;      // By media since `budget_at_`.
  Instant budget_at_;
  Instant last_sent_at_;
  std::int64_t last_rate_bps_ = 0;
  std::uint8_t initial_left_ = 2;
  bool started_ = false;
  bool waiting_ = false;  // For an outcome.
  bool after_drop_ = false;
  bool follows_up_ = false;  // On one that got through.
  bool feels_ = false;       // The last cluster was a feeler.
};

}  // namespace noir
