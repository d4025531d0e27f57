#pragma once

#include <map>
#include <optional>
#include <vector>

#include "forward/codec/vp9.hpp"
#include "forward/dependency_writer.hpp"
#include "forward/media_source.hpp"

namespace noir::test {

inline constexpr std::uint8_t kPublishedVp9 = 98;
inline constexpr std::uint8_t kPublishedH264 = 102;
inline constexpr std::uint8_t kPublishedAv1 = 45;

inline TrackParams layered_params(std::size_t encodings = 1) {
  TrackParams params = video_params(encodings);
  params.codecs.push_back({kPublishedVp9, Codec::kVp9, 90'000});
  return params;
}

inline DownTrackParams layered_down_params(bool rtx = false) {
  DownTrackParams params = down_params(rtx);
  params.payloads.push_back({kPublishedVp9, 126, 127});
  params.extensions.dependency_descriptor = 9;
  return params;
}

/// A packet as the subscriber gets it.
struct SentFrame {
  std::uint16_t seq = 0;
  std::uint32_t rtp_ts = 0;
  bool marker = false;
  std::uint16_t number = 0;  // Picture id, or frame number of the dependency descriptor.
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::uint8_t tl0 = 0;
  std::vector<std::uint8_t> bytes;
};

/// One publisher of layered video and one subscriber of it. Each packet is one layer's frame.
class LayeredSource {
 public:
  MediaSource source{layered_params(2)};
  DownTrack down;
  std::vector<SentFrame> sent;

  explicit LayeredSource(bool rtx = false) : down(layered_down_params(rtx), MediaKind::kVideo, {100, 200, 0}) {}

  struct Vp9Fields {
    std::uint16_t picture = 0;
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    bool key = false;
    bool top = true;  // The picture's last layer.
    bool switch_up = true;
    std::uint8_t encoding = 0;
  };
  /// Whether anything was sent on.
  bool push_vp9(const Vp9Fields& f) {
    const bool inter_picture = !f.key;
    std::vector<std::uint8_t> payload{static_cast<std::uint8_t>(0x80 | (inter_picture ? 0x40 : 0) | 0x20 | 0x08 | 0x04),
                                      static_cast<std::uint8_t>(0x80 | (f.picture >> 8)),
                                      static_cast<std::uint8_t>(f.picture),
                                      static_cast<std::uint8_t>((f.temporal << 5) | (f.switch_up ? 0x10 : 0) |
                                                                (f.spatial << 1) | (f.spatial != 0 ? 1 : 0)),
                                      static_cast<std::uint8_t>(f.picture / 4),
                                      0xAB,
                                      0xCD};
    return push({.seq = seq_[f.encoding]++,
                 .rtp_ts = f.picture * 3000U,
                 .ssrc = kSsrc + f.encoding,
                 .payload_type = kPublishedVp9,
                 .marker = f.top,
                 .payload = std::move(payload)},
                f.encoding);
  }

  /// A frame of AV1 in one packet.
  bool push_av1(const WrittenDescriptor& d, std::uint32_t rtp_ts, bool top = true, std::uint8_t encoding = 0) {
    return push({.seq = seq_[encoding]++,
                 .rtp_ts = rtp_ts,
                 .ssrc = kSsrc + encoding,
                 .payload_type = kPublishedAv1,
                 .marker = top,
                 .extensions = make_extensions(make_descriptor(d)),
                 .payload = {static_cast<std::uint8_t>(d.structure != nullptr ? 0x18 : 0x10), 0x0A, 0xBB}},
                encoding);
  }

  bool push(const RtpFields& fields, std::uint8_t encoding = 0) {
    now_ += milliseconds(5);
    const auto packet = source.push(now_, fields, encoding);
    OutPacket out;
    if (!packet) return false;
    bool any = down.rewrite_held(source.track(), *packet, out);
    if (any) note(out);
    if (down.rewrite(now_, *packet, out)) {
      note(out);
      return true;
    }
    while (down.rewrite_backlog(source.track(), out)) {
      note(out);
      any = true;
    }
    return any;
  }
  [[nodiscard]] Instant now() const { return now_; }
  void set_max(int spatial, int temporal) { down.set_max_layers(now_, spatial, temporal); }
  void skip_seq(std::uint8_t encoding = 0) { ++seq_[encoding]; }

 private:
  static std::vector<std::uint8_t> make_extensions(const std::vector<std::uint8_t>& descriptor) {
    std::vector<std::uint8_t> block{
        0x10, 0x00, 0, 0, kPublisherIds.dependency_descriptor, static_cast<std::uint8_t>(descriptor.size())};
    block.insert(block.end(), descriptor.begin(), descriptor.end());
    while (block.size() % 4 != 0) block.push_back(0);
    block[3] = static_cast<std::uint8_t>(block.size() / 4 - 1);
    return block;
  }
  void note(const OutPacket& out) {
    SentFrame frame;
    frame.bytes = to_bytes(out);
    const auto view = parse_rtp(frame.bytes, {.dependency_descriptor = 9});
    ASSERT_TRUE(view.ok());
    frame.seq = view->seq;
    frame.rtp_ts = view->rtp_ts;
    frame.marker = view->marker;
    const ByteSpan payload = ByteSpan(frame.bytes).subspan(view->header_size, view->payload_size);
    if (view->payload_type == 126) {
      const auto d = parse_vp9_descriptor(payload);
      ASSERT_TRUE(d);
      frame.number = d->picture_id;
      frame.spatial = d->spatial_id;
      frame.temporal = d->temporal_id;
      frame.tl0 = d->tl0_pic_idx;
    } else if (view->dependency_descriptor.size() >= 3) {
      frame.number = load_be16(view->dependency_descriptor.data() + 1);
    }
    sent.push_back(std::move(frame));
  }

  Instant now_{};
  std::map<std::uint8_t, std::uint16_t> seq_{{0, 1000}, {1, 50'000}};
};

template <typename Value>
std::vector<int> each(const std::vector<SentFrame>& frames, Value SentFrame::*member) {
  std::vector<int> values;
  values.reserve(frames.size());
  for (const SentFrame& f : frames) values.push_back(f.*member);
  return values;
}

}  // namespace noir::test
