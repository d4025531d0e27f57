#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/packet_buffer.hpp"
#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

using Payload = std::vector<std::uint8_t>;

/// Makes packets as a track gives them to forward, of payloads.
class TapSource {
 public:
  explicit TapSource(Codec codec) : codec_(codec) {}

  /// The next packet; `next_frame` before those of another timestamp.
  MediaPacket packet(const Payload& payload, bool marker = false) {
    MediaPacket packet;
    packet.buffer = pool_.copy_of(payload);
    packet.payload_size = static_cast<std::uint16_t>(payload.size());
    packet.ext_seq = seq_++;
    packet.rtp_ts = rtp_ts_;
    packet.arrival = now_;
    packet.clock_rate = codec_ == Codec::kOpus ? 48'000 : 90'000;
    packet.codec = codec_;
    packet.marker = marker;
    packet.history = 512;
    packet.active_encodings = 1;
    return packet;
  }
  void next_frame() {
    rtp_ts_ += 3000;
    now_ += std::chrono::milliseconds(33);
  }
  [[nodiscard]] Instant now() const { return now_; }
  void wait(Duration time) { now_ += time; }

  std::vector<MediaPacket> packets(const std::vector<Payload>& payloads) {
    std::vector<MediaPacket> made;
    for (const Payload& payload : payloads) made.push_back(packet(payload, &payload == &payloads.back()));
    return made;
  }

 private:
  PacketPool pool_{65'536};
  Codec codec_;
  std::uint64_t seq_ = 1000;
  std::uint32_t rtp_ts_ = 0xFFFF'FF00;
  Instant now_{std::chrono::seconds(100)};
};

inline Payload bytes_of(const FrameBytes& bytes) {
  Payload copy(bytes.size());
  (void)bytes.copy(0, copy);
  return copy;
}

}  // namespace noir
