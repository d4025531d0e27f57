#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// What encrypts a floor's packets.
enum class FloorCipher : std::uint8_t {
  kOpenSsl,
  kOwn,  // What the server has (ADR 18), where the processor has what that takes; else OpenSSL.
};

struct FloorParams {
  std::size_t subscribers = 100;
  std::size_t packets_per_run = 6;  // That one subscriber gets at once: those of a frame.
  std::size_t packet_bytes = 1090;  // UDP payload.
  FloorCipher cipher = FloorCipher::kOpenSsl;
};

/// CPU per packet (user + sys) of what no SFU gets around: for every subscriber and packet AES-128-GCM with that
/// subscriber's key, and one GSO send for each subscriber and frame. The receivers' share is left out.
[[nodiscard]] Duration measure_floor(const FloorParams& params);

/// The same at the pace of the stream: one frame, then nothing until the next, and another thread takes what comes.
/// What the pause costs (cold caches, memory that the other processor gave back) nobody gets around either.
[[nodiscard]] Duration measure_paced_floor(const FloorParams& params, Duration frame_interval);

}  // namespace noir
