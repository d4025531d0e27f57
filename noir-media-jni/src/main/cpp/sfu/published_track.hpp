#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "forward/down_track.hpp"
#include "forward/media_packet.hpp"
#include "forward/track.hpp"
#include "sfu/params.hpp"

namespace noir {

struct Connection;
struct SubscribedTrack;

/// A track in the machine's tables: who publishes it, who gets it, what waits to be fanned out.
struct PublishedTrack {
  PublishedTrack(TrackParams params, Connection& connection) : track(std::move(params)), publisher(connection) {}

  /// Takes a packet for the next fan-out. The packets of a video frame come within a millisecond, and sent as one run
  /// they cost a subscriber one system call, so a frame waits for its last packet, though never longer than that.
  void add_fresh(MediaPacket packet) {
    const bool complete = packet.marker || track.kind() == MediaKind::kAudio;
    fresh_due = std::min(fresh_due, complete ? Instant::min() : packet.arrival + kFlushWait);
    fresh.push_back(std::move(packet));
  }

  static constexpr Duration kFlushWait = std::chrono::milliseconds(1);

  TrackId id = 0;
  Track track;
  Connection& publisher;                      // Given; outlives the track.
  std::vector<SubscribedTrack*> subscribers;  // Given; removed before they die.
  std::vector<MediaPacket> fresh;             // Come since the last fan-out began,
  Instant fresh_due = kNever;                 // and to be fanned out from here on.
  std::vector<MediaPacket> going;             // Being fanned out.
  std::uint8_t reported_encodings = 0;        // Bits for which `TrackActive` was emitted.
};

/// A down track in the machine's tables: the edge between a published track and a subscriber.
struct SubscribedTrack {
  SubscribedTrack(DownTrackParams params, PublishedTrack& from, Connection& to, const DownTrackStart& start)
      : down(std::move(params), from.track.kind(), start), source(from), subscriber(to) {}

  DownTrackId id = 0;
  DownTrack down;
  PublishedTrack& source;  // Given; outlives this.
  Connection& subscriber;  // Given; outlives this.
};

}  // namespace noir
