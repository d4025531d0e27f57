#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/packet_buffer.hpp"
#include "forward/down_track.hpp"
#include "forward/track.hpp"
#include "rtp/rtp_packet.hpp"

namespace noir::test {

using std::chrono::milliseconds;

inline constexpr std::uint8_t kPublishedVp8 = 96;
inline constexpr std::uint8_t kPublishedOpus = 111;
inline constexpr std::uint32_t kSsrc = 0x1000;

inline Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

/// Ids of the publisher's transport in tests.
inline constexpr ExtensionIds kPublisherIds{.mid = 4,
                                            .rid = 10,
                                            .audio_level = 1,
                                            .transport_sequence = 3,
                                            .abs_send_time = 2,
                                            .video_orientation = 13,
                                            .dependency_descriptor = 12,
                                            .capture_time = 8,
                                            .playout_delay = 9,
                                            .layers_allocation = 11};

struct RtpFields {
  std::uint16_t seq = 0;
  std::uint32_t rtp_ts = 0;
  std::uint32_t ssrc = kSsrc;
  std::uint8_t payload_type = kPublishedVp8;
  bool marker = false;
  std::uint8_t padding = 0;
  std::vector<std::uint8_t> extensions = {};  // A whole block, its header included.
  std::vector<std::uint8_t> payload = {};
};

inline std::vector<std::uint8_t> make_rtp(const RtpFields& f) {
  std::vector<std::uint8_t> bytes(2048);
  ByteWriter out(bytes);
  out.u8(static_cast<std::uint8_t>(0x80 | (f.padding != 0 ? 0x20 : 0) | (f.extensions.empty() ? 0 : 0x10)));
  out.u8(static_cast<std::uint8_t>((f.marker ? 0x80 : 0) | f.payload_type));
  out.u16(f.seq);
  out.u32(f.rtp_ts);
  out.u32(f.ssrc);
  out.bytes(f.extensions);
  out.bytes(f.payload);
  if (f.padding != 0) {
    out.zeros(f.padding - 1U);
    out.u8(f.padding);
  }
  bytes.resize(out.size());
  return bytes;
}

/// A VP8 payload with all optional fields and a 15-bit picture id; `body` tells packets apart.
struct Vp8Fields {
  std::uint16_t picture_id = 0;
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t temporal_id = 0;
  bool layer_sync = false;
  std::uint8_t key_idx = 0;
  bool frame_start = true;
  bool keyframe = false;
  std::uint8_t body = 0;
};

inline std::vector<std::uint8_t> make_vp8(const Vp8Fields& f) {
  return {static_cast<std::uint8_t>(0x80 | (f.frame_start ? 0x10 : 0)),
          0xF0,
          static_cast<std::uint8_t>(0x80 | (f.picture_id >> 8)),
          static_cast<std::uint8_t>(f.picture_id),
          f.tl0_pic_idx,
          static_cast<std::uint8_t>((f.temporal_id << 6) | (f.layer_sync ? 0x20 : 0) | f.key_idx),
          static_cast<std::uint8_t>(f.keyframe ? 0x10 : 0x11),
          f.body,
          0xAA,
          0xBB};
}

/// A track fed with made-up packets.
class MediaSource {
 public:
  explicit MediaSource(TrackParams params) : pool_(8192), track_(std::move(params)) {}

  std::optional<MediaPacket> push(Instant now, const RtpFields& fields, std::uint8_t encoding = 0) {
    PacketRef buffer = pool_.take();
    const auto bytes = make_rtp(fields);
    std::copy(bytes.begin(), bytes.end(), buffer->storage().begin());
    buffer->set_size(bytes.size());
    const auto view = parse_rtp(buffer->bytes(), kPublisherIds);
    if (!view) return std::nullopt;
    return track_.use_of(view->payload_type) == Track::Use::kRepair
               ? track_.handle_repair(now, std::move(buffer), *view, encoding)
               : track_.handle_rtp(now, std::move(buffer), *view, encoding);
  }
  Track& track() { return track_; }

 private:
  PacketPool pool_;
  Track track_;
};

inline TrackParams video_params(std::size_t encodings = 1) {
  TrackParams params;
  params.kind = MediaKind::kVideo;
  params.mid = "1";
  params.codecs = {{kPublishedVp8, Codec::kVp8, 90'000}, {102, Codec::kH264, 90'000}, {45, Codec::kAv1, 90'000}};
  params.encodings.resize(encodings);
  params.nack = true;
  params.pli = true;
  return params;
}

inline TrackParams audio_params() {
  TrackParams params;
  params.kind = MediaKind::kAudio;
  params.mid = "0";
  params.codecs = {{kPublishedOpus, Codec::kOpus, 48'000}};
  params.encodings.resize(1);
  return params;
}

inline constexpr std::uint32_t kOutSsrc = 0xAAAA0001;
inline constexpr std::uint32_t kOutRtxSsrc = 0xAAAA0002;

inline DownTrackParams down_params(bool rtx = false) {
  DownTrackParams params;
  params.mid = "7";
  params.ssrc = kOutSsrc;
  params.rtx_ssrc = rtx ? kOutRtxSsrc : 0;
  params.payloads = {{kPublishedVp8, 120, 121}, {102, 122, 123}, {45, 124, 125}, {kPublishedOpus, 109, 0}};
  params.cname = "cname";
  return params;
}

inline std::vector<std::uint8_t> to_bytes(const OutPacket& packet) {
  std::vector<std::uint8_t> bytes(packet.header().begin(), packet.header().end());
  bytes.insert(bytes.end(), packet.prefix().begin(), packet.prefix().end());
  bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
  return bytes;
}

}  // namespace noir::test
