#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace noir {

// A DTLS record's header (RFC 6347 §4.1): type, version, epoch, sequence number, length of what follows.
inline constexpr std::size_t kRecordHeaderSize = 13;
inline constexpr std::size_t kRecordEpochOffset = 3;
inline constexpr std::size_t kRecordSequenceOffset = 5;
inline constexpr std::size_t kRecordLengthOffset = 11;

/// Cuts the first record off `datagram`. Empty, and nothing is cut, when there is no whole one.
[[nodiscard]] inline ByteSpan take_record(ByteSpan& datagram) {
  if (datagram.size() < kRecordHeaderSize) return {};
  const std::size_t size = kRecordHeaderSize + load_be16(datagram.data() + kRecordLengthOffset);
  if (size > datagram.size()) return {};
  const ByteSpan record = datagram.first(size);
  datagram = datagram.subspan(size);
  return record;
}

}  // namespace noir
