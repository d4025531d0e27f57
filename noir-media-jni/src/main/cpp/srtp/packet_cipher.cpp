#include "srtp/packet_cipher.hpp"

#include "srtp/aead_cipher.hpp"
#include "srtp/counter_cipher.hpp"

namespace noir {

std::unique_ptr<PacketCipher> make_packet_cipher(const SrtpSessionKeys& keys, PacketCipher::Direction direction) {
  if (keys.profile == SrtpProfile::kAes128CmSha1_80) return CounterCipher::create(keys);
  static const std::optional<VectorUnit> unit = fastest_vector_unit();
  if (unit) return std::make_unique<AeadCipher<VectorGcm>>(keys, *unit);
  auto cipher = std::make_unique<AeadCipher<OpenSslGcm>>(keys, direction);
  return cipher->ok() ? std::move(cipher) : nullptr;
}

}  // namespace noir
