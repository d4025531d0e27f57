#include "dtls/certificate.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <string_view>

#include "dtls/openssl_ptr.hpp"

namespace noir {

namespace {

constexpr int kX509v3 = 2;
constexpr std::size_t kSerialBytes = 16;

using Bytes = std::vector<std::uint8_t>;

X509Ptr parse_certificate(ByteSpan der) {
  const std::uint8_t* p = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &p, static_cast<long>(der.size())));
  if (certificate && p != der.data() + der.size()) return nullptr;
  return certificate;
}

EvpKeyPtr parse_private_key(ByteSpan der) {
  const std::uint8_t* p = der.data();
  return EvpKeyPtr(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(der.size())));
}

Bytes encode_certificate(X509& certificate) {
  const int size = i2d_X509(&certificate, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* p = der.data();
  (void)i2d_X509(&certificate, &p);
  return der;
}

// PKCS#8, the form that Java's KeyFactory reads too.
Bytes encode_private_key(const EVP_PKEY& key) {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(&key));
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : 0;
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* p = der.data();
  (void)i2d_PKCS8_PRIV_KEY_INFO(info.get(), &p);
  return der;
}

bool set_random_serial(X509& certificate) {
  std::array<std::uint8_t, kSerialBytes> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
  serial[0] &= 0x7F;  // RFC 5280 §4.1.2.2: positive.
  BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  const bool done = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(&certificate)) != nullptr;
  BN_free(number);
  return done;
}

// No clock here, and peers compare fingerprints instead of dates: valid for ever, as RFC 5280 §4.1.2.5 spells it.
bool set_validity(X509& certificate) {
  return ASN1_TIME_set_string(X509_getm_notBefore(&certificate), "19700101000000Z") == 1 &&
         ASN1_TIME_set_string(X509_getm_notAfter(&certificate), "99991231235959Z") == 1;
}

// A common name that says nothing about the node: the certificate travels in clear text.
bool set_names(X509& certificate) {
  constexpr std::string_view kName = "WebRTC";
  X509_NAME* name = X509_get_subject_name(&certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const std::uint8_t*>(kName.data()),
                                    static_cast<int>(kName.size()), -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, name) == 1;
}

}  // namespace

Result<Certificate> Certificate::generate() {
  const EvpKeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  if (!key || !certificate) return ErrorCode::kCrypto;
  if (X509_set_version(certificate.get(), kX509v3) != 1 || !set_random_serial(*certificate) ||
      !set_validity(*certificate) || !set_names(*certificate) || X509_set_pubkey(certificate.get(), key.get()) != 1 ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    ERR_clear_error();
    return ErrorCode::kCrypto;
  }
  return from_der(encode_certificate(*certificate), encode_private_key(*key));
}

Result<Certificate> Certificate::from_der(ByteSpan certificate, ByteSpan private_key) {
  const X509Ptr parsed = parse_certificate(certificate);
  const EvpKeyPtr key = parse_private_key(private_key);
  const bool belongs = parsed && key && X509_check_private_key(parsed.get(), key.get()) == 1;
  ERR_clear_error();
  if (!parsed || !key) return ErrorCode::kMalformed;
  if (!belongs) return ErrorCode::kInvalidArgument;
  Certificate result;
  result.der_.assign(certificate.begin(), certificate.end());
  result.private_key_der_ = encode_private_key(*key);
  SHA256(certificate.data(), certificate.size(), result.sha256_.data());
  return result;
}

}  // namespace noir
