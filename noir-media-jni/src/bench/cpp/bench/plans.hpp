#pragma once

#include <vector>

#include "bench/options.hpp"
#include "load/load_peer.hpp"

namespace noir {

/// A frame 30 times a second, cut into packets of equal size as libwebrtc does it.
[[nodiscard]] SourceParams video_source(int kbps);
/// 50 packets of 100 bytes a second, SRTP included.
[[nodiscard]] SourceParams audio_source();
/// As Chromium's "q", "h", "f" of a 720p camera.
[[nodiscard]] std::vector<SourceParams> simulcast_sources();

/// Everybody of a scenario, publishers of a room first.
[[nodiscard]] std::vector<PeerPlan> plan_peers(const MediaScenario& scenario);

/// How many tracks a peer of the scenario is to receive.
[[nodiscard]] std::size_t tracks_to_receive(const MediaScenario& scenario, const PeerPlan& peer);

}  // namespace noir
