#pragma once

#include <cstdint>
#include <vector>

#include "base/packet_buffer.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "forward/packetizer.hpp"
#include "forward/params.hpp"
#include "rtp/rtcp_sender_report.hpp"

namespace noir {

/// Where an rtp stream's numbers begin. Nobody but the loop sees them: each subscriber gets others.
struct InjectedStart {
  std::uint32_t ssrc = 0;  // Not 0.
  std::uint32_t rtp_ts = 0;
  std::uint16_t seq = 0;
  std::uint16_t picture = 0;
};

/// Makes the packets of one track that the server itself publishes, as a client would send them. Thread: loop.
class InjectedStream {
 public:
  InjectedStream(const CodecParams& codec, const InjectedStart& start)
      : codec_(codec), start_(start), seq_(start.seq), packetizer_(codec.codec, start.picture) {}

  /// Appends the packets of the next frame, captured at `captured` on our clock, to `out`: all of them or, with an
  /// error, none. In front of the first frame is one of padding alone, so that there can be a report before it.
  /// `kMalformed` as in `Packetizer`, `kWrongState` before video's first key frame and after a loss, `kLimitExceeded`
  /// when the pool is empty: then nothing before the next key frame is taken.
  [[nodiscard]] Status packetize(Instant captured, const SourceFrame& frame, PacketPool& pool,
                                 std::vector<PacketRef>& out);

  [[nodiscard]] std::uint32_t ssrc() const { return start_.ssrc; }
  /// Something has been sent.
  [[nodiscard]] bool has_begun() const { return packets_ > 0; }
  /// When the newest frame was; long ago before there is one.
  [[nodiscard]] Instant last_captured() const { return last_captured_; }
  /// What a report at `now` says; `ntp` as in `to_ntp`, of the clock on which frames are captured.
  [[nodiscard]] SenderReport report(Instant now, std::uint64_t ntp) const;

 private:
  [[nodiscard]] std::uint64_t ticks_at(Instant at) const;
  [[nodiscard]] std::uint64_t next_ticks(Instant captured, const SourceFrame& frame);
  bool append(std::uint8_t first, std::uint8_t marker, std::uint32_t rtp_ts, ByteSpan payload, PacketPool& pool,
              std::vector<PacketRef>& out);

  // Given.
  const CodecParams codec_;
  const InjectedStart start_;

  // State.
  std::uint16_t seq_;
  Packetizer packetizer_;
  PayloadList payloads_;
  bool waits_ = true;  // For a key frame.
  Instant last_captured_{};
  std::uint64_t last_ticks_ = 0;  // Of the media clock; 0 = no frame yet,
  std::uint64_t expected_ = 0;    // and where the sound after it begins; 0 = not known.
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
};

}  // namespace noir
