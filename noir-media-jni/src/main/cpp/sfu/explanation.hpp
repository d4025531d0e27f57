#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "congestion/bandwidth_controller.hpp"
#include "forward/layer_allocator.hpp"
#include "forward/offered_layer.hpp"
#include "rtp/codec.hpp"
#include "sfu/event.hpp"
#include "sfu/params.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

/// The path that the client has nominated.
struct PathExplanation {
  Path path;
  bool proven = false;
  Duration silent{};      // Since the last authentic check, record or packet.
  Duration round_trip{};  // Of our own check (docs/adr/0023); zero = not measured.
};

/// An rtp stream of a publisher.
struct EncodingExplanation {
  std::string rid;
  std::uint32_t ssrc = 0;
  bool active = false;
  std::uint64_t packets = 0;  // Since the stream began, as all of these.
  std::int64_t lost = 0;
  Duration jitter{};
  std::uint64_t bitrate = 0;  // bit/s
  std::uint16_t width = 0;    // 0 = not known.
  std::uint16_t height = 0;
  std::uint32_t nacked = 0;    // Sequence numbers that were asked for,
  std::uint32_t repaired = 0;  // and those that came as RTX (RFC 4588), on an rtp stream of their own.
  std::uint32_t keyframe_requests = 0;
  std::uint32_t keyframes = 0;
  std::optional<Duration> since_keyframe;
};

/// A track of a publisher.
struct ReceivedExplanation {
  TrackId id = 0;
  std::string mid;
  MediaKind kind = MediaKind::kAudio;
  bool squelched = false;
  std::vector<EncodingExplanation> encodings;
};

/// A subscriber's copy of a track.
struct SentExplanation {
  static constexpr std::uint8_t kNone = 0xFF;  // Of an encoding, or no limit of a layer.

  DownTrackId id = 0;
  std::string mid;
  MediaKind kind = MediaKind::kAudio;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  // Of payload.
  std::uint32_t nacked = 0;
  std::uint32_t repeated = 0;
  std::uint32_t keyframe_requests = 0;
  bool reported = false;           // By a receiver report: the next four.
  std::uint8_t fraction_lost = 0;  // Of 256.
  std::int32_t lost = 0;
  std::uint32_t jitter_ticks = 0;
  std::uint32_t clock_rate = 0;
  Duration round_trip{};                   // Zero = not known.
  std::optional<Duration> since_keyframe;  // Of the publisher, in the encoding that is sent, or is to be.

  bool muted = false;
  bool sending = false;
  bool undecodable = false;
  bool waits_for_keyframe = false;
  std::uint8_t encoding = kNone;           // That is being sent.
  Layer layer;                             // The highest of it; kNone = all that come.
  Layer wanted;                            // By the subscriber, which may show it small; kNone = the highest.
  std::optional<AllocationReason> reason;  // Nothing: the line is not shared, since the client does not report.
  std::optional<Layer> allocated;          // With a reason: nothing is a pause.
  std::uint64_t allocated_bps = 0;
  std::vector<OfferedLayer> offered;
};

/// What is known of one transport and its tracks when somebody asks: put together then, from what is there anyway.
struct TransportExplanation {
  /// Tracks that are told of; a room's administrator does not read more, and a message has to end.
  static constexpr std::size_t kMaxTracks = 128;

  TransportRole role = TransportRole::kPublisher;
  TransportState state = TransportState::kConnecting;
  std::optional<PathExplanation> path;
  std::string_view dtls_suite;  // IANA's name; empty before the handshake is done.
  bool dtls_client = false;
  std::optional<SrtpProfile> srtp;
  std::optional<BandwidthExplanation> bandwidth;
  std::size_t waiting_packets = 0;  // For the pacer.
  std::uint32_t waiting_octets = 0;
  Duration waiting{};  // The one that waits for longest.
  std::size_t tracks_left_out = 0;
  std::vector<ReceivedExplanation> received;  // Of a publisher,
  std::vector<SentExplanation> sent;          // or of a subscriber.
};

}  // namespace noir
