#pragma once

#include <array>
#include <cstdint>

namespace noir {

/// A spatial and a temporal layer, both counted from the lowest: chosen, offered, or the most that is to be sent.
struct Layer {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;

  bool operator==(const Layer&) const = default;
};

/// What decides which of an encoding's layers a packet belongs to, and where a layer can begin.
enum class Layering : std::uint8_t {
  kNone,           // Nothing: the packet goes to everybody who gets the encoding.
  kTemporal,       // VP8, H264: `switch_up` says that a picture needs layer 0 only (RFC 7741 §4.2, Y).
  kVp9,            // `switch_up` says that later pictures need nothing above it from before it (RFC 9628 §4.2, U).
  kDecodeTargets,  // The dependency descriptor (AV1 RTP specification, appendix A).
};

/// What a dependency descriptor says of one frame's part in the decode targets: sets of layers that a receiver can
/// decode without the others.
struct DecodeTargetInfo {
  std::uint16_t present = 0;   // Bit per decode target that the frame is needed for,
  std::uint16_t switches = 0;  // and per one that a receiver can go over to at this frame.
  /// Per chain: how many frames back its last frame is; 0 = the frame begins the chain.
  std::array<std::uint8_t, 4> chain_diffs{};
};

/// What a codec says of one packet's frame, parsed once for all down tracks: where it begins and ends, its layers, and
/// the ids that each down track has to make continuous.
struct FrameInfo {
  std::uint32_t picture = 0;         // Unwrapped number of what `picture_start` begins.
  DecodeTargetInfo targets;          // With kDecodeTargets,
  std::uint16_t active_targets = 0;  // and a bit per target that the publisher makes.
  std::uint8_t descriptor_size = 0;  // Octets that the payload begins with and that are rewritten; 0 = none.
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t key_idx = 0;  // 5 bits
  std::uint8_t spatial_id : 4 = 0;
  std::uint8_t temporal_id : 4 = 0;
  Layering layering = Layering::kNone;
  bool has_picture : 1 = false;    // `picture` is on the wire, and so to be rewritten.
  bool picture_start : 1 = false;  // First packet of a picture; with kDecodeTargets of one layer's part of it,
  bool picture_end : 1 = false;    // and the last one.
  bool layer_end : 1 = false;      // Last packet of one spatial layer's part of a picture.
  bool inter_picture : 1 = false;  // Needs another picture. VP9 only.
  bool switch_up : 1 = false;      // A temporal layer above can begin here, in the way of `layering`.
  bool has_structure : 1 = false;  // The packet's dependency descriptor brings the decode targets.
};

/// What a down track puts in place of the publisher's ids; those that a packet lacks are ignored.
struct FrameIds {
  std::uint16_t picture = 0;
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t key_idx = 0;

  bool operator==(const FrameIds&) const = default;
};

}  // namespace noir
