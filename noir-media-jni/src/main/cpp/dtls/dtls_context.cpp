#include "dtls/dtls_context.hpp"

#include <string>

#include "base/check.hpp"
#include "dtls/dtls_context_library.hpp"
#include "dtls/record_filter.hpp"

namespace noir {

namespace {

// RFC 8827 §6.5 and RFC 7525: forward secrecy and AEAD only. RSA for clients with an RSA certificate is a matter of
// signature algorithms; our own certificate is ECDSA, but a configured one may be RSA.
constexpr const char* kCipherSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
constexpr const char* kGroups = "X25519:P-256:P-384";

const char* name_of(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kAes128CmSha1_80:
      return "SRTP_AES128_CM_SHA1_80";
    case SrtpProfile::kAeadAes128Gcm:
      return "SRTP_AEAD_AES_128_GCM";
    case SrtpProfile::kAeadAes256Gcm:
      return "SRTP_AEAD_AES_256_GCM";
  }
  NOIR_CHECK(false);
}

std::string profile_list(std::span<const SrtpProfile> profiles) {
  std::string list;
  for (const SrtpProfile profile : profiles) {
    if (!list.empty()) list += ':';
    list += name_of(profile);
  }
  return list;
}

void use_certificate(SSL_CTX& context, const Certificate& certificate) {
  const std::uint8_t* p = certificate.private_key_der().data();
  const EvpKeyPtr key(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(certificate.private_key_der().size())));
  const ByteSpan der = certificate.der();
  NOIR_CHECK(SSL_CTX_use_certificate_ASN1(&context, static_cast<int>(der.size()), der.data()) == 1);
  NOIR_CHECK(key && SSL_CTX_use_PrivateKey(&context, key.get()) == 1);
}

// The only verification that WebRTC knows is the fingerprint (RFC 8827 §6.5). When it has not been signalled yet, the
// handshake goes on and the transport decides later.
int verify_certificate(X509_STORE_CTX* store, void* /*unused*/) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& identity = *static_cast<PeerIdentity*>(SSL_get_app_data(ssl));
  Fingerprint seen{};
  const X509* certificate = X509_STORE_CTX_get0_cert(store);
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), seen.data(), nullptr) != 1) return 0;
  identity.seen = seen;
  X509_STORE_CTX_set_error(store, identity.is_refused() ? X509_V_ERR_CERT_REJECTED : X509_V_OK);
  return identity.is_refused() ? 0 : 1;
}

void set_options(SSL_CTX& context) {
  SSL_CTX_set_options(&context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  // No datagram of ours is longer, and the write buffer is as large as this: 2 KB instead of 16 while a handshake
  // lasts.
  SSL_CTX_set_max_send_fragment(&context, RecordFilter::kMaxDatagramSize);
  SSL_CTX_set_max_cert_list(&context, static_cast<long>(RecordFilter::kMaxMessageSize));
}

}  // namespace

DtlsContext::DtlsContext(const Certificate& certificate) : DtlsContext(certificate, kSrtpProfiles) {}

DtlsContext::DtlsContext(const Certificate& certificate, std::span<const SrtpProfile> profiles)
    : local_fingerprint_(certificate.sha256()), library_(std::make_unique<Library>()) {
  library_->context.reset(SSL_CTX_new(DTLS_method()));
  NOIR_CHECK(library_->context);
  SSL_CTX& context = *library_->context;
  NOIR_CHECK(SSL_CTX_set_min_proto_version(&context, DTLS1_2_VERSION) == 1);
  NOIR_CHECK(SSL_CTX_set_max_proto_version(&context, DTLS1_2_VERSION) == 1);
  NOIR_CHECK(SSL_CTX_set_cipher_list(&context, kCipherSuites) == 1);
  NOIR_CHECK(SSL_CTX_set1_groups_list(&context, kGroups) == 1);
  if (!profiles.empty()) {
    // Returns 0 on success, unlike everything around it.
    NOIR_CHECK(SSL_CTX_set_tlsext_use_srtp(&context, profile_list(profiles).c_str()) == 0);
  }
  use_certificate(context, certificate);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(&context, verify_certificate, nullptr);
  set_options(context);
}

DtlsContext::~DtlsContext() = default;

}  // namespace noir
