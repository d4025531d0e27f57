#pragma once

namespace noir {

/// Starts our own copy of OpenSSL without the machine's openssl.cnf: that file is written for the machine's copy and
/// may name modules that do not fit this one. Also without a clean-up at the end of the process, where loops may still
/// be running. False when OpenSSL cannot work. Call it before anything else of OpenSSL; tests need not.
[[nodiscard]] bool start_crypto_library();

/// Before the library is unloaded, when nothing of OpenSSL is in use any more.
void stop_crypto_library();

}  // namespace noir
