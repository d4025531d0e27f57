#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "forward/announced_layers.hpp"
#include "forward/media_packet.hpp"
#include "forward/offered_layer.hpp"
#include "forward/params.hpp"
#include "forward/receiver.hpp"
#include "rtp/rtcp_report_block.hpp"
#include "rtp/rtcp_sender_report.hpp"
#include "rtp/rtp_packet.hpp"

namespace noir {

/// One published audio or video source: ingress side, with one `Receiver` per encoding.
/// Thread: loop.
class Track {
 public:
  static constexpr std::size_t kMaxEncodings = 8;

  /// `params.encodings` must hold 1 to kMaxEncodings entries.
  explicit Track(TrackParams params);

  /// Takes a packet of `encoding`; `rtp` was parsed from `buffer`. Feeds statistics, NACK and the retransmission
  /// buffer, and gives the packet to forward, or nothing: duplicate, too old, padding-only, unknown payload type or
  /// encoding, or squelched. An encoding whose SSRC changes starts anew.
  [[nodiscard]] std::optional<MediaPacket> handle_rtp(Instant now, PacketRef buffer, const RtpView& rtp,
                                                      std::uint8_t encoding);
  /// Takes an RTX packet (RFC 4588) for `encoding`, and gives the packet to forward that it repeats, or nothing: nobody
  /// misses that, or it is padding.
  [[nodiscard]] std::optional<MediaPacket> handle_repair(Instant now, PacketRef buffer, const RtpView& rtp,
                                                         std::uint8_t encoding);
  /// Takes what a packet with redundant audio (RFC 2198), given to `handle_rtp` before, repeats, so many packets before
  /// its own: gives the packet to forward, or nothing, when it has none there, or nobody misses that.
  [[nodiscard]] std::optional<MediaPacket> handle_redundancy(Instant now, const PacketRef& buffer, const RtpView& rtp,
                                                             std::uint8_t encoding, std::size_t before);
  /// Whether that is worth trying: the packet is one, and something is missing.
  [[nodiscard]] bool misses_repeats_of(const RtpView& rtp, std::uint8_t encoding) const;
  /// What packets of a payload type are to the track.
  enum class Use : std::uint8_t { kNone, kMedia, kRepair };
  [[nodiscard]] Use use_of(std::uint8_t payload_type) const {
    const std::uint8_t codec = codec_of_payload_type_[payload_type & 0x7F];
    if (codec == kNoCodec) return Use::kNone;
    return codec < kRepairs ? Use::kMedia : Use::kRepair;
  }
  /// Of all its encodings. A mirror knows nothing of it.
  [[nodiscard]] Receiver::Totals totals() const;
  /// False when it is about none of our rtp streams.
  bool handle_sender_report(Instant now, const SenderReport& report);

  // A mirror is the same track on another loop: its packets come prepared, and it asks its publisher for nothing.
  void handle_mirrored(const MediaPacket& packet);
  void set_clock(std::uint8_t encoding, const SourceClock& clock);
  void set_size(std::uint8_t encoding, FrameSize size);
  /// Bit per encoding whose clock has been reported since the last call: what mirrors have to be told. A new mirror
  /// has to be told all.
  [[nodiscard]] std::uint8_t take_fresh_clocks() { return std::exchange(fresh_clocks_, std::uint8_t{0}); }
  void refresh_clocks() { fresh_clocks_ = 0xFF; }

  /// While squelched, packets are received, counted and reported as ever, but none is kept or given to forward, and no
  /// key frame is asked for.
  void set_squelched(bool squelched);
  [[nodiscard]] bool squelched() const { return squelched_; }

  /// Asks the publisher for a key frame, at most once per 500 ms and encoding: a request inside the window is sent at
  /// its end, unless a key frame comes before.
  void request_keyframe(Instant now, std::uint8_t encoding);
  /// Whether, since the last call, so much of `encoding` was lost that those who watch it need a key frame.
  [[nodiscard]] bool take_lost(std::uint8_t encoding) {
    return encoding < receivers_.size() && receivers_[encoding].take_lost();
  }

