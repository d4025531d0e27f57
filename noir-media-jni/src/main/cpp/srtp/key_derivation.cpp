#include "srtp/key_derivation.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "srtp/cipher_context.hpp"

namespace noir {

namespace {

// RFC 3711 §4.3.1: labels of the three keys of a use, relative to `SrtpKeyUse`.
constexpr std::uint8_t kLabelCipher = 0;
constexpr std::uint8_t kLabelAuth = 1;
constexpr std::uint8_t kLabelSalt = 2;

/// RFC 3711 §4.3.3: the keystream of AES-CM with IV (label << 48 XOR salt) << 16.
class KeyStream {
 public:
  KeyStream(ByteSpan master_key, ByteSpan master_salt) : key_(master_key) {
    // A 96-bit salt is followed by zeros (RFC 7714 §11).
    std::copy(master_salt.begin(), master_salt.end(), salt_.begin());
  }

  [[nodiscard]] bool derive(std::uint8_t label, MutableByteSpan out) const {
    constexpr std::size_t kLabelOffset = 7;
    auto iv = salt_;
    iv[kLabelOffset] ^= label;
    const CipherContext context(EVP_CIPHER_CTX_new());
    const EVP_CIPHER* cipher = key_.size() == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
    int size = 0;
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    return context && EVP_EncryptInit_ex(context.get(), cipher, nullptr, key_.data(), iv.data()) == 1 &&
           EVP_EncryptUpdate(context.get(), out.data(), &size, out.data(), static_cast<int>(out.size())) == 1;
  }

 private:
  ByteSpan key_;
  std::array<std::uint8_t, 16> salt_{};
};

}  // namespace

SrtpSessionKeys::~SrtpSessionKeys() {
  OPENSSL_cleanse(cipher_key.data(), cipher_key.size());
  OPENSSL_cleanse(salt.data(), salt.size());
  OPENSSL_cleanse(auth_key.data(), auth_key.size());
}

Result<SrtpSessionKeys> derive_session_keys(SrtpProfile profile, SrtpKeyUse use, ByteSpan master_key,
                                            ByteSpan master_salt) {
  const std::size_t key_size = srtp_key_size(profile);
  const std::size_t salt_size = srtp_salt_size(profile);
  if (master_key.size() < key_size || master_salt.size() < salt_size) return ErrorCode::kInvalidArgument;
  const KeyStream stream(master_key.first(key_size), master_salt.first(salt_size));
  const auto first = static_cast<std::uint8_t>(use);
  const auto label = [first](std::uint8_t offset) { return static_cast<std::uint8_t>(first + offset); };
  SrtpSessionKeys keys;
  keys.profile = profile;
  const bool derived = stream.derive(label(kLabelCipher), MutableByteSpan(keys.cipher_key).first(key_size)) &&
                       stream.derive(label(kLabelAuth), keys.auth_key) &&
                       stream.derive(label(kLabelSalt), MutableByteSpan(keys.salt).first(salt_size));
  if (!derived) return ErrorCode::kCrypto;
  return keys;
}

}  // namespace noir
