#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"
#include "rtp/rtp_packet.hpp"

namespace noir {

inline constexpr std::size_t kRtxPrefixSize = 2;

/// The packet that an RTX packet (RFC 4588 §4) repeats, as a view into `repair`, from which `rtx` was parsed: nothing
/// is copied. The caller knows the SSRC and the payload type. Nothing when it repeats none, as padding does.
[[nodiscard]] inline std::optional<RtpView> unwrap_rtx(ByteSpan repair, const RtpView& rtx) {
  if (rtx.payload_size < kRtxPrefixSize) return std::nullopt;
  RtpView original = rtx;
  original.seq = load_be16(repair.data() + rtx.header_size);
  original.header_size = static_cast<std::uint16_t>(rtx.header_size + kRtxPrefixSize);
  original.payload_size = static_cast<std::uint16_t>(rtx.payload_size - kRtxPrefixSize);
  return original;
}

}  // namespace noir
