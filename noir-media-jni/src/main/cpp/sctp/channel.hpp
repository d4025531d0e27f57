#pragma once

#include <cstdint>
#include <string>

#include "sctp/dcep.hpp"

namespace noir {

/// RFC 8831 §8: payload protocol identifiers. An SCTP message has at least a byte, hence the two for "empty".
enum class SctpPpid : std::uint32_t {
  kDcep = 50,
  kText = 51,
  kBinary = 53,
  kEmptyText = 56,
  kEmptyBinary = 57,
};

/// A data channel: the stream of the same number in both directions (RFC 8831 §6.4).
///
///   kOpening ─ACK→ kOpen      by us
///   kOpen                     by the peer, once we answered
///   … ─close, or the peer's reset→ kClosing ─both directions reset→ forgotten
///
/// Its end is told when it begins to close.
struct Channel {
  enum class State : std::uint8_t { kOpening, kOpen, kClosing };

  State state = State::kOpening;
  DcepOpen open;
};

}  // namespace noir
