#include "bench/memory_run.hpp"

#include <stdexcept>
#include <string>

#include "bench/plans.hpp"
#include "bench/target.hpp"

namespace noir {

namespace {

using std::chrono::seconds;

// Classes and compiled code are there afterwards, for as many joins as are measured.
constexpr int kWarmUpRounds = 3;
constexpr int kWarmUpPeers = 100;
constexpr int kIdlePeers = 200;
constexpr int kSubscribers = 200;
constexpr int kPublishers = 40;
constexpr std::size_t kPeersPerRoom = 10;
// Three seconds after the last join the server gives back what the handshakes have left; ten seconds later the threads
// have ended that a burst of joins has started.
constexpr Duration kSettle = seconds(15);

/// Who only receive.
std::vector<PeerPlan> peers(const std::string& room, int count) {
  std::vector<PeerPlan> plans;
  plans.reserve(static_cast<std::size_t>(count) + 1);
  for (int i = 0; i < count; ++i) plans.push_back({room, "peer-" + std::to_string(i), {}, false});
  return plans;
}

std::vector<PeerPlan> idle_peers(const std::string& prefix, int count) {
  std::vector<PeerPlan> plans = peers({}, count);
  for (std::size_t i = 0; i < plans.size(); ++i) plans[i].room = prefix + std::to_string(i / kPeersPerRoom);
  return plans;
}

std::vector<PeerPlan> lecture(const std::string& room, int subscribers) {
  std::vector<PeerPlan> plans = peers(room, subscribers);
  plans.push_back({room, "publisher", {video_source(1500)}, false});
  return plans;
}

class MemoryRun {
 public:
  explicit MemoryRun(const Options& options) : options_(options), target_(options, 1, options.numbers) {
    if (target_.usage() == nullptr) throw std::runtime_error("--memory needs a server on this machine (--pid)");
  }

  MemoryResult run() {
    MemoryResult result;
    warm_up();
    result.server_bytes = settle();
    // They take what the warm-up has left free, which those to come would have for nothing.
    join_warm_up_peers();
    (void)settle();
    join(idle_peers("idle-", kIdlePeers));
    result.bytes_per_idle_peer = growth_per(kIdlePeers);

    join(lecture("lecture", kSubscribers));
    result.bytes_per_subscriber = growth_per(kSubscribers);

    std::vector<PeerPlan> cameras;
    cameras.reserve(kPublishers);
    for (int i = 0; i < kPublishers; ++i) {
      cameras.push_back({"camera-" + std::to_string(i), "publisher", simulcast_sources(), false});
    }
    join(cameras);
    result.bytes_per_publisher = growth_per(kPublishers);
    return result;
  }

 private:
  void warm_up() {
    for (int round = 0; round < kWarmUpRounds; ++round) {
      join_warm_up_peers();
      target_.load().clear();
    }
  }

  void join_warm_up_peers() {
    join(idle_peers("warm-", kWarmUpPeers));
    join(lecture("warm", kWarmUpPeers));
  }

  void join(const std::vector<PeerPlan>& plans) { target_.join(plans, options_.joins_per_second); }

  std::size_t settle() {
    target_.load().run_for(kSettle);
    target_.check();
    resident_ = target_.resident_bytes_after_collection();
    return resident_;
  }

  double growth_per(int peers) {
    const auto before = static_cast<double>(resident_);
    return (static_cast<double>(settle()) - before) / peers;
  }

  // Given.
  const Options& options_;

  // Owned.
  Target target_;

  // State.
  std::size_t resident_ = 0;
};

}  // namespace

MemoryResult run_memory(const Options& options) {
  say("memory");
  return MemoryRun(options).run();
}

}  // namespace noir
