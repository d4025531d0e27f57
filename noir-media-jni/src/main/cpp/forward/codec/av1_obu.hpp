#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

/// OBUs (AV1 specification §5.3) and what packets put around them (AV1 RTP specification §4.4).
namespace noir::av1 {

// Of a packet's first octet.
constexpr std::uint8_t kContinues = 0x80;  // Z: the first element goes on with the OBU that the packet before ended in.
constexpr std::uint8_t kContinued = 0x40;  // Y: the last element goes on in the next packet.
constexpr std::uint8_t kNewSequence = 0x08;  // N

constexpr std::uint8_t kSequenceHeader = 1;
constexpr std::uint8_t kTemporalDelimiter = 2;
constexpr std::uint8_t kTileList = 8;
constexpr std::uint8_t kPadding = 15;

// Of an OBU's first octet.
constexpr std::uint8_t kForbidden = 0x80;
constexpr std::uint8_t kExtension = 0x04;
constexpr std::uint8_t kHasSize = 0x02;

/// §4.10.5. Nothing when it ends too early, or is more than any frame of ours: 28 bits.
inline std::optional<std::size_t> read_leb128(ByteReader& in) {
  constexpr unsigned kMaxOctets = 8;
  std::size_t value = 0;
  for (unsigned i = 0; i < kMaxOctets; ++i) {
    const std::uint8_t octet = in.u8();
    if (i < 4) value |= std::size_t{octet & 0x7FU} << (7 * i);
    if (i >= 4 && (octet & 0x7F) != 0) return std::nullopt;
    if ((octet & 0x80) == 0) return in.ok() ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace noir::av1
