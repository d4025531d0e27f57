#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "forward/frame_info.hpp"

namespace noir {

/// A VP9 payload descriptor (RFC 9628 §4.2), flexible mode and not.
struct Vp9Descriptor {
  /// Of what is rewritten: the first octet, picture id, layer indices and TL0PICIDX.
  static constexpr std::size_t kMaxHead = 5;

  std::uint8_t head_size = 0;
  std::uint16_t size = 0;            // Octets of descriptor before the VP9 payload.
  std::uint8_t picture_id_bits = 0;  // 7 or 15; 0 = absent.
  std::uint16_t picture_id = 0;
  std::uint16_t width = 0;  // Of the highest spatial layer, when a scalability structure says so.
  std::uint16_t height = 0;
  std::uint8_t spatial_id = 0;
  std::uint8_t temporal_id = 0;
  std::uint8_t tl0_pic_idx = 0;
  bool has_layers = false;
  bool inter_picture = false;   // P: predicted from other pictures.
  bool frame_start = false;     // B, of a layer's frame.
  bool frame_end = false;       // E
  bool switch_up = false;       // U
  bool keyframe_start = false;  // First packet of a key picture: of its lowest spatial layer.
};

/// Nothing when the payload ends within its descriptor.
[[nodiscard]] std::optional<Vp9Descriptor> parse_vp9_descriptor(ByteSpan payload);

/// Writes the head of the descriptor that `payload` begins with to `out` (room for Vp9Descriptor::kMaxHead) with other
/// ids; a picture id always gets 15 bits. Gives the size written. `payload` has passed `parse_vp9_descriptor`.
std::size_t rewrite_vp9_head(ByteSpan payload, const FrameIds& ids, std::uint8_t* out);

}  // namespace noir
