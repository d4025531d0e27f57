#include "bench/plans.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr double kFramesPerSecond = 30;
constexpr std::size_t kMaxPayload = 1150;   // About what libwebrtc leaves of its 1200 bytes.
constexpr std::size_t kAudioPayload = 60;   // 24 kbit/s of Opus.
constexpr std::size_t kKeyframeFactor = 4;  // A key frame has about so many times the packets of another frame.
constexpr double kGoldenRatio = 0.618033988749895;
constexpr std::size_t kSampledPeers = 8;  // Decrypt and check everything, and measure delays.

}  // namespace

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

std::vector<SourceParams> simulcast_sources() {
  std::vector<SourceParams> sources{video_source(150), video_source(500), video_source(1500)};
  sources[0].rid = "q";
  sources[1].rid = "h";
  sources[2].rid = "f";
  return sources;
}

std::vector<PeerPlan> plan_peers(const MediaScenario& scenario) {
  std::vector<PeerPlan> plans;
  int published = 0;
  for (int room = 0; room < scenario.rooms; ++room) {
    for (int i = 0; i < scenario.publishers + scenario.subscribers; ++i) {
      const bool publishes = i < scenario.publishers;
      PeerPlan peer;
      peer.room = "bench-" + std::to_string(room);
      // As far from each other as any number of them can be: in step, they would share wake-ups and system calls.
      if (publishes) peer.phase = std::fmod(kGoldenRatio * published++, 1);
      peer.uid = (publishes ? "publisher-" : "subscriber-") + std::to_string(i);
      if (publishes && scenario.audio) peer.sources.push_back(audio_source());
      if (publishes && scenario.kbps > 0) peer.sources.push_back(video_source(scenario.kbps));
      plans.push_back(std::move(peer));
    }
  }
  // Spread over everybody, beginning with the last, who is served last.
  const std::size_t step = std::max<std::size_t>(plans.size() / kSampledPeers, 1);
  for (std::size_t i = 0; i < plans.size(); i += step) plans[plans.size() - 1 - i].sampled = true;
  return plans;
}

std::size_t tracks_to_receive(const MediaScenario& scenario, const PeerPlan& peer) {
  const std::size_t kinds = (scenario.audio ? 1U : 0U) + (scenario.kbps > 0 ? 1U : 0U);
  const std::size_t self = peer.sources.empty() ? 0 : 1;
  return kinds * (static_cast<std::size_t>(scenario.publishers) - self);
}

}  // namespace noir
