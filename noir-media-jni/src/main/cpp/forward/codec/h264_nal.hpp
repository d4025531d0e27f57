#pragma once

#include <cstdint>

/// NAL units (ITU-T H.264 §7.3.1, table 7-1) and what packets put around them (RFC 6184 §5).
namespace noir::h264 {

// Of a unit's first octet.
constexpr std::uint8_t kForbidden = 0x80;
constexpr std::uint8_t kImportance = 0x60;  // nal_ref_idc
constexpr std::uint8_t kType = 0x1F;

constexpr std::uint8_t kIdr = 5;
constexpr std::uint8_t kSps = 7;
constexpr std::uint8_t kPps = 8;
constexpr std::uint8_t kDelimiter = 9;
constexpr std::uint8_t kFiller = 12;
constexpr std::uint8_t kLastSingle = 23;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

// Of a fragment's header.
constexpr std::uint8_t kFuStart = 0x80;
constexpr std::uint8_t kFuEnd = 0x40;

}  // namespace noir::h264
