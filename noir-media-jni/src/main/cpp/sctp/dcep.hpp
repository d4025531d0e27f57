#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace noir {

/// RFC 8832 §8.2.1.
enum class DcepType : std::uint8_t { kAck = 0x02, kOpen = 0x03 };

/// RFC 8832 §5.1: partial reliability; ordered or not is another bit of the channel type.
enum class DcepReliability : std::uint8_t { kReliable = 0, kLimitedRetransmissions = 1, kLimitedLifetime = 2 };

/// DATA_CHANNEL_OPEN (RFC 8832 §5.1).
struct DcepOpen {
  /// Of label and protocol, which the RFC lets have 64 KiB: everybody in a room gets to hold them.
  static constexpr std::size_t kMaxText = 256;

  DcepReliability reliability = DcepReliability::kReliable;
  bool ordered = true;
  std::uint16_t priority = 256;             // RFC 8831 §6.4: "normal".
  std::uint32_t reliability_parameter = 0;  // Retransmissions or milliseconds.
  std::string label;
  std::string protocol;
};

/// The first byte; `kMalformed` when it is no message of ours.
Result<DcepType> dcep_type(ByteSpan message);
/// `kLimitExceeded` when label or protocol are too long.
Result<DcepOpen> parse_dcep_open(ByteSpan message);
std::vector<std::uint8_t> write_dcep_open(const DcepOpen& open);
std::vector<std::uint8_t> write_dcep_ack();

}  // namespace noir
