#include "bench/media_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "bench/floor.hpp"
#include "bench/plans.hpp"
#include "bench/target.hpp"
#include "loop/clock.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// After it, nothing is on its way any more, even on a machine that has too much to do.
constexpr Duration kDrain = milliseconds(500);
constexpr std::size_t kSrtpOverhead = 40;  // Header, extensions, tag; about.

/// What has been counted up to some moment.
struct Snapshot {
  StreamCounts audio;  // Of all rtp streams of the kind, at all subscribers.
  StreamCounts video;
  std::uint64_t sent = 0;  // Packets, by all sources.
  std::uint64_t overflows = 0;
  Duration tool_cpu{};
  std::optional<Duration> server_cpu;
  std::map<std::string, Duration> server_threads;
  Instant time{};
};

class MediaRun {
 public:
  MediaRun(const MediaScenario& scenario, const Options& options)
      : options_(options),
        scenario_(scenario),
        plans_(plan_peers(scenario)),
        floor_before_(mixed_floor(expected_mix())),
        target_(options, scenario.loops, scenario.numbers) {
    result_.scenario = scenario;
    result_.peers = static_cast<int>(plans_.size());
  }

  MediaResult run() {
    target_.join(plans_, options_.joins_per_second);
    await_media();
    note_times();
    Load& load = target_.load();
    load.set_paced(true);
    load.run_for(seconds(options_.warm_up_seconds));
    measure();
    target_.check();
    load.clear();
    const Floors floor_after = mixed_floor({result_.audio, result_.video});
    result_.floor_us = (floor_before_.us + floor_after.us) / 2;
    result_.paced_floor_us = (floor_before_.paced_us + floor_after.paced_us) / 2;
    result_.own_floor_us = (floor_before_.own_us + floor_after.own_us) / 2;
    return result_;
  }

 private:
  struct Mix {
    PacketCounts audio;
    PacketCounts video;
  };
  struct Floors {
    double us = 0;  // Per packet.
    double paced_us = 0;
    double own_us = 0;
  };

  void await_media() {
    target_.await("every subscriber to receive every track", [&] {
      const auto& peers = target_.load().peers();
      return std::all_of(peers.begin(), peers.end(), [&](const auto& peer) {
        const auto& streams = peer->subscriber().streams();
        const auto flowing = std::count_if(streams.begin(), streams.end(), [](const StreamCounter& stream) {
          return stream.first_arrival().has_value();
        });
        return static_cast<std::size_t>(flowing) >= tracks_to_receive(scenario_, peer->plan());
      });
    });
  }

  void note_times() {
    std::vector<Duration> joins;
    std::vector<Duration> first_packets;
    for (const auto& peer : target_.load().peers()) {
      joins.push_back(*peer->joined_after());
      if (const auto after = peer->first_packet_after()) first_packets.push_back(*after);
    }
    result_.join = quantiles(std::move(joins));
    result_.first_packet = quantiles(std::move(first_packets));
  }

  [[nodiscard]] Snapshot snapshot() {
    Snapshot s;
    for (const auto& peer : target_.load().peers()) {
      for (const StreamCounter& stream : peer->subscriber().streams()) {
        StreamCounts& sum = stream.stream().kind == MediaKind::kAudio ? s.audio : s.video;
        sum.packets += stream.counts().packets;
        sum.bytes += stream.counts().bytes;
        sum.expected += stream.counts().expected;
      }
      for (const SyntheticSource* source : peer->publisher().sources()) s.sent += source->packets();
      for (const LoadTransport* transport : {&peer->publisher(), &peer->subscriber()}) {
        if (transport->socket() != nullptr) s.overflows += transport->socket()->overflows();
      }
    }
    s.tool_cpu = own_.cpu();
    s.server_cpu = target_.cpu();
    if (target_.usage() != nullptr) s.server_threads = target_.usage()->cpu_by_thread();
    s.time = monotonic_now();
    return s;
  }

