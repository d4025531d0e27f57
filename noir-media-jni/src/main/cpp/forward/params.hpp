#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rtp/codec.hpp"

namespace noir {

/// One payload type of a published track.
struct CodecParams {
  std::uint8_t payload_type = 0;
  Codec codec = Codec::kOpus;
  std::uint32_t clock_rate = 0;       // Hz
  std::uint8_t rtx_payload_type = 0;  // Of its repairs (RFC 4588); 0 = none.
};

/// One simulcast encoding of a published track; a track without simulcast has one with an empty rid.
struct EncodingParams {
  std::string rid;             // RFC 8851; empty without simulcast.
  std::uint32_t ssrc = 0;      // 0 = learnt from the first packet with our mid (and rid).
  std::uint32_t rtx_ssrc = 0;  // Of its repairs; 0 = learnt from the first one with our mid (and repaired rid).
};

/// What SDP negotiation decided about one published track.
struct TrackParams {
  MediaKind kind = MediaKind::kAudio;
  std::string mid;
  std::vector<CodecParams> codecs;
  std::vector<EncodingParams> encodings;  // Ordered from the lowest quality to the highest.
  bool nack = false;
  bool pli = false;
  bool fir = false;  // Used without `pli` only.
  bool transport_cc = false;
  bool screen = false;       // Declared to be one: never paused for bandwidth.
  std::uint32_t stream = 0;  // The same for all tracks of one stream (RFC 8830) of a room; 0 = nobody asks who speaks.
};

/// Payload type of the publisher → payload type of one subscriber.
struct PayloadMapping {
  std::uint8_t source = 0;
  std::uint8_t payload_type = 0;
  std::uint8_t rtx_payload_type = 0;  // RFC 4588; 0 = none.
};

/// How long a receiver keeps pictures before it shows them, in steps of 10 ms, 12 bits each
/// (webrtc.org/experiments/rtp-hdrext/playout-delay). Both 0: at once.
struct PlayoutDelay {
  std::uint16_t min = 0;
  std::uint16_t max = 0;
};

/// What SDP negotiation decided about one subscriber's copy of a track.
struct DownTrackParams {
  std::string mid;
  std::uint32_t ssrc = 0;
  std::uint32_t rtx_ssrc = 0;  // 0 = no RTX.
  std::vector<PayloadMapping> payloads;
  ExtensionIds extensions;
  std::string cname;
  std::optional<PlayoutDelay> playout_delay;  // In place of what the publisher says.
};

}  // namespace noir
