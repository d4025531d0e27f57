#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "congestion/media_flow.hpp"
#include "congestion/tcp_flow.hpp"
#include "congestion/virtual_network.hpp"

namespace noir::test {

/// Flows that share a bottleneck, each with paths of its own behind it and back.
class Dumbbell {
 public:
  explicit Dumbbell(std::uint64_t seed, std::int64_t bps, Duration longest = std::chrono::milliseconds(300));

  MediaSender& add_media(const MediaParams& params, const PathParams& forward = {}, const PathParams& back = {});
  void add_tcp(const PathParams& path = {}, std::uint64_t burst_packets = 0, Duration rest = {});

  void run_until(Duration since_start);
  void set_rate(std::int64_t bps);
  /// What comes behind the bottleneck for all that passes; for chains of them.
  [[nodiscard]] Bottleneck& bottleneck() { return bottleneck_; }
  [[nodiscard]] Schedule& schedule() { return schedule_; }
  [[nodiscard]] Instant start() const { return start_; }

  [[nodiscard]] MediaSender& sender(std::size_t flow) { return *senders_.at(flow); }
  [[nodiscard]] const Course& received(std::size_t flow) const { return *received_.at(flow); }
  [[nodiscard]] VirtualPath& forward(std::size_t flow) { return *forward_.at(flow); }
  [[nodiscard]] VirtualPath& back(std::size_t flow) { return *back_.at(flow); }

  // Figures, from `from` to `to` after the start.
  /// Percent of the bottleneck that was used.
  [[nodiscard]] int used_percent(Duration from, Duration to) const;
  /// Of all packets' times in the queue, in ms.
  [[nodiscard]] int queue_ms(double quantile, Duration from, Duration to) const;
  /// Dropped by the bottleneck, of a thousand.
  [[nodiscard]] int dropped_permille(Duration from, Duration to) const;
  /// Jain's index of what the flows got, in percent.
  [[nodiscard]] int jain_percent(Duration from, Duration to) const;
  /// Padding of all media flows, of a thousand octets.
  [[nodiscard]] int padding_permille();
  /// Percent of what the bottleneck might have sent that media flow `flow` sent in its worst second.
  [[nodiscard]] int worst_second_percent(std::size_t flow, Duration from, Duration to) const;

 private:
  Schedule schedule_;
  Chance chance_;
  Instant start_;
  Exit exit_;
  Exit back_exit_;
  Bottleneck bottleneck_;
  std::vector<std::unique_ptr<MediaSender>> senders_;  // Null for TCP.
  std::vector<std::unique_ptr<Hop>> others_;
  std::vector<std::unique_ptr<VirtualPath>> forward_;
  std::vector<std::unique_ptr<VirtualPath>> back_;
  std::vector<const Course*> received_;
  std::vector<std::pair<Duration, std::int64_t>> rates_;
};

/// When, after `from`, `course` first has `bps` over half a second; `to` when never.
[[nodiscard]] Duration time_to_reach(const Course& course, std::int64_t bps, Duration from, Duration to);
[[nodiscard]] Duration time_to_fall(const Course& course, std::int64_t bps, Duration from, Duration to);

}  // namespace noir::test
