#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "forward/media_packet.hpp"
#include "forward/params.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Writes the header extensions (RFC 8285) of one down track: the subscriber's mid, and by the subscriber's ids what
/// the publisher's packet carries: audio level, video orientation, dependency descriptor, capture time, playout delay.
/// The send time is that of arrival here, not of sending: a retransmission has to come out the same. For the
/// transport-wide sequence number there is an empty place. Everything else is dropped.
///
/// The capture time is by the publisher's clock, and so are our sender reports: its offset to the sender's clock stays
/// what it was.
class ExtensionWriter {
 public:
  /// RFC 8843 §15 allows more, but nobody needs it, and OutPacket::kMaxHead is bounded.
  static constexpr std::size_t kMaxMid = 16;
  /// Four octets of block header; number, mid, level, send time, orientation, capture time and playout delay in the
  /// two-byte form; the longest descriptor; padding.
  static constexpr std::size_t kMaxSize = 4 + 4 + (2 + kMaxMid) + 3 + 5 + 3 + (2 + 16) + 5 + (2 + 255) + 3;

  struct Written {
    std::size_t size = 0;
    std::size_t transport_sequence_at = 0;  // Offset of its two octets; 0 = none.
  };

  /// A mid longer than `kMaxMid` is left out. A `delay` goes on every packet, in place of the publisher's.
  ExtensionWriter(const ExtensionIds& ids, std::string_view mid, std::optional<PlayoutDelay> delay = std::nullopt);

  /// Writes the block, header included, to `out` (room for kMaxSize); of size 0 when there is nothing to write.
  /// `frame_number` stands in for the one in a dependency descriptor.
  Written write(const MediaPacket& packet, std::uint16_t frame_number, std::uint8_t* out) const;

  /// Whether packets get a place for a transport-wide sequence number, and are not the same when sent again.
  [[nodiscard]] bool numbers() const { return ids_.transport_sequence != 0; }

 private:
  ExtensionIds ids_;
  std::uint8_t mid_size_ = 0;
  bool has_delay_ = false;
  bool needs_two_byte_ = false;          // An id above 14.
  std::array<std::uint8_t, 3> delay_{};  // As on the wire.
  std::array<std::uint8_t, kMaxMid> mid_{};
};

}  // namespace noir
