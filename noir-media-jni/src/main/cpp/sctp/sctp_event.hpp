#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace noir {

enum class SctpState : std::uint8_t { kNew, kConnecting, kConnected, kClosed };

struct SctpStateChanged {
  SctpState state = SctpState::kNew;
};

/// The peer opened a channel, or acknowledged one of ours (RFC 8832 §5).
struct SctpChannelOpened {
  std::uint16_t stream = 0;
  std::string label;
  std::string protocol;
  bool ordered = true;
  bool reliable = true;
  bool opened_by_peer = false;
};

/// Why a channel is no more. The numbers cross the JNI boundary: append only.
enum class ChannelEnd : std::uint8_t {
  kClosed = 0,     // By the peer, or by us when we were asked to.
  kTooSlow = 1,    // More messages waited for the peer than may, or for longer.
  kViolation = 2,  // What came on it was no message of RFC 8831, or too long.
  kLost = 3,       // The association has ended.
};

/// Once for each channel that was opened, by whomever; nothing comes on it any more.
struct SctpChannelClosed {
  std::uint16_t stream = 0;
  ChannelEnd end = ChannelEnd::kClosed;
};

struct SctpMessage {
  std::uint16_t stream = 0;
  bool binary = false;
  std::vector<std::uint8_t> bytes;
};

using SctpEvent = std::variant<SctpStateChanged, SctpChannelOpened, SctpChannelClosed, SctpMessage>;

}  // namespace noir
