#include "srtp/srtp_sender.hpp"

#include "base/prefetch.hpp"
#include "srtp/aead_cipher.hpp"

namespace noir {

namespace {

constexpr std::size_t kFixedRtpHeader = 12;
constexpr std::uint32_t kMaxRtcpIndex = 0x7FFF'FFFF;

}  // namespace

SrtpSender::SrtpSender(std::unique_ptr<PacketCipher> rtp, std::unique_ptr<PacketCipher> rtcp)
    : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}
SrtpSender::SrtpSender(SrtpSender&&) noexcept = default;
SrtpSender& SrtpSender::operator=(SrtpSender&&) noexcept = default;
SrtpSender::~SrtpSender() = default;

Result<SrtpSender> SrtpSender::create(SrtpProfile profile, ByteSpan master_key, ByteSpan master_salt) {
  const auto rtp_keys = derive_session_keys(profile, SrtpKeyUse::kRtp, master_key, master_salt);
  const auto rtcp_keys = derive_session_keys(profile, SrtpKeyUse::kRtcp, master_key, master_salt);
  if (!rtp_keys) return rtp_keys.error();
  if (!rtcp_keys) return rtcp_keys.error();
  auto rtp = make_packet_cipher(*rtp_keys, PacketCipher::Direction::kSeal);
  auto rtcp = make_packet_cipher(*rtcp_keys, PacketCipher::Direction::kSeal);
  if (!rtp || !rtcp) return ErrorCode::kCrypto;
  return SrtpSender(std::move(rtp), std::move(rtcp));
}

Result<std::size_t> SrtpSender::protect(const OutPacket& packet, MutableByteSpan out) {
  NOIR_CHECK(packet.header_size >= kFixedRtpHeader);
  NOIR_CHECK(std::size_t{packet.header_size} + packet.prefix_size <= packet.head.size());
  return rtp_->seal_rtp(packet, out);
}

void SrtpSender::prefetch_cipher() const { prefetch(rtp_.get(), sizeof(AeadCipher)); }

void SrtpSender::prefetch_keys() const { rtp_->prefetch(); }

Result<std::size_t> SrtpSender::protect_rtcp(ByteSpan plain, MutableByteSpan out) {
  if (plain.size() < kRtcpHeaderSize) return ErrorCode::kInvalidArgument;
  // RFC 3711 §9.2: no index twice under one key. At one compound a millisecond that is 24 days.
  if (rtcp_index_ == kMaxRtcpIndex) return ErrorCode::kLimitExceeded;
  const auto size = rtcp_->seal_rtcp(rtcp_index_ + 1, plain, out);
  if (size) ++rtcp_index_;
  return size;
}

}  // namespace noir