  void measure() {
    for (const auto& peer : target_.load().peers()) {
      for (MediaRecorder* recorder : peer->subscriber().recorders()) recorder->forget_delays();
    }
    const Snapshot before = snapshot();
    target_.load().run_for(seconds(options_.seconds));
    const Snapshot after = snapshot();
    result_.window = after.time - before.time;
    result_.tool_cpu = after.tool_cpu - before.tool_cpu;
    if (after.server_cpu) result_.server_cpu = *after.server_cpu - *before.server_cpu;
    for (const auto& [name, cpu] : after.server_threads) {
      const auto known = before.server_threads.find(name);
      result_.server_threads[name] = cpu - (known == before.server_threads.end() ? Duration{} : known->second);
    }
    result_.audio = {after.audio.packets - before.audio.packets, after.audio.bytes - before.audio.bytes};
    result_.video = {after.video.packets - before.video.packets, after.video.bytes - before.video.bytes};
    collect_delays();
    count_losses(before);
  }

  /// Since `before`, once what the sources sent has had the time to arrive.
  void count_losses(const Snapshot& before) {
    const Instant now = monotonic_now();
    for (const auto& peer : target_.load().peers()) peer->publisher().pause_sources(now);
    target_.load().run_for(kDrain);
    const Snapshot after = snapshot();
    const auto less = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
    const std::uint64_t expected =
        after.audio.expected + after.video.expected - before.audio.expected - before.video.expected;
    const std::uint64_t received =
        after.audio.packets + after.video.packets - before.audio.packets - before.video.packets;
    const std::uint64_t to_receive =
        (after.sent - before.sent) * static_cast<std::uint64_t>(scenario_.publishers + scenario_.subscribers - 1);
    // What a stream lost at its end leaves no gap, but is known to have been sent.
    const std::uint64_t missing = std::max(less(expected, received), less(to_receive, received));
    result_.tool_lost = after.overflows - before.overflows;
    result_.lost = less(missing, result_.tool_lost);
  }

  void collect_delays() {
    DelayHistogram delays;
    for (const auto& peer : target_.load().peers()) {
      for (const MediaRecorder* recorder : peer->subscriber().recorders()) {
        delays.add(recorder->delays());
        result_.broken += recorder->recorded().payload_errors;
      }
    }
    result_.checked = delays.total();
    if (delays.total() > 0) result_.delay = {delays.quantile(0.5), delays.quantile(0.99), delays.max()};
  }

  /// Of one second, before anything has been received.
  [[nodiscard]] Mix expected_mix() const {
    Mix mix;
    for (const PeerPlan& plan : plans_) {
      for (const SourceParams& source : plan.sources) {
        const bool audio = source.codec == Codec::kOpus;
        PacketCounts& sum = audio ? mix.audio : mix.video;
        const std::size_t packets = (audio ? 1 : source.packets_per_frame) * (seconds(1) / source.frame_interval);
        sum.packets += packets;
        sum.bytes += packets * (source.payload_size + kSrtpOverhead);
      }
    }
    return mix;
  }

  /// The floors of audio and video packets, each of their mean size, weighted by their numbers.
  [[nodiscard]] Floors mixed_floor(const Mix& mix) const {
    const auto weight = static_cast<double>(std::max<std::uint64_t>(mix.audio.packets + mix.video.packets, 1));
    Floors sum;
    const auto add = [&](const PacketCounts& counts, const SourceParams& source) {
      if (counts.packets == 0) return;
      FloorParams params;
      params.subscribers = std::max<std::size_t>(plans_.size() - 1, 1);
      params.packets_per_run = source.codec == Codec::kOpus ? 1 : source.packets_per_frame;
      params.packet_bytes = static_cast<std::size_t>(counts.mean_bytes());
      const auto us = [&](Duration each) {
        return std::chrono::duration<double, std::micro>(each).count() * static_cast<double>(counts.packets) / weight;
      };
      sum.us += us(measure_floor(params));
      sum.paced_us += us(measure_paced_floor(params, source.frame_interval / scenario_.publishers));
      params.cipher = FloorCipher::kOwn;
      sum.own_us += us(measure_floor(params));
    };
    add(mix.audio, audio_source());
    add(mix.video, video_source(std::max(scenario_.kbps, 1)));
    return sum;
  }

  // Given.
  const Options& options_;
  const MediaScenario& scenario_;

  // Owned. The first floor is measured before the server runs, the second after the load has gone.
  const std::vector<PeerPlan> plans_;
  const Floors floor_before_;
  Target target_;
  const ProcessUsage own_{::getpid()};

  // State.
  MediaResult result_;
};

}  // namespace

MediaResult run_media(const MediaScenario& scenario, const Options& options) {
  say(scenario.name + ", " + std::to_string(options.seconds) + " s");
  return MediaRun(scenario, options).run();
}

}  // namespace noir
