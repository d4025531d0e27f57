#include "bench/joins_run.hpp"

#include <algorithm>
#include <deque>
#include <string>

#include "bench/plans.hpp"
#include "bench/target.hpp"
#include "loop/clock.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kRooms = 20;
constexpr int kPublisherKbps = 300;  // Joins are measured here, not media.
constexpr Duration kStay = seconds(4);
constexpr Duration kWarmUp = seconds(15);  // The JVM compiles what it runs often.
constexpr Duration kMeasuredStay = seconds(10);
constexpr Duration kLastJoins = seconds(1);  // Until those who came last are in.
constexpr std::size_t kMemorySamples = 10;

struct Visitor {
  LoadPeer* peer = nullptr;
  Instant leaves_at{};
};

class JoinsRun {
 public:
  explicit JoinsRun(const Options& options)
      : options_(options),
        target_(options, 1, options.numbers),
        interval_(Duration(seconds(1)) / options.joins_per_second) {}

  JoinsResult run() {
    std::vector<PeerPlan> publishers;
    publishers.reserve(kRooms);
    for (int room = 0; room < kRooms; ++room) {
      publishers.push_back({room_name(room), "publisher", {audio_source(), video_source(kPublisherKbps)}, false});
    }
    target_.join(publishers, options_.joins_per_second);
    next_join_ = monotonic_now();
    churn_until(next_join_ + kWarmUp);
    result_.asked_per_second = options_.joins_per_second;
    joins_.clear();
    first_packets_.clear();
    measure();
    measure_stay();
    result_.joins_per_second =
        static_cast<double>(result_.joins) / std::chrono::duration<double>(result_.window).count();
    result_.join = quantiles(std::move(joins_));
    result_.first_packet = quantiles(std::move(first_packets_));
    return result_;
  }

 private:
  static std::string room_name(int room) { return "bench-" + std::to_string(room); }

  void measure() {
    counted_ = true;
    const Instant begin = monotonic_now();
    const auto cpu_before = target_.cpu();
    note_memory();
    for (std::size_t i = 1; i < kMemorySamples; ++i) {
      churn_until(begin + Duration(seconds(options_.seconds)) * static_cast<Duration::rep>(i) /
                              static_cast<Duration::rep>(kMemorySamples - 1));
      note_memory();
    }
    result_.window = monotonic_now() - begin;
    if (cpu_before && result_.joins > 0) {
      result_.cpu_per_join = (*target_.cpu() - *cpu_before) / static_cast<Duration::rep>(result_.joins);
    }
  }

  /// The same number of peers with the same media, of whom none comes or goes.
  void measure_stay() {
    const Duration joins_apart = result_.window / static_cast<Duration::rep>(std::max<std::uint64_t>(result_.joins, 1));
    target_.load().run_for(kLastJoins);
    const auto before = target_.cpu();
    if (!before || result_.joins == 0) return;
    const Instant begin = monotonic_now();
    target_.load().run_for(kMeasuredStay);
    const double share = std::chrono::duration<double>(joins_apart) / (monotonic_now() - begin);
    result_.stay_cpu_per_join = std::chrono::duration_cast<Duration>((*target_.cpu() - *before) * share);
  }

  void note_memory() {
    if (target_.usage() != nullptr) result_.resident_bytes.push_back(target_.usage()->resident_bytes());
  }

  void churn_until(Instant deadline) {
    while (monotonic_now() < deadline) {
      const Instant now = monotonic_now();
      if (now >= next_join_) {
        // Also when the server is behind: who comes does not know.
        next_join_ += interval_;
        const int number = next_number_++;
        LoadPeer& peer =
            target_.load().add({room_name(number % kRooms), "visitor-" + std::to_string(number), {}, false});
        visitors_.push_back({&peer, now + kStay});
      }
      let_leave(now);
      target_.load().run_until(std::min(next_join_, deadline), [] { return false; });
    }
  }

  void let_leave(Instant now) {
    while (!visitors_.empty() && visitors_.front().leaves_at <= now) {
      LoadPeer& peer = *visitors_.front().peer;
      if (counted_) note(peer);
      visitors_.pop_front();
      target_.load().remove(peer);
    }
  }

  void note(const LoadPeer& peer) {
    if (!peer.joined_after()) {
      ++result_.failed;
      return;
    }
    ++result_.joins;
    joins_.push_back(*peer.joined_after());
    if (const auto after = peer.first_packet_after()) first_packets_.push_back(*after);
  }

  // Given.
  const Options& options_;

  // Owned.
  Target target_;
  const Duration interval_;

  // State.
  std::deque<Visitor> visitors_;  // In the order of their coming.
  std::vector<Duration> joins_;
  std::vector<Duration> first_packets_;
  Instant next_join_{};
  int next_number_ = 0;
  bool counted_ = false;
  JoinsResult result_;
};

}  // namespace

JoinsResult run_joins(const Options& options) {
  say("joins, " + std::to_string(options.seconds) + " s");
  return JoinsRun(options).run();
}

}  // namespace noir
