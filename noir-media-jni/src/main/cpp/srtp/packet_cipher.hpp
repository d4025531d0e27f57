#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/out_packet.hpp"
#include "srtp/key_derivation.hpp"

namespace noir {

/// RFC 3711 §3.4: SRTCP's clear header is the first 8 bytes of the compound; E is the top bit of the index word.
inline constexpr std::size_t kRtcpHeaderSize = 8;
inline constexpr std::size_t kRtcpIndexSize = 4;
inline constexpr std::uint32_t kRtcpEncryptedFlag = 0x8000'0000U;

/// The transform of one session key in one direction: what the packet formats of RFC 3711 and RFC 7714 differ in.
/// Indices, replay and SSRCs are its callers'. Contexts are keyed once; a packet only sets the IV.
class PacketCipher {
 public:
  enum class Direction : std::uint8_t { kSeal, kOpen };

  virtual ~PacketCipher() = default;

  virtual Result<std::size_t> seal_rtp(const OutPacket& packet, MutableByteSpan out) = 0;
  /// In place. `header_size` leaves at least the tag.
  virtual Result<std::size_t> open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) = 0;

  virtual Result<std::size_t> seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) = 0;
  /// In place. The packet has at least `kRtcpHeaderSize`, tag and index word.
  virtual Result<std::size_t> open_rtcp(MutableByteSpan packet) = 0;
  /// The word with E and index, from where this transform has it.
  [[nodiscard]] virtual std::uint32_t rtcp_index_word(ByteSpan packet) const = 0;
  [[nodiscard]] virtual std::size_t tag_size() const = 0;
  /// Asks for the memory that a packet will need.
  virtual void prefetch() const {}
};

/// Null when OpenSSL refuses.
std::unique_ptr<PacketCipher> make_packet_cipher(const SrtpSessionKeys& keys, PacketCipher::Direction direction);

}  // namespace noir
