#include "srtp/aead_cipher.hpp"

#include <array>
#include <cstring>

namespace noir {

namespace {

using RtcpAssociated = std::array<std::uint8_t, kSrtcpHeaderSize + kRtcpIndexSize>;

// RFC 7714 §9.2: the clear header and the word at the very end, of a packet whose word is there.
RtcpAssociated rtcp_associated(const std::uint8_t* header, const std::uint8_t* word) {
  RtcpAssociated associated{};
  std::memcpy(associated.data(), header, kSrtcpHeaderSize);
  std::memcpy(associated.data() + kSrtcpHeaderSize, word, kRtcpIndexSize);
  return associated;
}

}  // namespace

// RFC 7714 §8.1 and §9.1: two zero bytes, SSRC, 48-bit index (SRTCP: two zero bytes and 32 bits), XOR salt.
template <typename Gcm>
GcmIv AeadCipher<Gcm>::make_iv(std::uint32_t ssrc, std::uint64_t index) const {
  // Put together in registers: what is stored in small pieces and read back in a large one stalls the processor.
  GcmIv iv;
  store_be64(iv.data(), salt_high_ ^ (std::uint64_t{ssrc} << 16) ^ (index >> 32));
  store_be32(iv.data() + 8, salt_low_ ^ static_cast<std::uint32_t>(index));
  return iv;
}

template <typename Gcm>
Result<std::size_t> AeadCipher<Gcm>::seal_rtp(const OutPacket& packet, MutableByteSpan out) {
  const std::size_t plain_size = packet.size();
  if (out.size() < plain_size + kGcmTagSize) return ErrorCode::kBufferTooSmall;
  // Before the payload is copied: the cipher reads all of it at once, which has to wait until what was written to it in
  // pieces has left the processor, and with it everything that was written before.
  const GcmIv iv = make_iv(load_be32(packet.head.data() + 8), packet.index);
  std::memcpy(out.data(), packet.head.data(), std::size_t{packet.header_size} + packet.prefix_size);
  std::uint8_t* sealed = out.data() + packet.header_size;
  ByteSpan plain = packet.payload;
  if (packet.prefix_size > 0) {
    // Copied together and encrypted where it stands: in two calls the prefix would break the first block.
    if (!packet.payload.empty()) {
      std::memcpy(sealed + packet.prefix_size, packet.payload.data(), packet.payload.size());
    }
    plain = {sealed, plain_size - packet.header_size};
  }
  if (!gcm_.seal(iv, packet.header(), plain, sealed, out.data() + plain_size)) {
    return ErrorCode::kCrypto;
  }
  return plain_size + kGcmTagSize;
}

template <typename Gcm>
Result<std::size_t> AeadCipher<Gcm>::open_rtp(std::uint64_t index, std::size_t header_size, MutableByteSpan packet) {
  const std::size_t plain_size = packet.size() - kGcmTagSize;
  const auto payload = packet.subspan(header_size, plain_size - header_size);
  const GcmIv iv = make_iv(load_be32(packet.data() + 8), index);
  if (!gcm_.open(iv, packet.first(header_size), payload, packet.data() + plain_size)) {
    return ErrorCode::kAuthentication;
  }
  return plain_size;
}

template <typename Gcm>
Result<std::size_t> AeadCipher<Gcm>::seal_rtcp(std::uint32_t index, ByteSpan plain, MutableByteSpan out) {
  if (out.size() < plain.size() + kGcmTagSize + kRtcpIndexSize) return ErrorCode::kBufferTooSmall;
  std::uint8_t* tag = out.data() + plain.size();
  std::uint8_t* word = tag + kGcmTagSize;
  store_be32(word, index | kRtcpEncryptedFlag);
  std::memcpy(out.data(), plain.data(), kSrtcpHeaderSize);
  if (!gcm_.seal(make_iv(load_be32(plain.data() + 4), index), rtcp_associated(plain.data(), word),
                 plain.subspan(kSrtcpHeaderSize), out.data() + kSrtcpHeaderSize, tag)) {
    return ErrorCode::kCrypto;
  }
  return plain.size() + kGcmTagSize + kRtcpIndexSize;
}

template <typename Gcm>
Result<std::size_t> AeadCipher<Gcm>::open_rtcp(MutableByteSpan packet) {
  const std::size_t plain_size = packet.size() - kGcmTagSize - kRtcpIndexSize;
  const std::uint32_t index = rtcp_index_word(packet) & ~kRtcpEncryptedFlag;
  const auto payload = packet.subspan(kSrtcpHeaderSize, plain_size - kSrtcpHeaderSize);
  const auto associated = rtcp_associated(packet.data(), packet.last(kRtcpIndexSize).data());
  if (!gcm_.open(make_iv(load_be32(packet.data() + 4), index), associated, payload, packet.data() + plain_size)) {
    return ErrorCode::kAuthentication;
  }
  return plain_size;
}

template <typename Gcm>
std::uint32_t AeadCipher<Gcm>::rtcp_index_word(ByteSpan packet) const {
  return load_be32(packet.last(kRtcpIndexSize).data());
}

template class AeadCipher<VectorGcm>;
template class AeadCipher<OpenSslGcm>;

}  // namespace noir
