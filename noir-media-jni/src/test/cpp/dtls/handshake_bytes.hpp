#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace noir {

using Bytes = std::vector<std::uint8_t>;

inline Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A DTLS 1.2 record (RFC 6347 §4.1).
inline Bytes record(std::uint8_t type, std::uint16_t epoch, const Bytes& fragment, std::uint32_t sequence = 0) {
  Bytes header(13);
  ByteWriter writer(header);
  writer.u8(type);
  writer.u16(0xFEFD);
  writer.u16(epoch);
  writer.u16(0);
  writer.u32(sequence);
  writer.u16(static_cast<std::uint16_t>(fragment.size()));
  return joined(header, fragment);
}

/// A fragment of a handshake message (RFC 6347 §4.2.2).
inline Bytes message(std::uint8_t type, std::uint32_t length, std::uint16_t seq, std::uint32_t offset,
                     const Bytes& body) {
  Bytes header(12);
  ByteWriter writer(header);
  writer.u8(type);
  writer.u24(length);
  writer.u16(seq);
  writer.u24(offset);
  writer.u24(static_cast<std::uint32_t>(body.size()));
  return joined(header, body);
}

}  // namespace noir
