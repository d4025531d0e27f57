#pragma once

#include <array>
#include <cstdint>
#include <variant>

#include "base/time.hpp"
#include "forward/layer_demand.hpp"
#include "forward/media_packet.hpp"
#include "forward/track.hpp"
#include "sfu/audio_observer.hpp"
#include "sfu/fan_out_lane.hpp"
#include "sfu/params.hpp"

namespace noir {

struct Connection;

/// A track's packets come from a connection of this loop, a client's or an injector's: what only such a track has.
/// Thread: loop.
struct Ingress {
  explicit Ingress(Connection& from) : connection(from) {}

  using Ssrcs = std::array<std::uint32_t, Track::kMaxEncodings>;

  /// `ssrc` into one of `ssrcs` or `rtx_ssrcs`: worth telling where it is known by a rid only.
  void note_learned(const TrackParams& params, std::uint8_t encoding, Ssrcs Ingress::*of, std::uint32_t ssrc) {
    if (params.encodings.at(encoding).rid.empty()) return;
    (this->*of).at(encoding) = ssrc;
    learned_encodings = static_cast<std::uint8_t>(learned_encodings | 1U << encoding);
  }
  [[nodiscard]] bool has_learned(Instant now) const {
    return learned_encodings != 0 && now >= told_learned_at + kLearnedEvery;
  }
  static constexpr Duration kLearnedEvery = std::chrono::seconds(1);

  /// Whether a packet of `stream` is sent on: always, unless the room is large and others are louder. A packet that
  /// does not say how loud it is goes the way of the last one that did.
  bool is_heard(Instant now, StreamNumber stream, const MediaPacket& packet) {
    if (observer != nullptr && packet.audio_level != MediaPacket::kAbsent) {
      heard = observer->handle_packet(now, stream, packet.audio_level);
    }
    return heard;
  }

  Connection& connection;               // Given; outlives the track.
  AudioObserver* observer = nullptr;    // Of the room, given; null: nobody asks who speaks.
  bool heard = true;                    // The last packet was sent on, as far as the observer goes.
  std::uint8_t reported_encodings = 0;  // Bits for which `TrackActive` was emitted.
  std::uint8_t learned_encodings = 0;   // Bits for which SSRCs have been learnt that nobody has been told of.
  Instant told_learned_at = Instant::min();
  Ssrcs ssrcs{};  // By their rids; 0 = not learnt, or none.
  Ssrcs rtx_ssrcs{};
  LayerDemand demand;
};

/// They come from another loop, of which this one has a mirror.
/// Thread: loop.
struct MirrorFeed {
  explicit MirrorFeed(const TrackOrigin& from) : origin(from) {}

  /// Whether the home loop has to be asked for a key frame of `encoding`. Subscribers ask with every packet that they
  /// cannot use: the first of a turn does.
  bool must_ask(Instant now, std::uint8_t encoding) {
    if (wanted_at != now) wanted_keyframes = 0;
    wanted_at = now;
    const auto bit = static_cast<std::uint8_t>(1U << (encoding % Track::kMaxEncodings));
    if ((wanted_keyframes & bit) != 0) return false;
    wanted_keyframes |= bit;
    return true;
  }

  TrackOrigin origin;
  FanOutLane lane;
  std::uint8_t wanted_keyframes = 0;  // Bits for which the home loop was asked,
  Instant wanted_at{};                // at this time.
};

/// Where the packets of a published track come from.
using Feed = std::variant<Ingress, MirrorFeed>;

}  // namespace noir
