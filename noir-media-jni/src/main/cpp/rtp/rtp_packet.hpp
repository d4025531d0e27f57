#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// A parsed RTP packet (RFC 3550 §5.1). Views point into the packet it was parsed from.
///
///   | fixed header, CSRCs, extensions | payload      | padding      |
///   |<-------- header_size ---------->| payload_size | padding_size |
struct RtpView {
  std::uint32_t ssrc = 0;
  std::uint32_t rtp_ts = 0;
  std::uint16_t seq = 0;
  std::uint16_t header_size = 0;
  std::uint16_t payload_size = 0;
  std::uint8_t padding_size = 0;
  std::uint8_t payload_type = 0;
  bool marker = false;

  std::string_view mid;
  std::string_view rid;
  std::string_view repaired_rid;
  ByteSpan dependency_descriptor;
  ByteSpan capture_time;                       // 8 octets, or 16 with the clock's offset; empty = none.
  ByteSpan playout_delay;                      // 3 octets; empty = none.
  ByteSpan layers_allocation;                  // As it came; empty = none.
  std::optional<std::uint32_t> abs_send_time;  // 24 bits, 6.18 fixed point seconds.
  std::optional<std::uint16_t> transport_sequence;
  std::optional<std::uint8_t> audio_level;  // RFC 6464: voice flag and 7 bits of level, as on the wire.
  std::optional<std::uint8_t> video_orientation;

  [[nodiscard]] bool is_padding_only() const { return payload_size == 0; }
};

/// Parses a decrypted RTP packet with one-byte or two-byte header extensions (RFC 8285). Extensions whose id is not in
/// `ids`, or whose length is not theirs, are skipped.
[[nodiscard]] Result<RtpView> parse_rtp(ByteSpan packet, const ExtensionIds& ids);

/// RFC 8285 §6: in a bundle each id has one meaning, but an extension may have another id in each m-line. An id counts
/// in the first set that has it.
using ExtensionSets = std::span<const ExtensionIds>;

/// As above, of a packet that may be any m-line's.
[[nodiscard]] Result<RtpView> parse_bundled_rtp(ByteSpan packet, ExtensionSets sets);

}  // namespace noir
