#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/codec.hpp"
#include "rtp/out_packet.hpp"

namespace noir {

/// What a synthetic source sends.
struct SourceParams {
  Codec codec = Codec::kVp8;  // kVp8 or kOpus.
  std::string mid;
  std::string rid;  // Empty without simulcast.
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 96;
  Duration frame_interval = std::chrono::microseconds(33'333);
  std::size_t packets_per_frame = 4;
  std::size_t keyframe_packets = 8;
  std::uint16_t width = 640;  // Of the picture.
  std::uint16_t height = 480;
  std::size_t payload_size = 900;      // Bytes, descriptor included.
  std::size_t paddings_per_frame = 0;  // Padding-only packets behind each frame, as libwebrtc's probes without RTX.
  bool announces_mid = true;           // In each packet; a browser stops after a while.
  bool declares_ssrcs = false;         // In the description, as a browser without rids does.
  bool screen = false;                 // Declared to be one.
  std::uint8_t rtx_payload_type = 0;   // Of repairs (RFC 4588); 0 = the same packet once more.
  std::uint32_t rtx_ssrc = 0;
  std::uint16_t first_seq = 0;
};

/// What stands in every synthetic payload, so that a receiver can tell what came and when it left.
struct SyntheticContent {
  static constexpr std::size_t kSize = 16;

  std::uint32_t frame = 0;
  std::uint16_t packet = 0;   // In the frame.
  std::uint16_t packets = 0;  // Of the frame.
  Instant sent;

  /// The filler byte behind the content at `offset` of the payload.
  [[nodiscard]] std::uint8_t filler(std::size_t offset) const {
    return static_cast<std::uint8_t>(frame * 7 + packet * 13U + offset);
  }
};

/// Transport-wide state of whoever sends.
struct SendContext {
  Instant now;
  ExtensionIds extensions;
  std::uint16_t& transport_seq;
};

/// Makes RTP packets of frames that no decoder would like but every forwarder must: valid descriptors, picture ids,
/// markers, header extensions, key frames on demand.
class SyntheticSource {
 public:
  SyntheticSource(SourceParams params, Instant start);

  [[nodiscard]] const SourceParams& params() const { return params_; }
  [[nodiscard]] Instant next_timeout() const { return paused_ ? kNever : next_frame_at_; }
  void request_keyframe() {
    if (ignored_requests_ > 0) {
      --ignored_requests_;
    } else {
      keyframe_wanted_ = true;
    }
  }
  /// As libwebrtc does with one that comes soon after another, for whatever encoding.
  void ignore_keyframe_requests(int count) { ignored_requests_ = count; }
  void set_paused(Instant now, bool paused);
  /// The octet of RFC 6464 in packets of audio, voice flag included.
  void set_audio_level(std::uint8_t octet) { audio_level_ = octet; }

  /// A plain RTP packet as it was first sent.
  struct Sent {
    std::vector<std::uint8_t> bytes;
    std::uint64_t index = 0;  // SRTP packet index.
    std::size_t header_size = 0;

    [[nodiscard]] OutPacket out_packet(std::uint32_t ssrc) const;
  };

  /// The packets of the frame that is due, in order.
  [[nodiscard]] std::vector<const Sent*> make_frame(SendContext& context);
  /// An RTX packet that repeats `sent`, or holds padding alone when that is null.
  [[nodiscard]] Sent make_rtx(SendContext& context, const Sent* sent);
  /// What was sent with this sequence number, or null when it is too long ago.
  [[nodiscard]] const Sent* find(std::uint16_t seq) const;

  [[nodiscard]] std::uint32_t rtp_ts_at(Instant now) const;
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }
  [[nodiscard]] std::uint64_t paddings() const { return padding_count_; }
  [[nodiscard]] std::uint32_t frames() const { return frame_; }
  [[nodiscard]] std::uint32_t keyframes() const { return keyframes_; }
  [[nodiscard]] Instant last_keyframe() const { return last_keyframe_; }

 private:
  static constexpr std::size_t kHistory = 1024;

  const Sent* append(SendContext& context, const SyntheticContent& content, bool keyframe, bool marker);
  const Sent* append_padding(SendContext& context);
  void write_header(ByteWriter& out, SendContext& context, bool marker, bool padding) const;
  void write_extensions(ByteWriter& out, SendContext& context, std::uint8_t rid) const;
  void write_vp8(ByteWriter& out, const SyntheticContent& content, bool keyframe) const;
  const Sent* keep(const ByteWriter& out, std::size_t header_size);

  const SourceParams params_;
  const std::uint32_t clock_rate_;
  const Instant start_;
  Instant next_frame_at_;
  bool paused_ = false;
  int ignored_requests_ = 0;
  bool keyframe_wanted_ = true;
  std::uint8_t audio_level_ = 0x80 | 30;
  std::uint64_t next_index_;
  std::uint64_t next_rtx_index_ = 0;
  std::uint32_t rtp_ts_ = 0;
  std::uint16_t picture_id_ = 100;
  std::uint8_t tl0_pic_idx_ = 50;
  std::uint32_t frame_ = 0;
  std::uint32_t keyframes_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::uint64_t padding_count_ = 0;
  Instant last_keyframe_{};
  std::vector<Sent> history_;
};

}  // namespace noir
