#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "forward/codec/frame_size.hpp"

namespace noir {

/// What an AV1 sequence header says that files have to say, too (AV1 bitstream specification §5.5).
struct Av1Sequence {
  std::uint8_t profile = 0;
  std::uint8_t level = 0;  // Of the first operating point,
  bool high_tier = false;  // and its tier.
  bool high_bitdepth = false;
  bool twelve_bit = false;
  bool monochrome = false;
  bool subsampling_x = false;
  bool subsampling_y = false;
  std::uint8_t sample_position = 0;
  FrameSize size;
};

/// `payload`: of the OBU, behind its header and size. Nothing when it ends too early or says what cannot be.
[[nodiscard]] std::optional<Av1Sequence> parse_av1_sequence(ByteSpan payload);

}  // namespace noir
