#pragma once

#include <array>
#include <cstdint>

#include "srtp/cipher_context.hpp"
#include "srtp/packet_cipher.hpp"
#include "stun/hmac_sha1.hpp"

namespace noir {

/// AES128_CM_HMAC_SHA1_80 (RFC 3711), for clients without GCM. OpenSSL 3.0 copies a digest state for each
/// HMAC, which is two allocations a packet; GCM has none.
///
///   SRTP   header | ciphertext | tag               authenticated: header, ciphertext, ROC
///   SRTCP  header | ciphertext | E + index | tag   authenticated: all before the tag
class CounterCipher final : public PacketCipher {
 public:
  static constexpr std::size_t kTagSize = 10;

  static std::unique_ptr<CounterCipher> create(const SrtpSessionKeys& keys);

  Result<std::size_t> seal_rtp(const OutPacket& packet, MutableByteSpan out) override;
  Result<std::size_t> open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) override;
  Result<std::size_t> seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) override;
  Result<std::size_t> open_rtcp(MutableByteSpan packet) override;
  [[nodiscard]] std::uint32_t rtcp_index_word(ByteSpan packet) const override;

 private:
  CounterCipher(CipherContext context, const SrtpSessionKeys& keys);
  bool start(std::uint32_t ssrc, std::uint64_t index);
  bool transform(ByteSpan in, std::uint8_t* out);
  [[nodiscard]] bool has_tag(const HmacSha1::Tag& tag, ByteSpan received) const;

  CipherContext context_;
  HmacSha1 auth_;
  std::array<std::uint8_t, 16> salt_{};
};

}  // namespace noir
