#pragma once

#include <cstdint>

namespace noir {

/// What decides which of an encoding's layers a packet belongs to.
enum class Layering : std::uint8_t {
  kNone,  // Nothing: it goes to everybody who gets the encoding.
  kVp8,   // The payload descriptor of VP8 (RFC 7741 §4.2), with picture id and temporal layer.
};

/// What a codec says of one packet's frame, parsed once for all down tracks: where it begins and ends, its layers, and
/// the ids that each down track has to make continuous.
struct FrameInfo {
  std::uint32_t picture = 0;         // Unwrapped number of what `picture_start` begins; only when `has_picture`.
  std::uint8_t descriptor_size = 0;  // Octets that the payload begins with and that are rewritten; 0 = none.
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t key_idx = 0;  // 5 bits
  std::uint8_t temporal_id = 0;
  Layering layering = Layering::kNone;
  bool has_picture : 1 = false;
  bool picture_start : 1 = false;  // First packet of a picture,
  bool picture_end : 1 = false;    // and the last one.
  bool switch_up : 1 = false;      // A layer above can begin here, in the way of `layering`.
};

/// What a down track puts in place of the publisher's ids; those that a packet lacks are ignored.
struct FrameIds {
  std::uint16_t picture = 0;
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t key_idx = 0;

  bool operator==(const FrameIds&) const = default;
};

}  // namespace noir
