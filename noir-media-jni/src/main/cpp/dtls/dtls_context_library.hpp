#pragma once

#include <optional>

#include "dtls/dtls_context.hpp"
#include "dtls/openssl_ptr.hpp"

namespace noir {

struct DtlsContext::Library {
  SslContextPtr context;
};

/// Who the peer says it is and who it should be; the application data of an SSL object, set before its handshake.
struct PeerIdentity {
  std::optional<Fingerprint> expected;
  std::optional<Fingerprint> seen;

  /// Both are known and equal, compared in constant time.
  [[nodiscard]] bool is_verified() const;
  /// Both are known and differ.
  [[nodiscard]] bool is_refused() const { return expected && seen && !is_verified(); }
};

}  // namespace noir
