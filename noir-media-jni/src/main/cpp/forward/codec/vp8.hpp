#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "forward/frame_info.hpp"

namespace noir {

/// A VP8 payload descriptor (RFC 7741 §4.2).
struct Vp8Descriptor {
  static constexpr std::size_t kMaxSize = 6;

  std::uint8_t size = 0;  // Octets of descriptor before the VP8 payload.
  std::uint16_t picture_id = 0;
  std::uint8_t picture_id_bits = 0;  // 7 or 15; 0 = absent.
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t temporal_id = 0;
  std::uint8_t key_idx = 0;  // 5 bits
  bool has_tl0_pic_idx = false;
  bool has_temporal_id = false;
  bool has_key_idx = false;
  bool layer_sync = false;
  bool frame_start = false;     // S bit of partition 0.
  bool keyframe_start = false;  // frame_start of a key frame.
};

/// Nothing when the payload is empty or ends within its descriptor.
[[nodiscard]] std::optional<Vp8Descriptor> parse_vp8_descriptor(ByteSpan payload);

/// Writes the descriptor that `payload` begins with to `out` (room for Vp8Descriptor::kMaxSize) with other ids; a
/// picture id always gets 15 bits, so that its width does not change between encodings. Gives the size written.
/// `payload` has passed `parse_vp8_descriptor`.
std::size_t rewrite_vp8_descriptor(ByteSpan payload, const FrameIds& ids, std::uint8_t* out);

}  // namespace noir
