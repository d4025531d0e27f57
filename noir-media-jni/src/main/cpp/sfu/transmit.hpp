#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"

namespace noir {

/// Bytes for one destination. Equal-size datagrams (the last may be shorter) stand one behind the other in `bytes`,
/// so that the loop can send them with one UDP_SEGMENT call.
struct Transmit {
  Path path;
  ByteSpan bytes;
  std::size_t segment_size = 0;  // bytes.size() when there is one datagram.
};

}  // namespace noir
