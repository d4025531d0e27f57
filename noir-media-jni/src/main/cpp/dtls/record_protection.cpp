#include "dtls/record_protection.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

#include "dtls/openssl_ptr.hpp"
#include "dtls/record.hpp"
#include "srtp/cipher_context.hpp"

namespace noir {

namespace {

constexpr std::uint16_t kVersion = 0xFEFD;
constexpr std::uint64_t kEpoch = std::uint64_t{1} << 48;
constexpr std::uint64_t kMaxSequence = kEpoch - 1;
// RFC 5288 §3: the explicit part of the nonce before the ciphertext, the tag after it.
constexpr std::size_t kExplicitNonceSize = 8;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kOverhead = kExplicitNonceSize + kTagSize;
constexpr std::size_t kMasterSecretSize = 48;

using KdfPtr = std::unique_ptr<EVP_KDF, OpenSslFree<EVP_KDF_free>>;
using KdfContextPtr = std::unique_ptr<EVP_KDF_CTX, OpenSslFree<EVP_KDF_CTX_free>>;
using AssociatedData = std::array<std::uint8_t, kRecordHeaderSize>;

// RFC 5246 §6.2.3.3 with RFC 6347 §4.1.2.1: epoch and number, type, version, length of what is encrypted.
AssociatedData associated_data(std::uint64_t number, std::uint8_t type, std::size_t size) {
  AssociatedData data{};
  store_be64(data.data(), number);
  data[8] = type;
  store_be16(data.data() + 9, kVersion);
  store_be16(data.data() + 11, static_cast<std::uint16_t>(size));
  return data;
}

// RFC 5246 §5 and §6.3: PRF(master_secret, "key expansion", server_random + client_random).
bool expand(SSL& ssl, const EVP_MD& digest, MutableByteSpan out) {
  std::string_view label = "key expansion";
  std::array<std::uint8_t, kMasterSecretSize> secret{};
  std::array<std::uint8_t, SSL3_RANDOM_SIZE> client{};
  std::array<std::uint8_t, SSL3_RANDOM_SIZE> server{};
  const KdfPtr kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_TLS1_PRF, nullptr));
  const KdfContextPtr context(EVP_KDF_CTX_new(kdf.get()));
  if (!context || SSL_get_client_random(&ssl, client.data(), client.size()) != client.size() ||
      SSL_get_server_random(&ssl, server.data(), server.size()) != server.size() ||
      SSL_SESSION_get_master_key(SSL_get0_session(&ssl), secret.data(), secret.size()) != secret.size()) {
    return false;
  }
  auto* digest_name = const_cast<char*>(EVP_MD_get0_name(&digest));  // OSSL_PARAM is for both directions.
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, const_cast<char*>(label.data()), label.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, server.data(), server.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, client.data(), client.size()),
      OSSL_PARAM_construct_end(),
  };
  const bool derived = EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1;
  OPENSSL_cleanse(secret.data(), secret.size());
  return derived;
}

/// One use of AES-GCM. Keyed for each record: data channels carry few of them, and a context kept takes 1.2 KB.
CipherContext start(bool seal, std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt,
                    std::uint64_t nonce, const AssociatedData& associated) {
  std::array<std::uint8_t, 12> iv{};
  std::copy(salt.begin(), salt.end(), iv.begin());
  store_be64(iv.data() + salt.size(), nonce);
  CipherContext context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  int size = 0;
  if (!context || EVP_CipherInit_ex(context.get(), cipher, nullptr, key.data(), iv.data(), seal ? 1 : 0) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) != 1) {
    return nullptr;
  }
  return context;
}

