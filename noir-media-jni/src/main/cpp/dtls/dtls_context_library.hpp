#pragma once

#include <optional>

#include "dtls/dtls_context.hpp"
#include "dtls/fingerprints.hpp"
#include "dtls/openssl_ptr.hpp"

namespace noir {

struct DtlsContext::Library {
  SslContextPtr context;
};

/// Who the peer says it is and who it should be; the application data of an SSL object, set before its handshake.
struct PeerIdentity {
  Fingerprints expected;
  std::optional<Fingerprint> seen;

  /// Both are known and fit.
  [[nodiscard]] bool is_verified() const { return seen && expected.contains(*seen); }
  /// Both are known and do not fit.
  [[nodiscard]] bool is_refused() const { return seen && expected.refuse(*seen); }
};

}  // namespace noir
