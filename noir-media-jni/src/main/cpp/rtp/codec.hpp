#pragma once

#include <cstdint>

namespace noir {

enum class MediaKind : std::uint8_t { kAudio = 1, kVideo = 2 };

/// Codecs that are forwarded. The numbers cross the JNI boundary: append only. kRed is Opus with repeats (RFC 2198): a
/// codec of payload types, not of packets.
enum class Codec : std::uint8_t { kOpus = 1, kVp8 = 2, kVp9 = 3, kH264 = 4, kAv1 = 5, kRed = 6 };

/// Negotiated header extension ids (RFC 8285); 0 = not negotiated. One set per transport: m-lines are bundled.
struct ExtensionIds {
  std::uint8_t mid = 0;                    // RFC 9143
  std::uint8_t rid = 0;                    // RFC 8852
  std::uint8_t repaired_rid = 0;           // RFC 8852
  std::uint8_t audio_level = 0;            // RFC 6464
  std::uint8_t transport_sequence = 0;     // draft-holmer-rmcat-transport-wide-cc-extensions-01
  std::uint8_t abs_send_time = 0;          // webrtc.org/experiments/rtp-hdrext/abs-send-time
  std::uint8_t video_orientation = 0;      // 3GPP TS 26.114, urn:3gpp:video-orientation
  std::uint8_t dependency_descriptor = 0;  // AV1 RTP specification, appendix A
  std::uint8_t capture_time = 0;           // webrtc.org/experiments/rtp-hdrext/abs-capture-time
  std::uint8_t playout_delay = 0;          // webrtc.org/experiments/rtp-hdrext/playout-delay
  std::uint8_t layers_allocation = 0;      // webrtc.org/experiments/rtp-hdrext/video-layers-allocation00
};

}  // namespace noir
