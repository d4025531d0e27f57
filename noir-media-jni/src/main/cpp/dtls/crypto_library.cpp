#include "dtls/crypto_library.hpp"

#include <openssl/crypto.h>

namespace noir {

bool start_crypto_library() {
  return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr) == 1;
}

void stop_crypto_library() { OPENSSL_cleanup(); }

}  // namespace noir
