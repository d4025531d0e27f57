#pragma once

#include "base/bytes.hpp"
#include "srtp/cipher_context.hpp"
#include "srtp/gcm.hpp"
#include "srtp/packet_cipher.hpp"

namespace noir {

/// AES-GCM by OpenSSL, with a context that is keyed once: for processors on which `VectorGcm` has nothing to offer.
/// Thread: loop.
class OpenSslGcm {
 public:
  /// `key` of 16 or 32 bytes, for one direction. `ok()` is false when OpenSSL refuses.
  OpenSslGcm(ByteSpan key, PacketCipher::Direction direction);
  [[nodiscard]] bool ok() const { return context_ != nullptr; }

  /// Encrypts `in` to `out`, which is the same place or does not overlap. False when OpenSSL refuses.
  bool seal(const GcmIv& iv, ByteSpan associated, ByteSpan in, std::uint8_t* out, std::uint8_t* tag);
  /// Decrypts in place. False when `tag` is wrong: what stands in `data` then must not be used.
  bool open(const GcmIv& iv, ByteSpan associated, MutableByteSpan data, const std::uint8_t* tag);
  void prefetch() const;

 private:
  bool start(const GcmIv& iv, ByteSpan associated);
  bool transform(ByteSpan in, std::uint8_t* out);

  CipherContext context_;
};

}  // namespace noir
