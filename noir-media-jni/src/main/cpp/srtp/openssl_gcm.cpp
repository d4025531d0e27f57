#include "srtp/openssl_gcm.hpp"

#include <array>
#include <cstring>

#include "base/prefetch.hpp"

namespace noir {

namespace {

// About what EVP_CIPHER_CTX takes, which is not told.
constexpr std::size_t kContextBytes = 192;

}  // namespace

OpenSslGcm::OpenSslGcm(ByteSpan key, PacketCipher::Direction direction) : context_(EVP_CIPHER_CTX_new()) {
  const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  const int seal = direction == PacketCipher::Direction::kSeal ? 1 : 0;
  if (context_ && EVP_CipherInit_ex(context_.get(), cipher, nullptr, key.data(), nullptr, seal) != 1) context_.reset();
}

bool OpenSslGcm::seal(const GcmIv& iv, ByteSpan associated, ByteSpan in, std::uint8_t* out, std::uint8_t* tag) {
  int size = 0;
  return start(iv, associated) && transform(in, out) && EVP_CipherFinal_ex(context_.get(), tag, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kGcmTagSize), tag) == 1;
}

bool OpenSslGcm::open(const GcmIv& iv, ByteSpan associated, MutableByteSpan data, const std::uint8_t* tag) {
  int size = 0;
  std::array<std::uint8_t, kGcmTagSize> expected{};
  std::memcpy(expected.data(), tag, kGcmTagSize);
  std::array<std::uint8_t, kGcmTagSize> none{};
  return start(iv, associated) && transform(data, data.data()) &&
         EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kGcmTagSize), expected.data()) ==
             1 &&
         EVP_CipherFinal_ex(context_.get(), none.data(), &size) == 1;
}

void OpenSslGcm::prefetch() const { noir::prefetch(context_.get(), kContextBytes); }

bool OpenSslGcm::start(const GcmIv& iv, ByteSpan associated) {
  int size = 0;
  return EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data(), -1) == 1 &&
         EVP_CipherUpdate(context_.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) == 1;
}

bool OpenSslGcm::transform(ByteSpan in, std::uint8_t* out) {
  int size = 0;
  return in.empty() || EVP_CipherUpdate(context_.get(), out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace noir
