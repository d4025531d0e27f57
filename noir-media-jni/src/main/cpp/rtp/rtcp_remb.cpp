#include "rtp/rtcp_remb.hpp"

namespace noir {

std::optional<ReceiverEstimate> parse_receiver_estimate(const RtcpPacket& packet) {
  constexpr std::uint32_t kUniqueIdentifier = 0x52454D42;  // "REMB"
  ByteReader in(packet.body);
  ReceiverEstimate estimate;
  estimate.sender_ssrc = in.u32();
  in.skip(4);  // Media SSRC, always 0.
  if (in.u32() != kUniqueIdentifier || in.remaining() < 4) return std::nullopt;
  const std::uint8_t count = in.u8();
  const std::uint32_t packed = in.u24();
  const std::uint32_t exponent = packed >> 18;
  const std::uint64_t mantissa = packed & 0x3FFFF;
  // An exponent that shifts bits out is nonsense of the sender's, not a bitrate.
  if (exponent > 45) return std::nullopt;
  estimate.bitrate_bps = mantissa << exponent;
  estimate.ssrcs = in.take(count * std::size_t{4});
  if (!in.ok()) return std::nullopt;
  return estimate;
}

}  // namespace noir
