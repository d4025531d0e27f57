#include "srtp/aead_cipher.hpp"

#include <cstring>

#include "base/prefetch.hpp"

namespace noir {

namespace {

// About what EVP_CIPHER_CTX takes, which is not told.
constexpr std::size_t kContextBytes = 192;

}  // namespace

std::unique_ptr<AeadCipher> AeadCipher::create(const SrtpSessionKeys& keys, Direction direction) {
  CipherContext context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = keys.profile == SrtpProfile::kAeadAes256Gcm ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  const int seal = direction == Direction::kSeal ? 1 : 0;
  if (!context || EVP_CipherInit_ex(context.get(), cipher, nullptr, keys.cipher_key.data(), nullptr, seal) != 1) {
    return nullptr;
  }
  return std::unique_ptr<AeadCipher>(new AeadCipher(std::move(context), keys));
}

AeadCipher::AeadCipher(CipherContext context, const SrtpSessionKeys& keys)
    : context_(std::move(context)),
      salt_high_(load_be64(keys.salt.data())),
      salt_low_(load_be32(keys.salt.data() + 8)) {}

void AeadCipher::prefetch() const { noir::prefetch(context_.get(), kContextBytes); }

// RFC 7714 §8.1 and §9.1: two zero bytes, SSRC, 48-bit index (SRTCP: two zero bytes and 32 bits), XOR salt.
AeadCipher::Iv AeadCipher::make_iv(std::uint32_t ssrc, std::uint64_t index) const {
  // Put together in registers: what is stored in small pieces and read back in a large one stalls the processor.
  Iv iv;
  store_be64(iv.data(), salt_high_ ^ (std::uint64_t{ssrc} << 16) ^ (index >> 32));
  store_be32(iv.data() + 8, salt_low_ ^ static_cast<std::uint32_t>(index));
  return iv;
}

bool AeadCipher::start(const Iv& iv) {
  return EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data(), -1) == 1;
}

bool AeadCipher::authenticate(ByteSpan associated) {
  int size = 0;
  return EVP_CipherUpdate(context_.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) == 1;
}

bool AeadCipher::transform(ByteSpan in, std::uint8_t* out) {
  int size = 0;
  return in.empty() || EVP_CipherUpdate(context_.get(), out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

bool AeadCipher::finish_seal(std::uint8_t* tag) {
  int size = 0;
  return EVP_CipherFinal_ex(context_.get(), tag, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1;
}

bool AeadCipher::finish_open(std::uint8_t* tag) {
  int size = 0;
  std::array<std::uint8_t, kTagSize> none{};
  return EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag) == 1 &&
         EVP_CipherFinal_ex(context_.get(), none.data(), &size) == 1;
}

Result<std::size_t> AeadCipher::seal_rtp(const OutPacket& packet, MutableByteSpan out) {
  const std::size_t plain_size = packet.size();
  if (out.size() < plain_size + kTagSize) return ErrorCode::kBufferTooSmall;
  // Copied together and encrypted where it stands: OpenSSL's fast path wants whole blocks in one call, and a rewritten
  // prefix before the payload would break the first of them.
  const std::size_t head_size = std::size_t{packet.header_size} + packet.prefix_size;
  std::memcpy(out.data(), packet.head.data(), head_size);
  if (!packet.payload.empty()) std::memcpy(out.data() + head_size, packet.payload.data(), packet.payload.size());
  const auto plain = out.subspan(packet.header_size, plain_size - packet.header_size);
  const std::uint32_t ssrc = load_be32(packet.head.data() + 8);
  const bool sealed = start(make_iv(ssrc, packet.index)) && authenticate(packet.header()) &&
                      transform(plain, plain.data()) && finish_seal(out.data() + plain_size);
  if (!sealed) return ErrorCode::kCrypto;
  return plain_size + kTagSize;
}

Result<std::size_t> AeadCipher::open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) {
  const std::size_t plain_size = packet.size() - kTagSize;
  const auto payload = packet.subspan(header_size, plain_size - header_size);
  if (!start(make_iv(load_be32(packet.data() + 8), index)) || !authenticate(packet.first(header_size)) ||
      !transform(payload, payload.data())) {
    return ErrorCode::kCrypto;
  }
  if (!finish_open(packet.data() + plain_size)) return ErrorCode::kAuthentication;
  return plain_size;
}

Result<std::size_t> AeadCipher::seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) {
  if (out.size() < plain.size() + kTagSize + kRtcpIndexSize) return ErrorCode::kBufferTooSmall;
  std::uint8_t* tag = out.data() + plain.size();
  std::uint8_t* word = tag + kTagSize;
  store_be32(word, index | kRtcpEncryptedFlag);
  std::memcpy(out.data(), plain.data(), kSrtcpHeaderSize);
  const bool sealed = start(make_iv(load_be32(plain.data() + 4), index)) &&
                      authenticate(plain.first(kSrtcpHeaderSize)) && authenticate({word, kRtcpIndexSize}) &&
                      transform(plain.subspan(kSrtcpHeaderSize), out.data() + kSrtcpHeaderSize) && finish_seal(tag);
  if (!sealed) return ErrorCode::kCrypto;
  return plain.size() + kTagSize + kRtcpIndexSize;
}

Result<std::size_t> AeadCipher::open_rtcp(MutableByteSpan packet) {
  const std::size_t plain_size = packet.size() - kTagSize - kRtcpIndexSize;
  const std::uint32_t index = rtcp_index_word(packet) & ~kRtcpEncryptedFlag;
  const auto payload = packet.subspan(kSrtcpHeaderSize, plain_size - kSrtcpHeaderSize);
  if (!start(make_iv(load_be32(packet.data() + 4), index)) || !authenticate(packet.first(kSrtcpHeaderSize)) ||
      !authenticate(packet.last(kRtcpIndexSize)) || !transform(payload, payload.data())) {
    return ErrorCode::kCrypto;
  }
  if (!finish_open(packet.data() + plain_size)) return ErrorCode::kAuthentication;
  return plain_size;
}

std::uint32_t AeadCipher::rtcp_index_word(ByteSpan packet) const {
  return load_be32(packet.last(kRtcpIndexSize).data());
}

}  // namespace noir