  /// When `poll_rtcp` has something to write; kNever otherwise.
  [[nodiscard]] Instant next_timeout() const;
  /// Appends due NACKs and PLIs. What does not fit stays due.
  void poll_rtcp(Instant now, std::uint32_t sender_ssrc, ByteWriter& out);
  /// Fills in a block for each rtp stream heard of since the last call (RFC 3550 §6.4); gives how many.
  std::size_t report_blocks(Instant now, std::span<ReportBlock> out);

  /// A packet that may still be retransmitted, or null.
  [[nodiscard]] const MediaPacket* find(std::uint8_t encoding, std::uint64_t ext_seq) const;

  [[nodiscard]] const TrackParams& params() const { return params_; }
  [[nodiscard]] MediaKind kind() const { return params_.kind; }
  /// Bit per encoding that has ever sent a packet; a new bit is the moment of `TrackActive`.
  [[nodiscard]] std::uint8_t seen_encodings() const { return seen_encodings_; }
  /// Bit per encoding that is being received now; an encoding drops out when the others go on without it.
  [[nodiscard]] std::uint8_t active_encodings() const { return active_encodings_; }
  /// When the encoding's last packet with media came; nothing before the first.
  [[nodiscard]] std::optional<Instant> last_packet(std::uint8_t encoding) const {
    if ((seen_encodings_ >> encoding & 1U) == 0) return std::nullopt;
    return activity_[encoding].last_packet;
  }
  /// An rtp stream has ended (RFC 3550 §6.6): its encoding is not active until it sends again.
  void handle_goodbye(std::uint32_t ssrc);
  /// Bit per encoding that can be had: active, and not silent for `kPause`, screens' longest pause between two frames
  /// included.
  [[nodiscard]] std::uint8_t available_encodings(Instant now) const;
  static constexpr Duration kPause = std::chrono::seconds(5);

  /// What can be had of the track, or could when it was sent last: ascending, measured. Gives how many.
  static constexpr std::size_t kMaxOffered = 32;
  std::size_t offered_layers(Instant now, std::span<OfferedLayer, kMaxOffered> out);

  /// The lowest encoding, or spatial layer of the only one, whose longer side is at least that of `shown`; 0xFF when
  /// that is the best one, or nothing says so.
  [[nodiscard]] std::uint8_t enough_for(FrameSize shown);

  /// bit/s of an encoding with all its layers. While nothing comes, what it was when something did.
  [[nodiscard]] std::uint64_t bitrate(Instant now, std::uint8_t encoding) {
    LayerMeter& meter = receivers_[encoding].meter();
    return meter.bitrate(now, meter.highest());
  }

  [[nodiscard]] std::size_t encoding_count() const { return receivers_.size(); }
  [[nodiscard]] const Receiver& receiver(std::uint8_t encoding) const { return receivers_[encoding]; }

 private:
  struct Activity {
    Instant last_packet;
    unsigned frames_without = 0;  // Frames of other encodings since.
  };
  static constexpr std::uint8_t kRepairs = 0x80;  // Added to a codec's index.
  static constexpr std::uint8_t kNoCodec = 0xFF;

  [[nodiscard]] bool is_red(const RtpView& rtp) const;
  [[nodiscard]] bool is_red_of_opus(ByteSpan payload) const;
  void handle_allocation(ByteSpan bytes, const MediaPacket& packet);
  [[nodiscard]] FrameSize said_size(std::size_t encoding) const;
  [[nodiscard]] FrameSize size_of(std::size_t encoding) const;
  [[nodiscard]] std::uint64_t bitrate_of(Instant now, std::size_t encoding, Layer layer);
  [[nodiscard]] bool is_made(std::size_t encoding, Layer layer) const;
  [[nodiscard]] std::optional<MediaPacket> finish(Receiver& receiver, std::optional<MediaPacket> packet);
  void mark_active(Instant now, std::uint8_t encoding, bool frame_end);

  // Given.
  TrackParams params_;

  // State.
  std::vector<Receiver> receivers_;
  std::array<Activity, kMaxEncodings> activity_{};
  std::unique_ptr<AnnouncedLayers> announced_;             // Null: nothing is.
  std::array<std::uint8_t, 128> codec_of_payload_type_{};  // Index into params_.codecs, or that of its repairs.
  std::uint8_t seen_encodings_ = 0;
  std::uint8_t active_encodings_ = 0;
  std::uint8_t fresh_clocks_ = 0;
  bool squelched_ = false;
};

}  // namespace noir
