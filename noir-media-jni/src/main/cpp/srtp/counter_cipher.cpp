#include "srtp/counter_cipher.hpp"

#include <algorithm>
#include <cstring>

namespace noir {

namespace {

// RFC 3711 §4.2: M = authenticated portion || ROC.
std::array<std::uint8_t, 4> roc_bytes(std::uint64_t index) {
  std::array<std::uint8_t, 4> roc{};
  store_be32(roc.data(), static_cast<std::uint32_t>(index >> 16));
  return roc;
}

}  // namespace

std::unique_ptr<CounterCipher> CounterCipher::create(const SrtpSessionKeys& keys) {
  CipherContext context(EVP_CIPHER_CTX_new());
  // Counter mode encrypts and decrypts alike.
  if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, keys.cipher_key.data(), nullptr) != 1) {
    return nullptr;
  }
  return std::unique_ptr<CounterCipher>(new CounterCipher(std::move(context), keys));
}

CounterCipher::CounterCipher(CipherContext context, const SrtpSessionKeys& keys)
    : context_(std::move(context)), auth_(keys.auth_key) {
  std::copy(keys.salt.begin(), keys.salt.end(), salt_.begin());
}

// RFC 3711 §4.1.1: IV = salt << 16 XOR SSRC << 64 XOR index << 16.
bool CounterCipher::start(std::uint32_t ssrc, std::uint64_t index) {
  std::array<std::uint8_t, 16> iv{};
  store_be32(iv.data() + 4, ssrc);
  store_be16(iv.data() + 8, static_cast<std::uint16_t>(index >> 32));
  store_be32(iv.data() + 10, static_cast<std::uint32_t>(index));
  for (std::size_t i = 0; i < iv.size(); ++i) iv[i] ^= salt_[i];
  return EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data()) == 1;
}

bool CounterCipher::transform(ByteSpan in, std::uint8_t* out) {
  int size = 0;
  return in.empty() || EVP_EncryptUpdate(context_.get(), out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

bool CounterCipher::has_tag(const HmacSha1::Tag& tag, ByteSpan received) const {
  return equal_constant_time(ByteSpan(tag).first(kTagSize), received);
}

Result<std::size_t> CounterCipher::seal_rtp(const OutPacket& packet, MutableByteSpan out) {
  const std::size_t plain_size = packet.size();
  if (out.size() < plain_size + kTagSize) return ErrorCode::kBufferTooSmall;
  std::uint8_t* to = out.data();
  std::memcpy(to, packet.head.data(), packet.header_size);
  to += packet.header_size;
  const std::uint32_t ssrc = load_be32(packet.head.data() + 8);
  if (!start(ssrc, packet.index) || !transform(packet.prefix(), to) ||
      !transform(packet.payload, to + packet.prefix_size)) {
    return ErrorCode::kCrypto;
  }
  const auto tag = auth_.compute({out.first(plain_size), roc_bytes(packet.index)});
  std::memcpy(out.data() + plain_size, tag.data(), kTagSize);
  return plain_size + kTagSize;
}

Result<std::size_t> CounterCipher::open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) {
  const auto plain = packet.first(packet.size() - kTagSize);
  const auto tag = auth_.compute({plain, roc_bytes(index)});
  if (!has_tag(tag, packet.last(kTagSize))) return ErrorCode::kAuthentication;
  const auto payload = plain.subspan(header_size);
  if (!start(load_be32(packet.data() + 8), index) || !transform(payload, payload.data())) return ErrorCode::kCrypto;
  return plain.size();
}

Result<std::size_t> CounterCipher::seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) {
  const std::size_t authenticated = plain.size() + kRtcpIndexSize;
  if (out.size() < authenticated + kTagSize) return ErrorCode::kBufferTooSmall;
  std::memcpy(out.data(), plain.data(), kSrtcpHeaderSize);
  if (!start(load_be32(plain.data() + 4), index) ||
      !transform(plain.subspan(kSrtcpHeaderSize), out.data() + kSrtcpHeaderSize)) {
    return ErrorCode::kCrypto;
  }
  store_be32(out.data() + plain.size(), index | kRtcpEncryptedFlag);
  const auto tag = auth_.compute({out.first(authenticated)});
  std::memcpy(out.data() + authenticated, tag.data(), kTagSize);
  return authenticated + kTagSize;
}

Result<std::size_t> CounterCipher::open_rtcp(MutableByteSpan packet) {
  const auto authenticated = packet.first(packet.size() - kTagSize);
  const auto tag = auth_.compute({authenticated});
  if (!has_tag(tag, packet.last(kTagSize))) return ErrorCode::kAuthentication;
  const std::size_t plain_size = authenticated.size() - kRtcpIndexSize;
  const auto payload = packet.subspan(kSrtcpHeaderSize, plain_size - kSrtcpHeaderSize);
  const std::uint32_t index = rtcp_index_word(packet) & ~kRtcpEncryptedFlag;
  if (!start(load_be32(packet.data() + 4), index) || !transform(payload, payload.data())) return ErrorCode::kCrypto;
  return plain_size;
}

std::uint32_t CounterCipher::rtcp_index_word(ByteSpan packet) const {
  return load_be32(packet.last(kTagSize + kRtcpIndexSize).data());
}

}  // namespace noir
