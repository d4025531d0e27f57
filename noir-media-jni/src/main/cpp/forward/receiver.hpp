#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "forward/frame_reader.hpp"
#include "forward/keyframe_requester.hpp"
#include "forward/layer_meter.hpp"
#include "forward/media_packet.hpp"
#include "forward/nack_generator.hpp"
#include "forward/params.hpp"
#include "forward/receive_window.hpp"
#include "forward/receiver_statistics.hpp"
#include "forward/retransmission_buffer.hpp"
#include "forward/seq_compactor.hpp"
#include "forward/source_clock.hpp"
#include "rtp/rtp_packet.hpp"

namespace noir {

/// Ingress side of one encoding of a track: one rtp stream at a time.
/// Thread: loop.
class Receiver {
 public:
  Receiver(const TrackParams& params, std::uint8_t encoding);

  /// Counts the packet and prepares it for the down tracks; nothing when there is nothing to forward.
  /// `active_encodings` is left to the track.
  [[nodiscard]] std::optional<MediaPacket> handle_rtp(Instant now, PacketRef buffer, const RtpView& rtp,
                                                      const CodecParams& codec);
  /// The same for a packet that `buffer` repeats: `original` is what an RTX packet holds (rtp/rtx.hpp). It only fills
  /// a gap that is known and still asked for: whatever number it claims, nothing begins, jumps or moves on by it.
  [[nodiscard]] std::optional<MediaPacket> handle_repair(Instant now, PacketRef buffer, const RtpView& original,
                                                         const CodecParams& codec);
  /// Whether a repair of anything could be of use.
  [[nodiscard]] bool misses_any() const { return nack_generator_.misses_any(); }
  /// Keeps a prepared packet for retransmission.
  void remember(const MediaPacket& packet) {
    // Nobody asks for lost audio unless it was negotiated.
    if (nack_ || kind_ == MediaKind::kVideo) retransmission_buffer_.insert(packet);
  }
  /// `MediaPacket::history` of what comes now.
  [[nodiscard]] std::uint16_t history() const { return static_cast<std::uint16_t>(retransmission_buffer_.capacity()); }
  void handle_sender_report(Instant now, const SenderReport& report);

  /// In a mirror: takes over what the receiver of the track itself has prepared and learnt.
  void handle_mirrored(const MediaPacket& packet);
  void set_clock(const SourceClock& clock) { clock_ = clock; }
  void set_size(FrameSize size) { frames_.set_size(size); }

  void request_keyframe(Instant now);
  /// True once after so much was lost that only a key frame helps.
  [[nodiscard]] bool take_lost() { return nack_generator_.take_given_up(); }
  /// Nobody sees what comes: no key frame is asked for, for whatever reason.
  void set_squelched(bool squelched);

  [[nodiscard]] Instant next_timeout() const;
  void poll_rtcp(Instant now, std::uint32_t sender_ssrc, ByteWriter& out);
  /// Nothing when nothing came since the last one.
  [[nodiscard]] std::optional<ReportBlock> report_block(Instant now);

  [[nodiscard]] const MediaPacket* find(std::uint64_t ext_seq) const { return retransmission_buffer_.find(ext_seq); }
  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] const SourceClock& clock() const { return clock_; }
  [[nodiscard]] std::uint32_t clock_rate() const { return clock_rate_; }
  /// Counts the rtp streams this encoding has been; down tracks see by it that sequence numbers and timestamps begin
  /// anew.
  [[nodiscard]] std::uint32_t generation() const { return generation_; }
  /// Bitrates of the encoding and its layers.
  [[nodiscard]] LayerMeter& meter() { return meter_; }
  /// What key frames said of the picture's size.
  [[nodiscard]] FrameSize size() const { return frames_.size(); }

  /// What has come and what was asked for since the rtp stream began, for who wants to know. A mirror knows
  /// nothing of it.
  struct Told {
    std::uint64_t packets = 0;
    std::int64_t lost = 0;
    std::uint32_t jitter_ticks = 0;
    std::uint32_t nacked = 0;    // Sequence numbers,
    std::uint32_t repaired = 0;  // and those that came as RTX or in RED: lost ones, too, and not among `packets`.
    std::uint32_t keyframe_requests = 0;
    std::uint32_t keyframes = 0;
    Instant keyframe_at{};  // The last one, if there was any.
  };
  [[nodiscard]] Told tell() const;
  /// Packets of all rtp streams that the encoding has been: those that their numbers say were sent, and those that
  /// came.
  struct Totals {
    std::uint64_t expected = 0;
    std::uint64_t received = 0;
  };
  [[nodiscard]] Totals totals() const {
    return {earlier_.expected + statistics_.expected(), earlier_.received + statistics_.received()};
  }

 private:
  [[nodiscard]] std::optional<MediaPacket> prepare(Instant now, PacketRef buffer, const RtpView& rtp,
                                                   const CodecParams& codec, std::uint64_t ext_seq);
  [[nodiscard]] MediaPacket describe(Instant now, PacketRef buffer, const RtpView& rtp, const CodecParams& codec);
  [[nodiscard]] bool read_frame(MediaPacket& packet, std::uint64_t ext_seq);
  [[nodiscard]] std::uint64_t find_keyframe(MediaPacket& packet, std::uint64_t ext_seq);
  void note_keyframe(Instant at) {
    ++keyframes_;
    keyframe_at_ = at;
  }
  void measure(const MediaPacket& packet, bool keyframe);
  void note_media(const MediaPacket& packet, std::uint64_t ext_seq);
  void relate_to_keyframe(MediaPacket& packet, std::uint64_t first);
  void restart(std::uint32_t ssrc, std::uint64_t ext_seq);
  bool write_keyframe_request(std::uint32_t sender_ssrc, ByteWriter& out);
  void poll_nacks(Instant now, std::uint32_t sender_ssrc, ByteWriter& out);

  // State.
  std::uint32_t ssrc_ = 0;  // 0 = nothing received yet.
  std::uint32_t clock_rate_ = 0;
  std::uint32_t generation_ = 0;
  FrameReader::Newest newest_;  // Packet that is not padding.
  bool squelched_ = false;
  std::uint32_t nacked_ = 0;
  std::uint32_t repaired_ = 0;
  std::uint32_t keyframe_requests_ = 0;
  std::uint32_t keyframes_ = 0;
  Instant keyframe_at_{};
  Totals earlier_;                            // Of rtp streams before this one.
  std::optional<std::uint32_t> keyframe_ts_;  // Of the last one.
  std::uint8_t fir_seq_ = 0;                  // RFC 5104 §4.3.1.1: one for each request.
  ReceiveWindow window_;
  SeqCompactor compactor_;  // Closes the gaps that padding-only packets leave.
  ReceiverStatistics statistics_;
  NackGenerator nack_generator_;
  KeyframeRequester keyframe_requester_;
  FrameReader frames_;
  LayerMeter meter_;
  SourceClock clock_;
  RetransmissionBuffer retransmission_buffer_;

  // Given.
  MediaKind kind_;
  std::uint8_t encoding_;
  bool nack_;
  bool pli_;
  bool fir_;
};

}  // namespace noir
