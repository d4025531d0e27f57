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
  bool opened_by_peer = false;
};

struct SctpChannelClosed {
  std::uint16_t stream = 0;
};

struct SctpMessage {
  std::uint16_t stream = 0;
  bool binary = false;
  std::vector<std::uint8_t> bytes;
};

using SctpEvent = std::variant<SctpStateChanged, SctpChannelOpened, SctpChannelClosed, SctpMessage>;

}  // namespace noir
