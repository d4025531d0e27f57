#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace noir {

/// An RTP packet on its way to SRTP: a header of its own, the rest of the payload still in the source buffer.
///
///   | head: RTP header with extensions | head: rewritten first payload bytes | payload in the source buffer |
///   |<-------- header_size ----------->|<----------- prefix_size ----------->|
struct OutPacket {  // NOLINT(cppcoreguidelines-pro-type-member-init): head is filled up to the sizes, never cleared.
  static constexpr std::size_t kMaxHead = 368;

  std::uint64_t index = 0;  // 48-bit SRTP packet index (RFC 3711 §3.3.1): ROC << 16 | seq.
  ByteSpan payload;
  std::uint32_t ssrc = 0;         // As in the header; for bookkeeping without parsing.
  std::uint16_t header_size = 0;  // The associated data of AEAD.
  std::uint16_t prefix_size = 0;
  /// Where in `head` the transport-wide sequence number goes, which is only known when the packet leaves; 0 = nowhere.
  std::uint16_t transport_sequence_at = 0;
  std::array<std::uint8_t, kMaxHead> head;

  /// Must come before encryption: the header is authenticated.
  void set_transport_sequence(std::uint16_t number) { store_be16(head.data() + transport_sequence_at, number); }
  [[nodiscard]] ByteSpan header() const { return {head.data(), header_size}; }
  [[nodiscard]] ByteSpan prefix() const { return {head.data() + header_size, prefix_size}; }
  [[nodiscard]] std::size_t size() const { return std::size_t{header_size} + prefix_size + payload.size(); }
};

}  // namespace noir
