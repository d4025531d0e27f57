#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "dtls/certificate.hpp"

namespace noir {

/// One of them is that of the certificate a peer shows, who may have several (RFC 8122 §5). Empty: not known yet.
class Fingerprints {
 public:
  static constexpr std::size_t kMost = 4;  // Of one peer.

  Fingerprints() = default;
  Fingerprints(const Fingerprint& only) : all_{only} {}  // NOLINT(google-explicit-constructor): one is several.
  explicit Fingerprints(std::vector<Fingerprint> all) : all_(std::move(all)) {}

  [[nodiscard]] bool empty() const { return all_.empty(); }
  /// In a time that does not depend on what they are.
  [[nodiscard]] bool contains(const Fingerprint& seen) const;
  /// They are known, and it is none of them.
  [[nodiscard]] bool refuse(const Fingerprint& seen) const { return !empty() && !contains(seen); }

 private:
  std::vector<Fingerprint> all_;
};

}  // namespace noir
