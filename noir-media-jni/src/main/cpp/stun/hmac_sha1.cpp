#include "stun/hmac_sha1.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.hpp"

namespace noir {

namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};

}  // namespace

void HmacSha1::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

HmacSha1::HmacSha1(ByteSpan key) {
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  NOIR_CHECK(mac != nullptr);
  context_.reset(EVP_MAC_CTX_new(mac.get()));
  NOIR_CHECK(context_ != nullptr);
  char digest[] = "SHA1";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  const std::uint8_t none = 0;  // A null key would mean "the one you have".
  NOIR_CHECK(EVP_MAC_init(context_.get(), key.empty() ? &none : key.data(), key.size(), params) == 1);
}

HmacSha1::Tag HmacSha1::compute(std::initializer_list<ByteSpan> parts) {
  NOIR_CHECK(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);
  for (const ByteSpan part : parts) {
    if (!part.empty()) NOIR_CHECK(EVP_MAC_update(context_.get(), part.data(), part.size()) == 1);
  }
  Tag tag{};
  std::size_t size = 0;
  NOIR_CHECK(EVP_MAC_final(context_.get(), tag.data(), &size, tag.size()) == 1 && size == tag.size());
  return tag;
}

bool equal_constant_time(ByteSpan a, ByteSpan b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace noir
