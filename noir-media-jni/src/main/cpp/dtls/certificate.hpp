#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace noir {

/// SHA-256 over the DER form of a certificate, as `a=fingerprint:sha-256` carries it (RFC 8122 §5).
using Fingerprint = std::array<std::uint8_t, 32>;

/// A self-signed certificate with its private key, as plain bytes: what a node shows in every DTLS handshake.
/// A value of this type is valid: it parses and its key belongs to it.
class Certificate {
 public:
  /// A fresh P-256 key and a certificate without any personal detail or date of its own.
  static Result<Certificate> generate();
  /// `private_key` is PKCS#8 or the algorithm's own form. kMalformed when either does not parse, kInvalidArgument when
  /// they do not belong together.
  static Result<Certificate> from_der(ByteSpan certificate, ByteSpan private_key);

  [[nodiscard]] ByteSpan der() const { return der_; }
  /// PKCS#8, unencrypted.
  [[nodiscard]] ByteSpan private_key_der() const { return private_key_der_; }
  [[nodiscard]] const Fingerprint& sha256() const { return sha256_; }

 private:
  Certificate() = default;

  std::vector<std::uint8_t> der_;
  std::vector<std::uint8_t> private_key_der_;
  Fingerprint sha256_{};
};

}  // namespace noir
