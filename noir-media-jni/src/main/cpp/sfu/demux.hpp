#pragma once

#include "base/bytes.hpp"

namespace noir {

/// What a datagram on a media port is, told by its first byte (RFC 7983 §7):
///
///                  +----------------+
///                  |        [0..3] -+--> STUN
///   first byte --> |      [20..63] -+--> DTLS
///                  |    [128..191] -+--> RTP or RTCP
///                  +----------------+
///
/// ZRTP (16..19), TURN channels (64..79) and the rest are nobody's here.
enum class DatagramKind { kStun, kDtls, kRtp, kRtcp, kUnknown };

[[nodiscard]] constexpr bool is_stun(std::uint8_t first) { return first <= 3; }
[[nodiscard]] constexpr bool is_dtls(std::uint8_t first) { return first >= 20 && first <= 63; }
[[nodiscard]] constexpr bool is_srtp(std::uint8_t first) { return first >= 128 && first <= 191; }

/// RFC 5761 §4: with rtcp-mux the second byte of RTCP is 192..223, which RTP payload types must avoid.
[[nodiscard]] constexpr bool is_rtcp_type(std::uint8_t second) { return second >= 192 && second <= 223; }

[[nodiscard]] constexpr DatagramKind classify(ByteSpan datagram) {
  if (datagram.size() < 2) return DatagramKind::kUnknown;
  if (is_stun(datagram[0])) return DatagramKind::kStun;
  if (is_dtls(datagram[0])) return DatagramKind::kDtls;
  if (is_srtp(datagram[0])) return is_rtcp_type(datagram[1]) ? DatagramKind::kRtcp : DatagramKind::kRtp;
  return DatagramKind::kUnknown;
}

}  // namespace noir
