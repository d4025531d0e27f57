#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

/// RFC 3711 §4.3.1: which use a session key is for.
enum class SrtpKeyUse : std::uint8_t { kRtp = 0, kRtcp = 3 };

/// What one direction's RTP or RTCP is protected with. Wiped when it goes.
struct SrtpSessionKeys {
  SrtpSessionKeys() = default;
  SrtpSessionKeys(const SrtpSessionKeys&) = default;
  SrtpSessionKeys& operator=(const SrtpSessionKeys&) = default;
  SrtpSessionKeys(SrtpSessionKeys&&) = default;
  SrtpSessionKeys& operator=(SrtpSessionKeys&&) = default;
  ~SrtpSessionKeys();

  SrtpProfile profile = SrtpProfile::kAeadAes128Gcm;
  std::array<std::uint8_t, 32> cipher_key{};  // The first `srtp_key_size` bytes.
  std::array<std::uint8_t, 14> salt{};        // The first `srtp_salt_size` bytes.
  std::array<std::uint8_t, 20> auth_key{};    // Not for AEAD.

  [[nodiscard]] ByteSpan cipher_key_bytes() const { return ByteSpan(cipher_key).first(srtp_key_size(profile)); }
};

/// AES-CM key derivation with key derivation rate 0 (RFC 3711 §4.3; RFC 7714 §11 for AEAD).
Result<SrtpSessionKeys> derive_session_keys(SrtpProfile profile, SrtpKeyUse use, ByteSpan master_key,
                                            ByteSpan master_salt);

}  // namespace noir
