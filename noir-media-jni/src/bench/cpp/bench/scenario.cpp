#include "bench/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "bench/floor.hpp"
#include "bench/server_process.hpp"
#include "load/load.hpp"
#include "loop/clock.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double kFramesPerSecond = 30;
constexpr std::size_t kMaxPayload = 1150;       // About what libwebrtc leaves of its 1200 bytes.
constexpr std::size_t kAudioPayload = 60;       // With headers and tag 100 bytes: 24 kbit/s of Opus.
constexpr std::size_t kKeyframeFactor = 4;      // A key frame has about so much more packets than the others.
constexpr std::size_t kSampledSubscribers = 8;  // They decrypt and check everything.
constexpr Duration kJoinLimit = seconds(30);
constexpr std::size_t kMaxJoinsAtOnce = 20;

void say(const std::string& text) { std::fprintf(stderr, "bench: %s\n", text.c_str()); }

SourceParams video_source(int kbps) {
  SourceParams source;
  source.codec = Codec::kVp8;
  const double frame_bytes = kbps * 1000.0 / 8 / kFramesPerSecond;
  source.packets_per_frame = static_cast<std::size_t>(std::max(1.0, std::ceil(frame_bytes / kMaxPayload)));
  source.keyframe_packets = source.packets_per_frame * kKeyframeFactor;
  source.payload_size = static_cast<std::size_t>(frame_bytes / static_cast<double>(source.packets_per_frame));
  return source;
}

SourceParams audio_source() {
  SourceParams source;
  source.codec = Codec::kOpus;
  source.frame_interval = milliseconds(20);
  source.payload_size = kAudioPayload;
  return source;
}

std::vector<PeerPlan> plan(const Scenario& scenario) {
  std::vector<PeerPlan> plans;
  for (int room = 0; room < scenario.rooms; ++room) {
    const int count = scenario.publishers + scenario.subscribers;
    for (int i = 0; i < count; ++i) {
      PeerPlan peer;
      peer.room = "bench-" + std::to_string(room);
      const bool publishes = i < scenario.publishers;
      peer.uid = (publishes ? "publisher-" : "subscriber-") + std::to_string(i);
      if (publishes && scenario.audio) peer.sources.push_back(audio_source());
      if (publishes && scenario.kbps > 0) peer.sources.push_back(video_source(scenario.kbps));
      plans.push_back(std::move(peer));
    }
  }
  // Spread over everybody who subscribes, the last ones included: they are served last.
  const std::size_t step = std::max<std::size_t>(plans.size() / kSampledSubscribers, 1);
  for (std::size_t i = plans.size(); i-- > 0;) plans[i].sampled = (plans.size() - 1 - i) % step == 0;
  return plans;
}

Quantiles quantiles(std::vector<Duration> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double fraction) {
    return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
  };
  return {at(0.5), at(0.99), values.back()};
}

/// Sums over all subscribers.
struct Totals {
  std::vector<StreamCounts> streams;
  std::uint64_t overflows = 0;
};

Totals totals(const Load& load) {
  Totals sum;
  for (const auto& peer : load.peers()) {
    for (const StreamCounter& stream : peer->subscriber().streams()) sum.streams.push_back(stream.counts());
    for (const LoadTransport* transport : {&peer->publisher(), &peer->subscriber()}) {
      if (transport->socket() != nullptr) sum.overflows += transport->socket()->overflows();
    }
  }
  return sum;
}

class Run {
 public:
  Run(const Scenario& scenario, const Options& options) : options_(options), plans_(plan(scenario)) {
    result_.scenario = scenario;
    result_.peers = static_cast<int>(plans_.size());
    if (options.url.empty()) start_server();
    load_ = std::make_unique<Load>(SignalUrl::parse(server_ ? server_->url() : options.url));
  }

  Measurement measure() {
    join();
    await_media();
    load_->set_paced(true);
    load_->run_for(seconds(options_.warm_up_seconds));
    measure_window();
    load_->clear();
    // Under the same conditions: the server is there, but has nothing to do.
    measure_floor_beside();
    return result_;
  }

 private:
  void start_server() {
    ServerProcess::Options server;
    server.java = options_.java;
    server.war = options_.war;
    server.log = options_.output + "/server.log";
    server.loops = result_.scenario.loops;
    server_ = std::make_unique<ServerProcess>(server);
    usage_.emplace(server_->pid());
    result_.idle_server_bytes = usage_->resident_bytes();
  }

  void check() const {
    const std::string failure = load_->failure();
    if (!failure.empty()) throw std::runtime_error(failure);
  }

