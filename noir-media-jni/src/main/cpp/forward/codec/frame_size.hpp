#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Pixels; of the highest spatial layer.
struct FrameSize {
  std::uint16_t width = 0;  // 0 = not known.
  std::uint16_t height = 0;

  bool operator==(const FrameSize&) const = default;
};

/// What the payload of a key frame's packet says of its size: VP8's frame header, VP9's scalability structure, an H264
/// sequence parameter set, an AV1 sequence header. Nothing when it does not, or not where we look.
[[nodiscard]] std::optional<FrameSize> find_frame_size(Codec codec, ByteSpan payload);

}  // namespace noir
