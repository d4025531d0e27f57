#pragma once

#include <cstdint>

namespace noir {

/// One publisher's place in the queue for fan-outs. Publishers of one group, a room, share what a room gets.
struct FanOutLane {
  std::uint32_t group = 0;  // 0 = by itself.
  std::int64_t credit = 0;  // Packets to subscribers, in a round with more work than there is time for.
  std::int64_t let_in = 0;  // Packets to subscribers that were let into round `round`.
  std::uint64_t round = 0;
};

}  // namespace noir