  void join() {
    const Duration cpu_before = usage_ ? usage_->cpu() : Duration{};
    const Instant begin = monotonic_now();
    const Duration interval = Duration(seconds(1)) / options_.joins_per_second;
    std::size_t joined = 0;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      load_->add(plans_[i]);
      const auto count_joined = [&] {
        while (joined < load_->peers().size() && load_->peers()[joined]->is_joined()) ++joined;
        return load_->peers().size() - joined;
      };
      (void)load_->run_until(begin + interval * static_cast<Duration::rep>(i + 1), [] { return false; });
      // Not further ahead of a server that is slower than asked for.
      const bool in_time = load_->run_until(
          monotonic_now() + kJoinLimit, [&] { return count_joined() < kMaxJoinsAtOnce || !load_->failure().empty(); });
      check();
      if (!in_time) throw std::runtime_error("the server stopped answering joins");
    }
    const auto all = [&] {
      return std::all_of(load_->peers().begin(), load_->peers().end(), [](const auto& p) { return p->is_joined(); });
    };
    const bool complete =
        load_->run_until(monotonic_now() + kJoinLimit, [&] { return all() || !load_->failure().empty(); });
    check();
    if (!complete) throw std::runtime_error("not everybody could join");
    const double elapsed_s = std::chrono::duration<double>(monotonic_now() - begin).count();
    result_.joins_per_second = static_cast<double>(plans_.size()) / elapsed_s;
    if (usage_) result_.cpu_per_join = (usage_->cpu() - cpu_before) / static_cast<Duration::rep>(plans_.size());
    std::vector<Duration> times;
    for (const auto& peer : load_->peers()) times.push_back(*peer->joined_after());
    result_.join = quantiles(std::move(times));
  }

  [[nodiscard]] std::size_t streams_of(const LoadPeer& peer) const {
    const Scenario& s = result_.scenario;
    const int tracks = (s.audio ? 1 : 0) + (s.kbps > 0 ? 1 : 0);
    const bool publishes = !peer.plan().sources.empty();
    return static_cast<std::size_t>(tracks * (s.publishers - (publishes ? 1 : 0)));
  }

  /// Until every subscriber has something of everything.
  void await_media() {
    const auto all = [&] {
      return std::all_of(load_->peers().begin(), load_->peers().end(), [&](const auto& peer) {
        const auto& streams = peer->subscriber().streams();
        return streams.size() == streams_of(*peer) &&
               std::all_of(streams.begin(), streams.end(), [](const auto& s) { return s.first_arrival().has_value(); });
      });
    };
    const bool complete =
        load_->run_until(monotonic_now() + kJoinLimit, [&] { return all() || !load_->failure().empty(); });
    check();
    if (!complete) throw std::runtime_error("not every subscriber receives every track");
    std::vector<Duration> times;
    for (const auto& peer : load_->peers()) {
      if (const auto after = peer->first_packet_after()) times.push_back(*after);
    }
    result_.first_packet = quantiles(std::move(times));
  }

  void measure_window() {
    if (usage_) {
      result_.bytes_per_peer =
          (static_cast<double>(usage_->resident_bytes()) - static_cast<double>(*result_.idle_server_bytes)) /
          static_cast<double>(plans_.size());
    }
    for (const auto& peer : load_->peers()) {
      for (MediaRecorder* recorder : peer->subscriber().recorders()) recorder->forget_delays();
    }
    const Totals before = totals(*load_);
    const auto threads_before = usage_ ? usage_->cpu_by_thread() : std::map<std::string, Duration>{};
    const Duration tool_before = own_.cpu();
    const Duration cpu_before = usage_ ? usage_->cpu() : Duration{};
    const Instant begin = monotonic_now();
    load_->run_for(seconds(options_.seconds));
    if (usage_) result_.server_cpu = usage_->cpu() - cpu_before;
    result_.window = monotonic_now() - begin;
    result_.tool_cpu = own_.cpu() - tool_before;
    if (usage_) {
      for (const auto& [name, cpu] : usage_->cpu_by_thread()) {
        const auto known = threads_before.find(name);
        result_.cpu_by_thread[name] = cpu - (known == threads_before.end() ? Duration{} : known->second);
      }
    }
    add_up(before, totals(*load_));
    check();
  }

  void add_up(const Totals& before, const Totals& after) {
    for (std::size_t i = 0; i < after.streams.size(); ++i) {
      const std::uint64_t packets = after.streams[i].packets - before.streams[i].packets;
      const std::uint64_t expected = after.streams[i].expected - before.streams[i].expected;
      result_.packets += packets;
      result_.bytes += after.streams[i].bytes - before.streams[i].bytes;
      result_.lost += expected > packets ? expected - packets : 0;
    }
    result_.tool_lost = after.overflows - before.overflows;
    DelayHistogram delays;
    for (const auto& peer : load_->peers()) {
      for (const MediaRecorder* recorder : peer->subscriber().recorders()) {
        delays.add(recorder->delays());
        result_.broken += recorder->recorded().payload_errors;
        result_.sampled_packets += recorder->delays().total();
      }
    }
    if (delays.total() > 0) result_.delay = {delays.quantile(0.5), delays.quantile(0.99), delays.quantile(1)};
  }

  void measure_floor_beside() {
    FloorParams params;
    const Scenario& s = result_.scenario;
    params.subscribers = std::max<std::size_t>(plans_.size() - 1, 1);
    params.packets_per_run = s.kbps > 0 ? video_source(s.kbps).packets_per_frame : 1;
    params.packet_bytes = static_cast<std::size_t>(result_.mean_packet_bytes());
    if (params.packet_bytes < 64) return;
    result_.floor = measure_floor(params);
  }

  // Given.
  const Options& options_;
  const std::vector<PeerPlan> plans_;

  // Owned.
  std::unique_ptr<ServerProcess> server_;
  std::optional<ProcessUsage> usage_;
  ProcessUsage own_{::getpid()};
  std::unique_ptr<Load> load_;

  // State.
  Measurement result_;
};

}  // namespace

std::optional<double> Measurement::us_per_packet() const {
  if (!server_cpu || packets == 0) return std::nullopt;
  return static_cast<double>(server_cpu->count()) / 1000.0 / static_cast<double>(packets);
}

Measurement run_scenario(const Scenario& scenario, const Options& options) {
  say(scenario.name + " …");
  return Run(scenario, options).measure();
}

}  // namespace noir
