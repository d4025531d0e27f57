#pragma once

#include <array>
#include <cstdint>

#include "srtp/cipher_context.hpp"
#include "srtp/packet_cipher.hpp"

namespace noir {

/// AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).
///
///   SRTP   header | ciphertext | tag               associated data: header
///   SRTCP  header | ciphertext | tag | E + index   associated data: header, E + index
class AeadCipher final : public PacketCipher {
 public:
  static constexpr std::size_t kTagSize = 16;

  static std::unique_ptr<AeadCipher> create(const SrtpSessionKeys& keys, Direction direction);

  Result<std::size_t> seal_rtp(const OutPacket& packet, MutableByteSpan out) override;
  Result<std::size_t> open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) override;
  Result<std::size_t> seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) override;
  Result<std::size_t> open_rtcp(MutableByteSpan packet) override;
  [[nodiscard]] std::uint32_t rtcp_index_word(ByteSpan packet) const override;
  void prefetch() const override;

 private:
  using Iv = std::array<std::uint8_t, 12>;

  AeadCipher(CipherContext context, const SrtpSessionKeys& keys);
  [[nodiscard]] Iv make_iv(std::uint32_t ssrc, std::uint64_t index) const;
  bool start(const Iv& iv);
  bool authenticate(ByteSpan associated);
  bool transform(ByteSpan in, std::uint8_t* out);
  bool finish_seal(std::uint8_t* tag);
  bool finish_open(std::uint8_t* tag);

  CipherContext context_;
  std::uint64_t salt_high_;  // The salt's first eight bytes,
  std::uint32_t salt_low_;   // and the last four.
};

}  // namespace noir
