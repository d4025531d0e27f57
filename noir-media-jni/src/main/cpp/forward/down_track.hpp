#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.hpp"
#include "forward/extension_writer.hpp"
#include "forward/layer_selector.hpp"
#include "forward/media_packet.hpp"
#include "forward/params.hpp"
#include "forward/rewriter.hpp"
#include "forward/sent_packets.hpp"
#include "rtp/out_packet.hpp"
#include "rtp/rtcp_sender_report.hpp"

namespace noir {

class Track;

/// Where a down track starts to count; random, drawn by the caller. The top bit of the sequence numbers is cleared so
/// that a receiver that misses the first packets still guesses ROC 0 (RFC 3711 §3.3.1).
struct DownTrackStart {
  std::uint16_t seq = 0;
  std::uint16_t rtx_seq = 0;
  std::uint32_t rtp_ts = 0;
};

/// Egress copy of a track for one subscriber: chooses the encoding, rewrites packets, answers NACKs.
///
/// The same SRTP index is never given to different bytes: what a packet became is a function of the source packet and
/// remembered offsets. For that to hold over all of a transport's life, an SSRC must not be given to a second
/// down track of the same transport.
/// Thread: loop.
class DownTrack {
 public:
  DownTrack(DownTrackParams params, MediaKind kind, const DownTrackStart& start);

  /// Rewrites one packet of the track for this subscriber. False: not for it (muted, other layer, waiting for a key
  /// frame, no payload mapping). `out.payload` points into the packet's buffer.
  bool rewrite(Instant now, const MediaPacket& packet, OutPacket& out);

  /// Answers one lost sequence number of a NACK for `params().ssrc`: as RTX (RFC 4588) when negotiated, else
  /// bit-identical to the first time. False: unknown, no longer there, or repeated less than 100 ms ago.
  bool retransmit(Instant now, std::uint16_t seq, const Track& track, OutPacket& out);

  /// The encoding whose key frame this down track is waiting for: pass it to `Track::request_keyframe` after creation,
  /// after every `set_…` and whenever `rewrite` gave false.
  [[nodiscard]] std::optional<std::uint8_t> keyframe_wanted() const;
  /// The encoding that is being sent, or the one to be: where a PLI or FIR of the subscriber goes.
  [[nodiscard]] std::uint8_t feedback_encoding() const;

  void set_muted(bool muted);
  /// The highest encoding and temporal layer to send; negative = none is too high.
  void set_max_layers(Instant now, int max_spatial, int max_temporal);

  /// A sender report for now (RFC 3550 §6.4.1) whose NTP time is the publisher's clock, so that audio and video of one
  /// publisher stay in sync; nothing before the first packet or while the publisher's clock is unknown. A publisher
  /// that sends no reports for 10 s gets our clock, `utc`.
  [[nodiscard]] std::optional<SenderReport> sender_report(Instant now, WallClock utc, const Track& track) const;

  [[nodiscard]] const DownTrackParams& params() const { return params_; }
  [[nodiscard]] bool muted() const { return muted_; }
  [[nodiscard]] bool sending() const { return sending_; }
  /// The encoding of the last packet sent.
  [[nodiscard]] std::uint8_t current_encoding() const { return selector_.current(); }

 private:
  struct Mapped {  // Everything that differs from the source packet.
    std::uint64_t out_seq;
    std::uint32_t ts_offset;
    Vp8Ids vp8;
  };

  bool accept(Instant now, const MediaPacket& packet);
  void begin_segment(const MediaPacket& packet);
  [[nodiscard]] std::uint32_t ts_offset_after_switch(const MediaPacket& packet) const;
  void write_packet(const MediaPacket& packet, const Mapped& mapped, OutPacket& out) const;
  bool write_rtx(const MediaPacket& packet, const Mapped& mapped, OutPacket& out);

  // Hot: read or written for every packet.
  Rewriter rewriter_;
  LayerSelector selector_;
  bool muted_ = false;
  bool sending_ = false;  // The segment goes on: no mute, no wait for a key frame.
  std::uint32_t source_ssrc_ = 0;
  std::uint32_t ts_offset_ = 0;
  std::uint32_t packet_count_ = 0;
  std::uint32_t octet_count_ = 0;
  std::uint32_t last_rtp_ts_ = 0;  // As sent, of the newest packet.
  std::uint32_t last_timeline_ = 0;
  bool last_has_timeline_ = false;
  Instant last_arrival_;
  Instant first_arrival_;
  ExtensionWriter extensions_;
  SentPackets sent_;

  // Cold.
  std::uint64_t rtx_seq_;
  MediaKind kind_;
  DownTrackParams params_;
};

}  // namespace noir
