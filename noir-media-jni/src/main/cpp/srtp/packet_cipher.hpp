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
inline constexpr std::size_t kSrtcpHeaderSize = 8;
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
  /// In place. The packet has at least `kSrtcpHeaderSize`, tag and index word.
  virtual Result<std::size_t> open_rtcp(MutableByteSpan packet) = 0;
  /// The word with E and index, from where this transform has it.
  [[nodiscard]] virtual std::uint32_t rtcp_index_word(ByteSpan packet) const = 0;
  /// Asks for the memory that a packet will need.
  virtual void prefetch() const {}
};

/// Null when OpenSSL refuses.
std::unique_ptr<PacketCipher> make_packet_cipher(const SrtpSessionKeys& keys, PacketCipher::Direction direction);

/// A cipher made with its first packet: it takes 1.2 KB, and of the eight of a peer's two transports one who only
/// listens uses three.
class PacketCipherOnUse {
 public:
  PacketCipherOnUse(const SrtpSessionKeys& keys, PacketCipher::Direction direction)
      : keys_(std::make_unique<SrtpSessionKeys>(keys)), profile_(keys.profile), direction_(direction) {}

  /// Null when OpenSSL refuses.
  [[nodiscard]] PacketCipher* get() {
    if (!cipher_) [[unlikely]] {
      make();
    }
    return cipher_.get();
  }
  /// Null before the first packet.
  [[nodiscard]] const PacketCipher* peek() const { return cipher_.get(); }
  [[nodiscard]] std::size_t tag_size() const { return srtp_tag_size(profile_); }

 private:
  void make() {
    cipher_ = make_packet_cipher(*keys_, direction_);
    if (cipher_) keys_.reset();
  }

  // Owned.
  std::unique_ptr<PacketCipher> cipher_;
  std::unique_ptr<SrtpSessionKeys> keys_;  // Until there is a cipher.
  // Given.
  SrtpProfile profile_;
  PacketCipher::Direction direction_;
};

}  // namespace noir
