#pragma once

#include <memory>
#include <span>

#include "dtls/certificate.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

/// What all DTLS transports of one loop share: certificate, cipher suites, SRTP profiles. Serves both roles.
/// Thread: loop.
class DtlsContext {
 public:
  /// Offers and accepts every profile of `kSrtpProfiles`.
  explicit DtlsContext(const Certificate& certificate);
  /// Only `profiles`, in this order.
  DtlsContext(const Certificate& certificate, std::span<const SrtpProfile> profiles);
  ~DtlsContext();
  DtlsContext(const DtlsContext&) = delete;
  DtlsContext& operator=(const DtlsContext&) = delete;

  [[nodiscard]] const Fingerprint& local_fingerprint() const { return local_fingerprint_; }

 private:
  friend class DtlsTransport;
  struct Library;

  const Fingerprint local_fingerprint_;
  std::unique_ptr<Library> library_;  // Owned.
};

}  // namespace noir
