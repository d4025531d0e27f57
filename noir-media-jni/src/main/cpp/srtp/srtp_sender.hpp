#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/out_packet.hpp"
#include "srtp/packet_cipher.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

/// Protects what one transport sends (RFC 3711, RFC 7714). RTP indices come from the caller, who must never use one
/// twice for an SSRC with different bytes; the SRTCP index counts here.
/// Thread: loop.
class SrtpSender {
 public:
  /// Longer keys and salts than the profile's are cut; shorter ones are `kInvalidArgument`.
  static Result<SrtpSender> create(SrtpProfile profile, ByteSpan master_key, ByteSpan master_salt);
  SrtpSender(SrtpSender&&) noexcept;
  SrtpSender& operator=(SrtpSender&&) noexcept;
  SrtpSender(const SrtpSender&) = delete;
  SrtpSender& operator=(const SrtpSender&) = delete;
  ~SrtpSender();

  /// Writes the SRTP packet to `out`, which must not overlap the payload; its size, or `kBufferTooSmall`.
  Result<std::size_t> protect(const OutPacket& packet, MutableByteSpan out);
  /// For what will be protected soon: first the one, some time later the other.
  void prefetch_cipher() const;
  void prefetch_keys() const;

  /// Writes the SRTCP packet of a plain compound to `out`; its size.
  Result<std::size_t> protect_rtcp(ByteSpan plain, MutableByteSpan out);

 private:
  SrtpSender(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp);

  // Owned.
  PacketCipherOnUse rtp_;
  PacketCipherOnUse rtcp_;
  // State.
  std::uint32_t rtcp_index_ = 0;  // 31 bits; the last one used.
};

}  // namespace noir
