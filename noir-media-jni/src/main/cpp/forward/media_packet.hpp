#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/packet_buffer.hpp"
#include "base/time.hpp"
#include "forward/frame_info.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// One packet of a published track on its way to the down tracks: everything they need, parsed once.
/// Immutable; its buffer is shared.
struct MediaPacket {
  static constexpr std::uint8_t kAbsent = 0xFF;

  PacketRef buffer;
  /// Unwrapped sequence number without the numbers that padding-only packets used up: what a down track must keep
  /// continuous. A hole in it is a packet lost upstream, for which a place is kept.
  std::uint64_t ext_seq = 0;
  Instant arrival;
  std::uint32_t ssrc = 0;
  std::uint32_t rtp_ts = 0;
  /// rtp_ts + timeline_offset is capture time by the publisher's NTP clock, in ticks of the media clock modulo 2^32;
  /// the same for all encodings. Only when `has_timeline`.
  std::uint32_t timeline_offset = 0;
  std::uint32_t clock_rate = 0;  // Hz
  std::uint32_t generation = 0;  // Counts up when the encoding begins anew (other SSRC, jump in seq).
  std::uint16_t header_size = 0;
  std::uint16_t payload_size = 0;  // 0 = a padding-only packet that came too late to close its gap; it fills it.
  std::uint16_t dependency_descriptor_at = 0;  // Offset into the packet.
  std::uint16_t history = 1;  // Packets of this encoding that are kept for retransmission, a power of two.
  // With `keyframe_start`, when the network has mixed up the key frame, or its codec shows only now that it is one:
  std::uint16_t keyframe_behind = 0;  // its first packet came before this one, so much below in `ext_seq`;
  std::uint16_t keyframe_ahead = 0;   // and packets up to so much above have come as well.
  std::uint8_t dependency_descriptor_size = 0;
  std::uint8_t payload_type = 0;
  std::uint8_t encoding = 0;
  std::uint8_t active_encodings = 0;  // Bit per encoding of the track that is being received now.
  std::uint8_t audio_level = kAbsent;
  std::uint8_t video_orientation = kAbsent;
  std::uint8_t capture_time_at = 0;  // Offsets into the packet; 0 = it has none within 255 octets.
  std::uint8_t playout_delay_at = 0;
  Codec codec = Codec::kOpus;
  bool marker = false;
  bool keyframe_start = false;  // A decoder can start here, or with what `keyframe_behind` points to.
  bool has_timeline : 1 = false;
  bool long_capture_time : 1 = false;  // With the clock's offset.
  bool red : 1 = false;                // The payload is one of rtp/red.hpp; `codec` is that of its blocks.
  FrameInfo frame;

  [[nodiscard]] ByteSpan payload() const { return buffer->bytes().subspan(header_size, payload_size); }
  [[nodiscard]] ByteSpan dependency_descriptor() const {
    return buffer->bytes().subspan(dependency_descriptor_at, dependency_descriptor_size);
  }
  [[nodiscard]] ByteSpan capture_time() const {
    if (capture_time_at == 0) return {};
    return buffer->bytes().subspan(capture_time_at, long_capture_time ? 16 : 8);
  }
  [[nodiscard]] ByteSpan playout_delay() const {
    return playout_delay_at == 0 ? ByteSpan{} : buffer->bytes().subspan(playout_delay_at, 3);
  }
};

// Half a thousand of them per video encoding.
static_assert(sizeof(MediaPacket) <= 88);

}  // namespace noir
