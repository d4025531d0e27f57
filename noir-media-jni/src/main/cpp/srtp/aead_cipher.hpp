#pragma once

#include <cstdint>
#include <utility>

#include "base/bytes.hpp"
#include "srtp/gcm.hpp"
#include "srtp/openssl_gcm.hpp"
#include "srtp/packet_cipher.hpp"
#include "srtp/vector_gcm.hpp"

namespace noir {

/// AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714), by `VectorGcm` or `OpenSslGcm`.
///
///   SRTP   header | ciphertext | tag               associated data: header
///   SRTCP  header | ciphertext | tag | E + index   associated data: header, E + index
template <typename Gcm>
class AeadCipher final : public PacketCipher {
 public:
  /// `unit_or_direction` is what this `Gcm` wants besides the key.
  template <typename Choice>
  AeadCipher(const SrtpSessionKeys& keys, Choice unit_or_direction)
      : salt_high_(load_be64(keys.salt.data())),
        salt_low_(load_be32(keys.salt.data() + 8)),
        gcm_(keys.cipher_key_bytes(), unit_or_direction) {}
  [[nodiscard]] bool ok() const { return gcm_.ok(); }

  Result<std::size_t> seal_rtp(const OutPacket& packet, MutableByteSpan out) override;
  Result<std::size_t> open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) override;
  Result<std::size_t> seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) override;
  Result<std::size_t> open_rtcp(MutableByteSpan packet) override;
  [[nodiscard]] std::uint32_t rtcp_index_word(ByteSpan packet) const override;
  void prefetch() const override { gcm_.prefetch(); }

 private:
  [[nodiscard]] GcmIv make_iv(std::uint32_t ssrc, std::uint64_t index) const;

  std::uint64_t salt_high_;  // The salt's first eight bytes,
  std::uint32_t salt_low_;   // and the last four.
  Gcm gcm_;
};

extern template class AeadCipher<VectorGcm>;
extern template class AeadCipher<OpenSslGcm>;

}  // namespace noir
