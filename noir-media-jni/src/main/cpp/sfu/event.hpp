#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "forward/encoded_frame.hpp"
#include "sctp/sctp_event.hpp"
#include "sfu/params.hpp"

namespace noir {

/// The numbers cross the JNI boundary: append only.
enum class TransportState : std::uint8_t { kConnecting = 1, kConnected = 2, kDisconnected = 3, kClosed = 4 };

/// Why a transport is `kClosed`. The numbers cross the JNI boundary: append only.
enum class CloseReason : std::uint8_t {
  kNone = 0,
  kConsentExpired = 1,
  kDtlsClosed = 2,
  kDtlsFailed = 3,
  kFingerprintMismatch = 4,
  kHandshakeTimeout = 5,
  kBug = 6,
};

struct TransportStateChanged {
  TransportId transport = 0;
  TransportState state = TransportState::kConnecting;
  CloseReason reason = CloseReason::kNone;
};

/// First packet of an encoding of a track.
struct TrackActive {
  TrackId track = 0;
  std::uint8_t encoding = 0;
};

/// Which SSRCs an encoding has that is named by a rid, which a browser writes into its first packets only.
struct EncodingLearned {
  TrackId track = 0;
  std::uint8_t encoding = 0;
  std::uint32_t ssrc = 0;      // 0 = none yet,
  std::uint32_t rtx_ssrc = 0;  // and so of its repairs.
};

/// Which encodings of a video track its publisher is to send, as somebody takes them; until the first of these, all.
struct LayersWanted {
  TrackId track = 0;
  std::uint8_t encodings = 0;  // Bit for each.
};

struct ChannelOpened {
  TransportId transport = 0;
  std::uint16_t stream = 0;
  std::string label;
  bool reliable = true;
};

/// Of channels that the client has opened, and of ours.
struct ChannelClosed {
  TransportId transport = 0;
  std::uint16_t stream = 0;
  ChannelEnd end = ChannelEnd::kClosed;
};

struct ChannelMessage {
  TransportId transport = 0;
  std::uint16_t stream = 0;
  bool binary = false;
  std::vector<std::uint8_t> bytes;
};

/// Others speak in a room than before, or in another order.
struct SpeakersChanged {
  std::uint32_t group = 0;
  std::vector<std::uint32_t> streams;  // `TrackParams::stream`, loudest first.
};

/// A frame of a tapped track.
struct TapFrame {
  TapId tap = 0;
  std::int64_t captured_us = 0;  // UTC, since 1970.
  EncodedFrame frame;
};

/// The track is gone, and its tap with it.
struct TapEnded {
  TapId tap = 0;
};

/// Of an injector's track: somebody waits for a key frame of it. At most one per 500 ms.
struct InjectedKeyframeWanted {
  TrackId track = 0;
};

/// What Java hears of: control, and the media of taps.
using Event = std::variant<TransportStateChanged, TrackActive, ChannelOpened, ChannelClosed, ChannelMessage,
                           LayersWanted, SpeakersChanged, TapFrame, TapEnded, InjectedKeyframeWanted, EncodingLearned>;

}  // namespace noir
