#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "forward/media_packet.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Writes the header extensions (RFC 8285) of one down track: the subscriber's mid, and by the subscriber's ids what
/// the publisher's packet carries: audio level, video orientation, dependency descriptor. The send time is that of
/// arrival here, not of sending: a retransmission has to come out the same. Everything else is dropped.
class ExtensionWriter {
 public:
  /// RFC 8843 §15 allows more, but nobody needs it, and OutPacket::kMaxHead is bounded.
  static constexpr std::size_t kMaxMid = 16;
  /// Four octets of block header; mid, level, send time and orientation in the two-byte form; the longest descriptor.
  static constexpr std::size_t kMaxSize = 4 + (2 + kMaxMid) + 3 + 5 + 3 + (2 + 255) + 2;

  /// A mid longer than `kMaxMid` is left out.
  ExtensionWriter(const ExtensionIds& ids, std::string_view mid);

  /// Writes the block, header included, to `out` (room for kMaxSize); 0 when there is nothing to write.
  std::size_t write(const MediaPacket& packet, std::uint8_t* out) const;

 private:
  ExtensionIds ids_;
  std::uint8_t mid_size_ = 0;
  bool needs_two_byte_ = false;  // An id above 14.
  std::array<std::uint8_t, kMaxMid> mid_{};
};

}  // namespace noir
