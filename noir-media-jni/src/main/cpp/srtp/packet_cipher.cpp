#include "srtp/packet_cipher.hpp"

#include "srtp/aead_cipher.hpp"
#include "srtp/counter_cipher.hpp"

namespace noir {

std::unique_ptr<PacketCipher> make_packet_cipher(const SrtpSessionKeys& keys, PacketCipher::Direction direction) {
  if (keys.profile == SrtpProfile::kAes128CmSha1_80) return CounterCipher::create(keys);
  return AeadCipher::create(keys, direction);
}

}  // namespace noir
