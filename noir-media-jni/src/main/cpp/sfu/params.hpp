#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>

#include "dtls/fingerprints.hpp"

namespace noir {

using TransportId = std::uint32_t;
using TrackId = std::uint32_t;
using DownTrackId = std::uint32_t;
using TapId = std::uint32_t;

/// A loop of the plane, by its place among them.
using LoopIndex = std::uint16_t;

/// Which of the cluster's loops an `Sfu` is, as the user name fragments of its transports say (stun/ufrag_place.hpp).
struct SfuPlace {
  std::uint32_t node = 0;
  LoopIndex loop = 0;
  LoopIndex loops = 1;  // Of the node.
};

/// A track of another loop.
struct TrackOrigin {
  LoopIndex loop = 0;
  TrackId track = 0;

  bool operator==(const TrackOrigin&) const = default;
  bool operator<(const TrackOrigin& other) const { return std::tie(loop, track) < std::tie(other.loop, other.track); }
};

struct ChannelId {
  TransportId transport = 0;
  std::uint16_t stream = 0;
};

/// Seen from the client, as ion's `target`: PUBLISHER receives media from it, SUBSCRIBER sends media to it. An injector
/// has no client and no network: what it publishes comes by `Sfu::inject`.
enum class TransportRole : std::uint8_t { kPublisher = 0, kSubscriber = 1, kInjector = 2 };

struct TransportParams {
  TransportRole role = TransportRole::kPublisher;
  std::string local_ufrag;  // Both empty for an injector.
  std::string local_pwd;
  std::uint32_t group = 0;  // Transports of one room have the same, and share what a room gets of the loop; 0 = none.
};

/// The client's half, known once its offer or answer is there.
struct RemoteParams {
  std::string ufrag;
  std::string pwd;
  Fingerprints fingerprints;
  bool passive = false;  // a=setup:passive (RFC 8842 §5): it waits for our ClientHello.
};

/// What a subscriber wants of one of its down tracks.
struct DownTrackWish {
  bool muted = false;
  int max_spatial = -1;  // Negative = none is too high.
  int max_temporal = -1;
  std::uint16_t width = 0;  // The size it is shown in, in pixels; 0 = any.
  std::uint16_t height = 0;
  std::uint8_t priority = 0;  // The higher, the sooner it is better than others.
};

/// What a stranger can make one loop hold.
struct SfuLimits {
  std::size_t max_transports = 20'000;
  std::size_t max_tracks_per_transport = 64;
  std::size_t max_down_tracks_per_transport = 512;
  std::size_t max_channels_per_transport = 16;
  std::size_t max_message_bytes = 65'536;
};

}  // namespace noir
