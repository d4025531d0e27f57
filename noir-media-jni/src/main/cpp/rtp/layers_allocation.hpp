#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace noir {

/// Which layers a publisher makes, and what they are to take: the header extension
/// webrtc.org/experiments/rtp-hdrext/video-layers-allocation00.
struct LayersAllocation {
  static constexpr std::size_t kStreams = 4;
  static constexpr std::size_t kSpatial = 4;
  static constexpr std::size_t kTemporal = 4;

  struct Spatial {
    std::uint8_t temporal_layers = 0;                       // 0 = not being made.
    std::array<std::uint32_t, kTemporal> kilobits_per_s{};  // With all that the layer is built on.
    std::uint16_t width = 0;                                // 0 = not said.
    std::uint16_t height = 0;
  };

  std::uint8_t stream = 0;   // The rtp stream that says so, of
  std::uint8_t streams = 0;  // so many; 0: none is being sent.
  std::array<std::array<Spatial, kSpatial>, kStreams> layers{};
};

/// Nothing when it is malformed: a stream that there is not, a number without end, one octet too few or too many.
[[nodiscard]] std::optional<LayersAllocation> parse_layers_allocation(ByteSpan bytes);

}  // namespace noir
