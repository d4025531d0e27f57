#pragma once

#include <cstdint>

#include "forward/frame_info.hpp"

namespace noir {

/// A layer that can be had of a track, with all that it is built on.
struct OfferedLayer {
  Layer layer;              // `spatial` is the encoding, or the spatial layer of the only one.
  std::uint16_t width = 0;  // 0 = not known.
  std::uint16_t height = 0;
  std::uint64_t bitrate = 0;  // bit/s, measured; when it is not being sent, as it was last.
  std::uint64_t peak = 0;     // bit/s, the most in one of the last seconds: what screens count with.
  bool available = true;      // It is being sent.
};

}  // namespace noir
