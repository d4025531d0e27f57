#include "srtp/srtp_receiver.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/prefetch.hpp"

namespace noir {

namespace {

constexpr std::size_t kFixedRtpHeader = 12;
constexpr std::uint8_t kVersion2 = 2;
// Senders begin in the lower half of the sequence numbers (RFC 3711 §3.3.1), but some with any: so many packets lost
// at the start are believed.
constexpr std::uint16_t kFirstAfterWrap = 0x1000;
constexpr std::size_t kMaxFirst = 1536;
constexpr std::uint64_t kMostAhead = 128;

// RFC 3550 §5.1 and §5.3.1: bytes before the payload; nothing when they are not all there.
std::optional<std::size_t> rtp_header_size(ByteSpan packet) {
  if (packet.size() < kFixedRtpHeader || packet[0] >> 6 != kVersion2) return std::nullopt;
  std::size_t size = kFixedRtpHeader + 4 * std::size_t{packet[0] & 0x0FU};
  if ((packet[0] & 0x10U) != 0) {
    if (packet.size() < size + 4) return std::nullopt;
    size += 4 + 4 * std::size_t{load_be16(packet.data() + size + 2)};
  }
  if (packet.size() < size) return std::nullopt;
  return size;
}

// RFC 3711 §3.3.1 and appendix A: the index with this seq that is nearest to the highest one received; nothing when
// that would be before 0 or after 2^48.
std::optional<std::uint64_t> estimate_index(std::uint64_t highest, std::uint16_t seq) {
  constexpr std::uint32_t kHalf = 0x8000;
  std::uint64_t roc = highest >> 16;
  const auto last = static_cast<std::uint32_t>(highest & 0xFFFF);
  if (last < kHalf) {
    if (seq > last + kHalf) {
      if (roc == 0) return std::nullopt;
      --roc;
    }
  } else if (seq < last - kHalf) {
    ++roc;
    if (roc > 0xFFFF'FFFFULL) return std::nullopt;
  }
  return (roc << 16) | seq;
}

}  // namespace

SrtpReceiver::SrtpReceiver(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp)
    : rtp_(rtp, PacketCipher::Direction::kOpen), rtcp_(rtcp, PacketCipher::Direction::kOpen) {}
SrtpReceiver::SrtpReceiver(SrtpReceiver&&) noexcept = default;
SrtpReceiver& SrtpReceiver::operator=(SrtpReceiver&&) noexcept = default;
SrtpReceiver::~SrtpReceiver() = default;

Result<SrtpReceiver> SrtpReceiver::create(SrtpProfile profile, ByteSpan master_key, ByteSpan master_salt) {
  const auto rtp_keys = derive_session_keys(profile, SrtpKeyUse::kRtp, master_key, master_salt);
  const auto rtcp_keys = derive_session_keys(profile, SrtpKeyUse::kRtcp, master_key, master_salt);
  if (!rtp_keys) return rtp_keys.error();
  if (!rtcp_keys) return rtcp_keys.error();
  return SrtpReceiver(*rtp_keys, *rtcp_keys);
}

void SrtpReceiver::prefetch_rtcp() const {
  prefetch(rtcp_.peek(), 1);
  rtcp_windows_.prefetch_table();
}

void SrtpReceiver::prefetch_rtcp_keys() const {
  if (rtcp_.peek() != nullptr) rtcp_.peek()->prefetch();
  rtcp_windows_.prefetch_last();
}

bool SrtpReceiver::expects(ByteSpan packet) {
  if (packet.size() < kFixedRtpHeader) return false;
  const auto* window = rtp_windows_.find(load_be32(packet.data() + 8));
  if (window == nullptr) return false;
  const auto ahead = static_cast<std::uint16_t>(load_be16(packet.data() + 2) - window->highest());
  return ahead > 0 && ahead <= kMostAhead;
}

bool SrtpReceiver::expects_rtcp(ByteSpan packet) {
  if (packet.size() < kSrtcpHeaderSize + rtcp_.tag_size() + kRtcpIndexSize) return false;
  const auto* window = rtcp_windows_.find(load_be32(packet.data() + 4));
  auto* cipher = rtcp_.get();
  if (window == nullptr || cipher == nullptr) return false;
  const std::uint64_t index = cipher->rtcp_index_word(packet) & ~kRtcpEncryptedFlag;
  return index > window->highest() && index <= window->highest() + kMostAhead;
}

Result<std::size_t> SrtpReceiver::unprotect(MutableByteSpan packet) {
  const auto header_size = rtp_header_size(packet);
  if (!header_size || packet.size() < *header_size + rtp_.tag_size()) return ErrorCode::kMalformed;
  const std::uint16_t seq = load_be16(packet.data() + 2);
  const std::uint32_t ssrc = load_be32(packet.data() + 8);
  auto* window = rtp_windows_.find(ssrc);
  auto* cipher = rtp_.get();
  if (cipher == nullptr) return ErrorCode::kCrypto;
  if (window == nullptr) return unprotect_first(*cipher, seq, *header_size, packet);
  const auto index = estimate_index(window->highest(), seq);
  if (!index || window->is_replay(*index)) return ErrorCode::kReplayed;
  const auto size = cipher->open_rtp(*index, *header_size, packet);
  if (!size) return size;
  rtp_windows_.touch();
  window->accept(*index);
  return size;
}

// The first packet of an SSRC has ROC 0, for its sender's session began here; or 1, when all before the first wrap
// were lost. An attempt that fails leaves nothing of the packet.
Result<std::size_t> SrtpReceiver::unprotect_first(PacketCipher& cipher, std::uint16_t seq, std::size_t header_size,
                                                  MutableByteSpan packet) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): nobody reads it before it is written.
  std::array<std::uint8_t, kMaxFirst> copy;
  const bool may_have_wrapped = seq < kFirstAfterWrap && packet.size() <= copy.size();
  if (may_have_wrapped) std::copy(packet.begin(), packet.end(), copy.begin());
  std::uint64_t index = seq;
  auto size = cipher.open_rtp(index, header_size, packet);
  if (!size && may_have_wrapped) {
    std::copy_n(copy.begin(), packet.size(), packet.begin());
    index += 0x1'0000;
    size = cipher.open_rtp(index, header_size, packet);
  }
  if (size) rtp_windows_.insert(load_be32(packet.data() + 8)).accept(index);
  return size;
}

Result<std::size_t> SrtpReceiver::unprotect_rtcp(MutableByteSpan packet) {
  if (packet.size() < kSrtcpHeaderSize + rtcp_.tag_size() + kRtcpIndexSize || packet[0] >> 6 != kVersion2) {
    return ErrorCode::kMalformed;
  }
  auto* cipher = rtcp_.get();
  if (cipher == nullptr) return ErrorCode::kCrypto;
  const std::uint32_t word = cipher->rtcp_index_word(packet);
  if ((word & kRtcpEncryptedFlag) == 0) return ErrorCode::kMalformed;
  const std::uint64_t index = word & ~kRtcpEncryptedFlag;
  const std::uint32_t ssrc = load_be32(packet.data() + 4);
  auto* window = rtcp_windows_.find(ssrc);
  if (window != nullptr && window->is_replay(index)) return ErrorCode::kReplayed;
  const auto size = cipher->open_rtcp(packet);
  if (!size) return size;
  if (window == nullptr) {
    window = &rtcp_windows_.insert(ssrc);
  } else {
    rtcp_windows_.touch();
  }
  window->accept(index);
  return size;
}

}  // namespace noir
