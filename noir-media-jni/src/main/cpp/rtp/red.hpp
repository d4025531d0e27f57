#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace noir {

/// The payload of a packet with redundant audio (RFC 2198): what earlier packets held, and then its own. All blocks
/// have one payload type: nothing but repeats of the same codec is of use to us.
///
///   | header of each block | repeats, the oldest first | primary |
///   |<--- header_size ---->|                           |
struct RedPacket {
  static constexpr std::size_t kMaxRepeats = 8;
  static constexpr std::size_t kMaxHeader = 4 * kMaxRepeats + 1;

  struct Block {
    std::uint16_t at = 0;  // Offset into the payload.
    std::uint16_t size = 0;
    std::uint16_t ts_offset = 0;  // Of a repeat: so much earlier, in ticks.
  };

  std::array<Block, kMaxRepeats> repeats{};
  std::size_t repeat_count = 0;
  Block primary;
  std::uint16_t header_size = 0;
  std::uint8_t payload_type = 0;
};

/// Nothing when it is malformed, or has more repeats than anybody sends.
[[nodiscard]] std::optional<RedPacket> parse_red(ByteSpan payload);

/// Writes the headers of the blocks that `payload` begins with to `out` (room for RedPacket::kMaxHeader), with another
/// payload type. `payload` must be one that `parse_red` has taken.
void rewrite_red_header(ByteSpan payload, std::size_t header_size, std::uint8_t payload_type, std::uint8_t* out);

}  // namespace noir
