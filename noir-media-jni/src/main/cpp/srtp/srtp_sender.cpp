#include "srtp/srtp_sender.hpp"

#include "base/prefetch.hpp"

namespace noir {

namespace {

constexpr std::size_t kFixedRtpHeader = 12;
constexpr std::uint32_t kMaxRtcpIndex = 0x7FFF'FFFF;

}  // namespace

SrtpSender::SrtpSender(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp)
    : rtp_(rtp, PacketCipher::Direction::kSeal), rtcp_(rtcp, PacketCipher::Direction::kSeal) {}
SrtpSender::SrtpSender(SrtpSender&&) noexcept = default;
SrtpSender& SrtpSender::operator=(SrtpSender&&) noexcept = default;
SrtpSender::~SrtpSender() = default;

Result<SrtpSender> SrtpSender::create(SrtpProfile profile, ByteSpan master_key, ByteSpan master_salt) {
  const auto rtp_keys = derive_session_keys(profile, SrtpKeyUse::kRtp, master_key, master_salt);
  const auto rtcp_keys = derive_session_keys(profile, SrtpKeyUse::kRtcp, master_key, master_salt);
  if (!rtp_keys) return rtp_keys.error();
  if (!rtcp_keys) return rtcp_keys.error();
  return SrtpSender(*rtp_keys, *rtcp_keys);
}

Result<std::size_t> SrtpSender::protect(const OutPacket& packet, MutableByteSpan out) {
  NOIR_CHECK(packet.header_size >= kFixedRtpHeader);
  NOIR_CHECK(std::size_t{packet.header_size} + packet.prefix_size <= packet.head.size());
  auto* cipher = rtp_.get();
  return cipher == nullptr ? ErrorCode::kCrypto : cipher->seal_rtp(packet, out);
}

void SrtpSender::prefetch_cipher() const { prefetch(rtp_.peek(), 1); }

void SrtpSender::prefetch_keys() const {
  if (rtp_.peek() != nullptr) rtp_.peek()->prefetch();
}

Result<std::size_t> SrtpSender::protect_rtcp(ByteSpan plain, MutableByteSpan out) {
  if (plain.size() < kSrtcpHeaderSize) return ErrorCode::kInvalidArgument;
  // RFC 3711 §9.2: no index twice under one key. At one compound a millisecond that is 24 days.
  if (rtcp_index_ == kMaxRtcpIndex) return ErrorCode::kLimitExceeded;
  auto* cipher = rtcp_.get();
  if (cipher == nullptr) return ErrorCode::kCrypto;
  const auto size = cipher->seal_rtcp(rtcp_index_ + 1, plain, out);
  if (size) ++rtcp_index_;
  return size;
}

}  // namespace noir
