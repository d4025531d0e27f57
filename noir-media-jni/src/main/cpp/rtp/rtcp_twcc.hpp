#pragma once

#include <cstdint>
#include <span>

#include "rtp/rtcp_packet.hpp"

namespace noir {

inline constexpr std::uint8_t kTwccFormat = 15;

/// One packet that came: ticks of 250 µs of any origin.
struct TwccArrival {
  std::uint64_t ext_seq = 0;
  std::int64_t ticks = 0;
};

struct TwccFeedback {
  std::uint64_t base_ext_seq = 0;  // At or below the first arrival; what is between is reported as lost.
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  std::uint8_t feedback_count = 0;
};

/// Writes one transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) about `arrivals`,
/// which ascend strictly in `ext_seq`; what is missing between them is reported as lost. Gives how many were taken:
/// fewer than given when the space, a gap or a time delta does not allow more in one message; the rest goes into the
/// next one.
std::size_t write_twcc_feedback(ByteWriter& out, const TwccFeedback& feedback, std::span<const TwccArrival> arrivals);

}  // namespace noir
