#pragma once

#include <cstddef>

#include "base/time.hpp"

namespace noir {

struct FloorParams {
  std::size_t subscribers = 100;
  std::size_t packets_per_run = 6;  // That one subscriber gets at once: those of a frame.
  std::size_t packet_bytes = 1090;  // UDP payload.
};

/// CPU per packet (user + sys) of what no SFU gets around: for every subscriber and packet AES-128-GCM with that
/// subscriber's key, and one GSO send for each subscriber and frame. The receivers' share is left out.
[[nodiscard]] Duration measure_floor(const FloorParams& params);

}  // namespace noir
