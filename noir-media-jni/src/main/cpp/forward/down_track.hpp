#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.hpp"
#include "forward/extension_writer.hpp"
#include "forward/layer_filter.hpp"
#include "forward/layer_selector.hpp"
#include "forward/media_packet.hpp"
#include "forward/params.hpp"
#include "forward/repair_budget.hpp"
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
  /// Before each `rewrite`, with the same packet: whether one goes out that has waited for it to tell whether it is the
  /// last one of its picture that is sent. It has to say so: a decoder waits for the end of a picture, and without it
  /// for all that depends on that one. It waits in `track`, the source.
  bool rewrite_held(const Track& track, const MediaPacket& next, OutPacket& out) {
    if (held_ == kNothing) [[likely]] {
      return false;
    }
    return release(track, next, out);
  }

  /// After `rewrite` gave false: whether the packet was one to start with, but not the first to be sent, since the key
  /// frame's first packet came before it or others of the key frame did. Then `rewrite_backlog` gives all of them, this
  /// one too, until it gives false.
  [[nodiscard]] bool has_backlog() const { return backlog_next_ < backlog_end_; }
  bool rewrite_backlog(const Track& track, OutPacket& out);

  /// Answers one lost sequence number of a NACK for `params().ssrc`: as RTX (RFC 4588) when negotiated, else
  /// bit-identical to the first time, unless packets are numbered over the transport. False: so, unknown, no longer
  /// there, repeated less than 100 ms ago, or too much.
  bool retransmit(Instant now, std::uint16_t seq, const Track& track, OutPacket& out);
  /// What `retransmit` gave last for `seq` did not arrive: it need not be waited for.
  void note_repair_lost(std::uint16_t seq);

  /// A packet of padding on the RTX SSRC, about `octets` long with SRTP's tag, at most some 280: nothing that anybody
  /// waits for, and no number of the stream. False without RTX.
  bool pad(Instant now, std::uint32_t octets, OutPacket& out);

  /// The encoding whose key frame this down track is waiting for, unless a key frame would not help: pass it to
  /// `Track::request_keyframe` after creation, after every `set_…` and whenever `rewrite` gave false.
  [[nodiscard]] std::optional<std::uint8_t> keyframe_wanted() const;
  /// The encoding that is being sent, or the one to be: where a PLI or FIR of the subscriber goes.
  [[nodiscard]] std::uint8_t feedback_encoding() const;

  void set_muted(bool muted);
  /// The track has paused: what comes next begins anew, video with a key frame, and closes the gap.
  void restart() { sending_ = false; }
  /// The highest encoding, or spatial layer of an encoding that has several, and temporal layer to send; negative =
  /// none is too high.
  void set_max_layers(Instant now, int max_spatial, int max_temporal);

  /// A sender report for now (RFC 3550 §6.4.1) whose NTP time is the publisher's clock, so that audio and video of one
  /// publisher stay in sync; nothing before the first packet or while the publisher's clock is unknown. A publisher
  /// that sends no reports for 10 s gets our clock, `utc`. Nothing, too, when no packet has been sent since the last
  /// one that `note_report` was called for (RFC 3550 §6.4).
  [[nodiscard]] std::optional<SenderReport> sender_report(Instant now, WallClock utc, const Track& track) const;
  void note_report() { reported_count_ = packet_count_; }

  /// What a packet that goes out needs of this object, from its beginning.
  static constexpr std::size_t kHotBytes = 304;
  /// Asks for the memory that the next `packets` packets will be noted in.
  void prefetch_history(std::size_t packets) const { sent_.prefetch(last_out_seq_ + 1, packets); }

  [[nodiscard]] const DownTrackParams& params() const { return params_; }
  /// Whether its packets have transport-wide numbers.
  [[nodiscard]] bool numbers() const { return extensions_.numbers(); }
  /// The last packet's codec is none that the subscriber knows.
  [[nodiscard]] bool undecodable() const { return undecodable_; }
  [[nodiscard]] bool muted() const { return muted_; }
  [[nodiscard]] bool sending() const { return sending_; }
  /// Counts the starts: how often a key frame was waited for and came.
  [[nodiscard]] std::uint32_t segments() const { return segments_; }
  /// Whether this encoding's packets are of any use to the subscriber.
  [[nodiscard]] bool takes(std::uint8_t encoding) const {
    return takes_keyframes() && (!sending_ || selector_.current() == encoding || selector_.target() == encoding);
  }
  /// Whether the subscriber has any use for a key frame.
  [[nodiscard]] bool takes_keyframes() const { return !muted_ && !undecodable_ && kind_ == MediaKind::kVideo; }
  /// The encoding of the last packet sent.
  [[nodiscard]] std::uint8_t current_encoding() const { return selector_.current(); }
  /// The highest layers that are being sent of it; LayerFilter::kAllLayers = all that come.
  [[nodiscard]] Layer current_layer() const { return filter_.layer(); }
  /// True once after what is sent may have become another encoding or layer.
  [[nodiscard]] bool take_layer_changed() { return filter_.take_changed(); }
  /// The number of the newest packet sent.
  [[nodiscard]] std::uint16_t newest_seq() const { return static_cast<std::uint16_t>(last_out_seq_); }
  /// Sent so far, without what was repeated.
  [[nodiscard]] std::uint32_t packets() const { return packet_count_; }
  [[nodiscard]] std::uint32_t octets() const { return octet_count_; }
  [[nodiscard]] std::uint32_t repeated() const { return repeated_; }

 private:
  [[nodiscard]] bool find_payload(const MediaPacket& packet);
  [[nodiscard]] const PayloadMapping* mapping_of(std::uint8_t source) const;
  [[nodiscard]] std::uint8_t padding_payload_type() const;
  [[nodiscard]] bool admit(Instant now, const MediaPacket& packet);
  bool send(const MediaPacket& packet, OutPacket& out);
  bool hold(const MediaPacket& packet);
  bool release(const Track& track, const MediaPacket& next, OutPacket& out);
  bool write(const MediaPacket& packet, bool filler, bool ends_picture, OutPacket& out);
  [[nodiscard]] bool was_sent(const MediaPacket& packet, std::uint64_t out_seq) const;
  void begin_segment(const MediaPacket& packet);
  [[nodiscard]] std::uint32_t ts_offset_after_switch(const MediaPacket& packet) const;
  void note_sent(const MediaPacket& packet, const SentPacket& sent, bool newest);
  [[nodiscard]] SentPacket describe(const MediaPacket& packet, const Rewriter::Mapped& mapped) const;
  void write_header(const MediaPacket& packet, const SentPacket& sent, std::uint32_t ssrc, std::uint8_t payload_type,
                    std::uint64_t index, OutPacket& out) const;
  void write_payload(const MediaPacket& packet, const SentPacket& sent, OutPacket& out) const;
  void write_red(const MediaPacket& packet, OutPacket& out) const;

  static constexpr std::uint8_t kNoPayload = 0xFF;
  static constexpr std::uint64_t kNothing = ~std::uint64_t{0};

  // Hot: read or written for every packet. `kHotBytes` end before what `filter_` ends with.
  LayerSelector selector_;
  MediaKind kind_;
  Codec codec_ = Codec::kOpus;
  bool muted_ = false;
  bool sending_ = false;  // The segment goes on: no mute, no wait for a key frame.
  bool last_has_timeline_ = false;
  std::uint8_t payload_source_ = kNoPayload;  // The mapping found last.
  std::uint8_t payload_type_ = 0;
  std::uint8_t block_payload_type_ = 0;  // Of the blocks of RED; when it is the same, the subscriber gets no RED.
  std::uint8_t rtx_payload_type_ = 0;
  std::uint8_t sent_encoding_ = 0;  // Of the current segment.
  bool undecodable_ = false;        // The last packet had a payload type that the subscriber does not know.
  std::uint32_t generation_ = 0;    // Of sent_encoding_.
  std::uint32_t ts_offset_ = 0;
  std::uint32_t packet_count_ = 0;
  std::uint32_t octet_count_ = 0;
  std::uint32_t last_rtp_ts_ = 0;       // As sent, of the newest packet.
  std::uint32_t last_timeline_ts_ = 0;  // Only when last_has_timeline_.
  std::uint64_t held_ = kNothing;       // Source sequence number of what waits for the packet after it.
  std::uint64_t last_source_seq_ = 0;
  std::uint64_t last_out_seq_ = 0;
  Instant last_arrival_;
  ExtensionWriter extensions_;
  const std::uint32_t ssrc_;
  SentPackets sent_;
  Rewriter rewriter_;
  LayerFilter filter_;

  // Cold.
  Instant first_arrival_;
  std::uint32_t reported_count_ = 0;
  std::uint32_t segments_ = 0;
  std::uint32_t repeated_ = 0;
  RepairBudget repairs_;
  std::uint64_t backlog_next_ = 0;  // Packets of the current encoding that are to be sent before anything else,
  std::uint64_t backlog_end_ = 0;   // up to, not including, this one.
  std::uint64_t rtx_seq_;
  DownTrackParams params_;
};

}  // namespace noir
