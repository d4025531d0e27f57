#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace noir {

/// RFC 4571 §2: over a stream, each packet stands behind its length in two octets.
inline constexpr std::size_t kFrameHeader = 2;

struct SplitFrames {
  std::size_t used = 0;  // Bytes of whole frames; what is behind them is the beginning of the next one.
  bool valid = true;     // False: a frame is longer than any of ours, so the stream cannot be followed.
};

/// Calls `take(packet)` for every whole frame of at most `most` octets; null packets (length 0) are skipped. Ends
/// before the first one that `take` gives false for.
template <typename Take>
SplitFrames split_frames(ByteSpan stream, std::size_t most, Take&& take) {
  SplitFrames result;
  while (stream.size() - result.used >= kFrameHeader) {
    const ByteSpan rest = stream.subspan(result.used);
    const std::size_t size = load_be16(rest.data());
    if (size > most) {
      result.valid = false;
      break;
    }
    if (rest.size() < kFrameHeader + size) break;
    if (size > 0 && !take(rest.subspan(kFrameHeader, size))) break;
    result.used += kFrameHeader + size;
  }
  return result;
}

}  // namespace noir
