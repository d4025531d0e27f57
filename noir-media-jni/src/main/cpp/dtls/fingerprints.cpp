#include "dtls/fingerprints.hpp"

#include <openssl/crypto.h>

namespace noir {

bool Fingerprints::contains(const Fingerprint& seen) const {
  bool found = false;
  for (const Fingerprint& one : all_) found |= CRYPTO_memcmp(one.data(), seen.data(), seen.size()) == 0;
  return found;
}

}  // namespace noir