bool transform(EVP_CIPHER_CTX& context, ByteSpan in, std::uint8_t* out) {
  int size = 0;
  return in.empty() || EVP_CipherUpdate(&context, out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace

std::optional<RecordProtection> RecordProtection::take_over(SSL& ssl, bool is_client,
                                                            std::span<const std::vector<std::uint8_t>> last_flight) {
  RecordProtection protection;
  bool sent = false;
  for (const auto& datagram : last_flight) sent = protection.note_sent(datagram) || sent;
  // Without the nonce of our Finished there is none that is known to be fresh.
  if (!sent || !protection.derive_keys(ssl, is_client)) return std::nullopt;
  return protection;
}

RecordProtection::~RecordProtection() {
  OPENSSL_cleanse(&local_, sizeof local_);
  OPENSSL_cleanse(&remote_, sizeof remote_);
}

bool RecordProtection::derive_keys(SSL& ssl, bool is_client) {
  const SSL_CIPHER* suite = SSL_get_current_cipher(&ssl);
  if (suite == nullptr) return false;
  const int cipher = SSL_CIPHER_get_cipher_nid(suite);
  if (cipher != NID_aes_128_gcm && cipher != NID_aes_256_gcm) return false;
  const EVP_MD* digest = SSL_CIPHER_get_handshake_digest(suite);
  suite_ = SSL_CIPHER_standard_name(suite);
  key_size_ = cipher == NID_aes_256_gcm ? 32 : 16;
  std::array<std::uint8_t, 2 * (kMaxKeySize + kSaltSize)> block{};
  if (digest == nullptr || !expand(ssl, *digest, MutableByteSpan(block).first(2 * (key_size_ + kSaltSize)))) {
    return false;
  }
  // RFC 5246 §6.3: client key, server key, client salt, server salt; an AEAD has no MAC keys.
  Keys& client = is_client ? local_ : remote_;
  Keys& server = is_client ? remote_ : local_;
  const std::uint8_t* p = block.data();
  std::copy_n(p, key_size_, client.key.data());
  std::copy_n(p + key_size_, key_size_, server.key.data());
  p += 2 * key_size_;
  std::copy_n(p, kSaltSize, client.salt.data());
  std::copy_n(p + kSaltSize, kSaltSize, server.salt.data());
  OPENSSL_cleanse(block.data(), block.size());
  return true;
}

// True when there was a record of epoch 1.
bool RecordProtection::note_sent(ByteSpan datagram) {
  bool any = false;
  for (ByteSpan record = take_record(datagram); !record.empty(); record = take_record(datagram)) {
    const std::uint64_t number = load_be64(record.data() + kRecordEpochOffset);
    if ((number & ~kMaxSequence) == kEpoch && record.size() >= kRecordHeaderSize + kOverhead) {
      any = true;
      next_sequence_ = std::max(next_sequence_, (number & kMaxSequence) + 1);
      next_nonce_ = load_be64(record.data() + kRecordHeaderSize) + 1;
    }
  }
  return any;
}

std::vector<std::uint8_t> RecordProtection::seal(ContentType type, ByteSpan content) {
  if (next_sequence_ > kMaxSequence) return {};
  const std::uint64_t number = kEpoch | next_sequence_++;
  const std::uint64_t nonce = next_nonce_++;
  std::vector<std::uint8_t> record(kRecordHeaderSize + kOverhead + content.size());
  record[0] = type;
  store_be16(record.data() + 1, kVersion);
  store_be64(record.data() + kRecordEpochOffset, number);
  store_be16(record.data() + kRecordLengthOffset, static_cast<std::uint16_t>(kOverhead + content.size()));
  store_be64(record.data() + kRecordHeaderSize, nonce);
  std::uint8_t* body = record.data() + kRecordHeaderSize + kExplicitNonceSize;
  const auto context = start(true, std::span(local_.key).first(key_size_), local_.salt, nonce,
                             associated_data(number, type, content.size()));
  int size = 0;
  if (!context || !transform(*context, content, body) ||
      EVP_CipherFinal_ex(context.get(), body + content.size(), &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, body + content.size()) != 1) {
    return {};
  }
  return record;
}

std::optional<RecordProtection::Record> RecordProtection::open(ByteSpan record) {
  if (record.size() < kRecordHeaderSize + kOverhead) return std::nullopt;
  const std::uint64_t number = load_be64(record.data() + kRecordEpochOffset);
  const std::uint64_t sequence = number & kMaxSequence;
  if ((number & ~kMaxSequence) != kEpoch || received_.is_replay(sequence)) return std::nullopt;
  const std::size_t size = record.size() - kRecordHeaderSize - kOverhead;
  const ByteSpan body = record.subspan(kRecordHeaderSize + kExplicitNonceSize, size);
  std::array<std::uint8_t, kTagSize> tag{};
  std::copy_n(record.end() - kTagSize, kTagSize, tag.begin());
  Record opened{record[0], std::vector<std::uint8_t>(size)};
  const auto context = start(false, std::span(remote_.key).first(key_size_), remote_.salt,
                             load_be64(record.data() + kRecordHeaderSize), associated_data(number, opened.type, size));
  int rest = 0;
  std::array<std::uint8_t, kTagSize> none{};
  if (!context || !transform(*context, body, opened.content.data()) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) != 1 ||
      EVP_CipherFinal_ex(context.get(), none.data(), &rest) != 1) {
    return std::nullopt;
  }
  received_.accept(sequence);
  return opened;
}

}  // namespace noir
