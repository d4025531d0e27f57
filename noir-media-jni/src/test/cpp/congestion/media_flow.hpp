#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "congestion/bandwidth_controller.hpp"
#include "congestion/paced_queue.hpp"
#include "congestion/virtual_network.hpp"
#include "forward/twcc_recorder.hpp"

namespace noir::test {

/// Octets in steps of 100 ms from the start of a run.
class Course {
 public:
  static constexpr Duration kStep = std::chrono::milliseconds(100);
  explicit Course(Instant start) : start_(start) {}
  void add(Instant at, std::uint64_t octets);
  /// From `from` to `to` after the start.
  [[nodiscard]] std::int64_t bps(Duration from, Duration to) const;

 private:
  Instant start_;
  std::vector<std::uint64_t> octets_;
};

struct MediaParams {
  int videos = 1;
  Duration begin{};  // After the start of the run.
  BandwidthConfig bandwidth;
  Duration pause_from = Duration::max();  // After the start: nothing is to be seen, only heard.
  Duration pause_until = Duration::max();
  bool reports = true;  // Transport-wide.
  bool audio = true;
  std::int64_t max_video_bps = 1'500'000;
  StallParams receiver;      // Its thread gets no processor: what came meanwhile it takes for what comes then.
  StallParams loop;          // The sender's.
  bool stalls_late = false;  // That between reading the clock and sending; else before both.
};

/// The receiving end: reports as noiR's own recorder does, over `back`.
class MediaReceiver : public Hop {
 public:
  MediaReceiver(Schedule& schedule, int flow, Hop& back, const StallParams& stalls = {}, std::uint64_t seed = 0);
  void enter(Instant now, VirtualPacket packet) override;
  void wake(Instant now) override;

  [[nodiscard]] const Course& received() const { return received_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }

 private:
  void read(Instant now, const VirtualPacket& packet);
  void arm();

  Schedule& schedule_;
  int flow_;
  Hop& back_;
  Stalls stalls_;
  std::vector<VirtualPacket> unread_;
  TwccRecorder recorder_;
  Course received_;
  std::uint64_t packets_ = 0;
  Instant armed_ = kNever;
};

/// The sending end: what an SFU has to send to a subscriber who sees `videos`, each in three encodings of 0.15, 0.5
/// and 1.5 Mbit/s, and hears one voice. A trivial allocator chooses encodings; a switch needs a key frame, which comes
/// 120 ms after it was asked for.
class MediaSender : public Hop {
 public:
  static constexpr std::array<std::int64_t, 3> kLayers{150'000, 500'000, 1'500'000};
  static constexpr std::int64_t kAudioBps = 32'000;

  MediaSender(Schedule& schedule, int flow, Hop& out, const MediaParams& params, std::uint64_t seed);
  /// A report comes back.
  void enter(Instant now, VirtualPacket packet) override;
  void wake(Instant now) override;

  [[nodiscard]] BandwidthController& controller() { return controller_; }
  [[nodiscard]] const BandwidthController& controller() const { return controller_; }
  [[nodiscard]] const Course& sent() const { return sent_; }
  [[nodiscard]] std::uint64_t sent_packets() const { return numbers_; }
  /// What would be sent if everything got through.
  [[nodiscard]] std::int64_t wanted_bps() const;
  [[nodiscard]] std::int64_t allocated_bps() const;
  /// Changes of encoding, with the time after the start.
  [[nodiscard]] const std::vector<Duration>& switches() const { return switches_; }
  [[nodiscard]] std::uint64_t shed_packets() const { return shed_; }
  /// Of each packet, in the pacer.
  [[nodiscard]] const std::vector<Duration>& pacing_delays() const { return pacing_delays_; }
  [[nodiscard]] const std::vector<std::pair<Duration, std::int64_t>>& estimates() const { return estimates_; }

 private:
  struct Waiting {
    Instant since;
    SentKind kind;
    std::uint32_t octets;
    int video;
  };
  struct Video {
    int layer = -1;   // -1: suspended.
    int wanted = -1;  // What is waited for.
    Instant key_at = kNever;
    Instant next_frame;
    Instant lowered_at{};
    Instant raised_at{};
    Duration patience{};
    std::deque<std::pair<Instant, std::uint32_t>> coming;  // From the publisher, paced by it.
  };

  void allocate(Instant now);
  void choose(Instant now, Video& video, int layer);
  void make_frame(Instant now, Video& video);
  void offer(Instant now, SentKind kind, std::uint32_t octets, int video);
  void drain(Instant now);
  void take_report(Instant now, const VirtualPacket& packet);
  void send(Instant now, SentKind kind, std::uint32_t octets);
  void arm(Instant now);
  [[nodiscard]] bool paused(Instant now) const;
  [[nodiscard]] std::int64_t audio_bps() const { return params_.audio ? kAudioBps * 2 : 0; }
  [[nodiscard]] static std::int64_t layer_bps(int layer) {
    return layer < 0 ? 0 : kLayers[static_cast<std::size_t>(layer)];
  }

  Schedule& schedule_;
  int flow_;
  Hop& out_;
  MediaParams params_;
  Chance chance_;
  Instant start_;
  Stalls stalls_;
  Instant stands_until_ = Instant::min();
  std::vector<VirtualPacket> unread_;
  BandwidthController controller_;
  PacedQueue<Waiting> queue_;
  std::vector<Video> videos_;
  Instant next_audio_;
  Instant next_allocation_;
  Instant raised_at_{};
  Instant armed_ = kNever;
  std::uint64_t numbers_ = 0;
  std::uint64_t shed_ = 0;
  Course sent_;
  std::vector<Duration> switches_;
  std::vector<Duration> pacing_delays_;
  std::vector<std::pair<Duration, std::int64_t>> estimates_;
};

}  // namespace noir::test
