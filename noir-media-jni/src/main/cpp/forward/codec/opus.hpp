#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace noir {

/// How long the sound of an Opus packet is, in ticks of 48 kHz (RFC 6716 §3.1, §3.2); 0 when it does not say.
[[nodiscard]] constexpr std::uint32_t opus_duration(ByteSpan packet) {
  if (packet.empty()) return 0;
  const unsigned configuration = packet[0] >> 3;
  const unsigned step = configuration & 3U;
  std::uint32_t frame = 0;
  if (configuration < 12) {
    frame = step == 3 ? 2880 : 480U << step;  // SILK: 10, 20, 40 and 60 ms.
  } else if (configuration < 16) {
    frame = 480U << (step & 1U);  // Hybrid: 10 and 20 ms.
  } else {
    frame = 120U << step;  // CELT: 2.5, 5, 10 and 20 ms.
  }
  switch (packet[0] & 3) {
    case 0:
      return frame;
    case 3:
      return packet.size() > 1 ? frame * (packet[1] & 0x3FU) : 0;
    default:
      return 2 * frame;
  }
}

}  // namespace noir
