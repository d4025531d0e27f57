#include "forward/down_track.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/check.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"
#include "forward/receiver_statistics.hpp"
#include "forward/track.hpp"
#include "rtp/red.hpp"
#include "rtp/seq_num.hpp"

namespace noir {

namespace {

constexpr std::size_t kFixedHeader = 12;
constexpr std::uint64_t kIndexMask = (1ULL << 48) - 1;
// A NACK repeated within a round trip is about the same loss (ion-sfu's value).
constexpr Duration kRepeatInterval = std::chrono::milliseconds(100);
constexpr std::uint16_t kRepeatMask = (1U << 14) - 1;
// A publisher that has not sent an SR by now will not; libwebrtc's first comes after 5 s at most.
constexpr Duration kSenderReportWait = std::chrono::seconds(10);

static_assert(Vp9Descriptor::kMaxHead <= Vp8Descriptor::kMaxSize);
static_assert(Vp8Descriptor::kMaxSize <= RedPacket::kMaxHeader);
static_assert(kFixedHeader + ExtensionWriter::kMaxSize + 2 + RedPacket::kMaxHeader <= OutPacket::kMaxHead);

std::uint16_t to_repeat_ms(Instant now) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  return std::max<std::uint16_t>(static_cast<std::uint16_t>(ms & kRepeatMask), 1);  // 0 means never.
}

// Video that is repeated without RTX has to be the same bit for bit, and with a transport-wide number it would not be.
ExtensionIds usable(const DownTrackParams& params, MediaKind kind) {
  ExtensionIds ids = params.extensions;
  if (kind == MediaKind::kVideo && params.rtx_ssrc == 0) ids.transport_sequence = 0;
  return ids;
}

std::uint8_t to_layer(int layer) {
  return layer < 0 ? std::uint8_t{0xFF} : static_cast<std::uint8_t>(std::min(layer, 7));
}

// Writes what the payload begins with to `out`, with other ids; gives its size.
std::size_t rewrite_descriptor(Codec codec, ByteSpan payload, const FrameIds& ids, std::uint8_t* out) {
  if (codec == Codec::kVp9) return rewrite_vp9_head(payload, ids, out);
  return rewrite_vp8_descriptor(payload, ids, out);
}

}  // namespace

DownTrack::DownTrack(DownTrackParams params, MediaKind kind, const DownTrackStart& start)
    : kind_(kind),
      ts_offset_(start.rtp_ts),
      extensions_(usable(params, kind), params.mid, params.playout_delay),
      ssrc_(params.ssrc),
      rewriter_(start.seq & 0x7FFFU),
      rtx_seq_(start.rtx_seq & 0x7FFFU),
      params_(std::move(params)) {
  undecodable_ = params_.payloads.empty();
}

bool DownTrack::rewrite(Instant now, const MediaPacket& packet, OutPacket& out) {
  return admit(now, packet) && send(packet, out);
}

bool DownTrack::rewrite_backlog(const Track& track, OutPacket& out) {
  // When these packets came, their source may have kept fewer than it does now.
  if (has_backlog()) sent_.reserve(track.receiver(selector_.current()).history());
  while (has_backlog()) {
    const MediaPacket* packet = track.find(selector_.current(), backlog_next_);
    if (packet != nullptr && rewrite_held(track, *packet, out)) return true;
    ++backlog_next_;
    const bool first = !sending_;
    if (packet != nullptr && find_payload(*packet)) {
      if (first) begin_segment(*packet);
      const bool goes_on = packet->generation == generation_ && packet->codec == codec_;
      if (goes_on && send(*packet, out)) return true;
    } else if (first) {
      backlog_next_ = backlog_end_;  // The key frame's beginning is not there any more.
    }
  }
  return false;
}

bool DownTrack::send(const MediaPacket& packet, OutPacket& out) {
  const bool filler = filter_.leaves_out(packet);
  if (filler && rewriter_.drop(packet)) return false;
  if (!filler && hold(packet)) return false;
  return write(packet, filler, filter_.ends_picture(packet), out);
}

// Whether the packet waits for the one after it. What comes late does not: that one has been here.
bool DownTrack::hold(const MediaPacket& packet) {
  if (packet.ext_seq <= last_source_seq_ || !filter_.may_end_picture(packet)) return false;
  held_ = packet.ext_seq;
  return true;
}

bool DownTrack::release(const Track& track, const MediaPacket& next, OutPacket& out) {
  if (sending_ && (next.encoding != sent_encoding_ || next.ext_seq <= held_)) return false;  // It tells nothing.
  const std::uint64_t seq = std::exchange(held_, kNothing);
  if (!sending_ || next.generation != generation_) return false;
  const MediaPacket* packet = track.find(sent_encoding_, seq);
  if (packet == nullptr || packet->payload_type != payload_source_) return false;
  // Between the two something may be missing that is sent.
  const bool ends = next.ext_seq == seq + 1 && filter_.ended_picture(*packet, next);
  return write(*packet, false, ends, out);
}

bool DownTrack::write(const MediaPacket& packet, bool filler, bool ends_picture, OutPacket& out) {
  const auto mapped = filler ? rewriter_.map_filler(packet) : rewriter_.map(packet);
  if (!mapped || (!mapped->newest && was_sent(packet, mapped->out_seq))) return false;
  SentPacket sent = describe(packet, *mapped);
  sent.filler = filler ? 1 : 0;
  sent.marker = ends_picture ? 1 : 0;
  write_header(packet, sent, ssrc_, payload_type_, mapped->out_seq, out);
  write_payload(packet, sent, out);
  ++packet_count_;
  octet_count_ += static_cast<std::uint32_t>(out.prefix_size + out.payload.size());
  note_sent(packet, sent, mapped->newest);
  if (mapped->newest) last_out_seq_ = mapped->out_seq;
  return true;
}

// With the backlog of a key frame.
bool DownTrack::was_sent(const MediaPacket& packet, std::uint64_t out_seq) const {
  if (last_out_seq_ - out_seq >= sent_.capacity()) return false;
  const SentPacket* sent = sent_.find(static_cast<std::uint16_t>(out_seq));
  return sent != nullptr && sent->source_seq == static_cast<std::uint32_t>(packet.ext_seq) &&
         sent->encoding == packet.encoding;
}

bool DownTrack::admit(Instant now, const MediaPacket& packet) {
  if (muted_) return false;
  if (packet.payload_type != payload_source_) {
    undecodable_ = !find_payload(packet);
    if (undecodable_) {
      payload_source_ = kNoPayload;
      return false;
    }
  }
  if (packet.encoding == selector_.current() && (packet.generation != generation_ || packet.codec != codec_)) {
    sending_ = false;
  }
  switch (selector_.handle_packet(now, packet, sending_)) {
    case LayerSelector::Verdict::kForward:
      return true;
    case LayerSelector::Verdict::kBegin:
      if (packet.keyframe_behind != 0 || packet.keyframe_ahead != 0) {
        backlog_next_ = packet.ext_seq - packet.keyframe_behind;
        backlog_end_ = packet.ext_seq + packet.keyframe_ahead + 1;
        sending_ = false;
        return false;
      }
      begin_segment(packet);
      return true;
    case LayerSelector::Verdict::kDrop:
      return false;
  }
  return false;
}

const PayloadMapping* DownTrack::mapping_of(std::uint8_t source) const {
  const auto& all = params_.payloads;
  const auto it = std::find_if(all.begin(), all.end(), [source](const auto& p) { return p.source == source; });
  return it == all.end() ? nullptr : &*it;
}

// Who has not taken RED gets the blocks' codec in its place.
bool DownTrack::find_payload(const MediaPacket& packet) {
  const PayloadMapping* mapping = mapping_of(packet.payload_type);
  if (packet.red) {
    const auto red = parse_red(packet.payload());
    const PayloadMapping* blocks = red ? mapping_of(red->payload_type) : nullptr;
    if (blocks == nullptr) return false;
    block_payload_type_ = blocks->payload_type;
    if (mapping == nullptr) mapping = blocks;
  }
  if (mapping == nullptr) return false;
  payload_source_ = packet.payload_type;
  payload_type_ = mapping->payload_type;
  rtx_payload_type_ = mapping->rtx_payload_type;
  return true;
}

void DownTrack::begin_segment(const MediaPacket& packet) {
  if (packet_count_ == 0) {
    first_arrival_ = packet.arrival;
  } else if (packet.encoding != sent_encoding_ || packet.generation != generation_) {
    ts_offset_ = ts_offset_after_switch(packet);
  }
  rewriter_.begin_segment(packet);
  ++segments_;
  sent_encoding_ = packet.encoding;
  generation_ = packet.generation;
  codec_ = packet.codec;
  last_source_seq_ = packet.ext_seq;
  filter_.begin(packet);
  sending_ = true;
}

// Another rtp stream has another origin of timestamps. What lies between the last packet of the old one and the first
// of the new one is known exactly when the publisher has reported both, else by when they came.
std::uint32_t DownTrack::ts_offset_after_switch(const MediaPacket& packet) const {
  const auto by_arrival = static_cast<std::int32_t>(to_ticks(packet.arrival - last_arrival_, packet.clock_rate));
  std::int32_t elapsed = by_arrival;
  if (packet.has_timeline && last_has_timeline_) {
    const auto by_report = static_cast<std::int32_t>(packet.rtp_ts + packet.timeline_offset - last_timeline_ts_);
    // The publisher's reports are input: a second of disagreement is not the network's doing.
    const auto disagreement = std::int64_t{by_report} - by_arrival;
    if (std::abs(disagreement) <= packet.clock_rate) elapsed = by_report;
  }
  // The same picture in two encodings has one capture time, but two frames must not have one timestamp.
  return last_rtp_ts_ + static_cast<std::uint32_t>(std::max(elapsed, 1)) - packet.rtp_ts;
}

SentPacket DownTrack::describe(const MediaPacket& packet, const Rewriter::Mapped& mapped) const {
  SentPacket sent;
  sent.source_seq = static_cast<std::uint32_t>(packet.ext_seq);
  sent.ts_offset = ts_offset_;
  sent.out_seq = static_cast<std::uint16_t>(mapped.out_seq);
  sent.picture = mapped.ids.picture;
  sent.tl0_pic_idx = mapped.ids.tl0_pic_idx;
  sent.key_idx = mapped.ids.key_idx & 0x1F;
  sent.encoding = packet.encoding & 0x07;
  return sent;
}

void DownTrack::note_sent(const MediaPacket& packet, const SentPacket& sent, bool newest) {
  sent_.record(sent, packet.history);
  if (!newest) return;
  last_rtp_ts_ = packet.rtp_ts + ts_offset_;
  last_arrival_ = packet.arrival;
  last_source_seq_ = packet.ext_seq;
  last_has_timeline_ = packet.has_timeline;
  last_timeline_ts_ = packet.rtp_ts + packet.timeline_offset;
}

void DownTrack::write_header(const MediaPacket& packet, const SentPacket& sent, std::uint32_t ssrc,
                             std::uint8_t payload_type, std::uint64_t index, OutPacket& out) const {
  std::uint8_t* head = out.head.data();
  const ExtensionWriter::Written extensions = extensions_.write(packet, sent.picture, head + kFixedHeader);
  head[0] = extensions.size != 0 ? 0x90 : 0x80;
  head[1] = static_cast<std::uint8_t>((sent.marker != 0 ? 0x80 : 0) | payload_type);
  store_be16(head + 2, static_cast<std::uint16_t>(index));
  store_be32(head + 4, packet.rtp_ts + sent.ts_offset);
  store_be32(head + 8, ssrc);
  out.index = index & kIndexMask;
  out.ssrc = ssrc;
  out.header_size = static_cast<std::uint16_t>(kFixedHeader + extensions.size);
  out.prefix_size = 0;
  out.transport_sequence_at = static_cast<std::uint16_t>(
      extensions.transport_sequence_at != 0 ? kFixedHeader + extensions.transport_sequence_at : 0);
}

void DownTrack::write_payload(const MediaPacket& packet, const SentPacket& sent, OutPacket& out) const {
  if (sent.filler != 0) {
    out.payload = {};
    return;
  }
  if (packet.red) {
    write_red(packet, out);
    return;
  }
  out.payload = packet.payload();
  if (packet.frame.descriptor_size == 0) return;
  const FrameIds ids{sent.picture, sent.tl0_pic_idx, sent.key_idx};
  std::uint8_t* prefix = out.head.data() + out.header_size + out.prefix_size;
  const std::size_t size = rewrite_descriptor(packet.codec, out.payload, ids, prefix);
  // Until the first switch or drop it is what it was; a payload in one piece need not be copied before it is encrypted.
  if (size == packet.frame.descriptor_size && std::memcmp(prefix, out.payload.data(), size) == 0) return;
  out.prefix_size = static_cast<std::uint16_t>(out.prefix_size + size);
  out.payload = out.payload.subspan(packet.frame.descriptor_size);
}

// Well-formed: others have ended where they came in.
void DownTrack::write_red(const MediaPacket& packet, OutPacket& out) const {
  const ByteSpan payload = packet.payload();
  const auto red = parse_red(payload);
  NOIR_CHECK(red.has_value());
  if (payload_type_ == block_payload_type_) {
    out.payload = payload.subspan(red->primary.at, red->primary.size);
    return;
  }
  std::uint8_t* prefix = out.head.data() + out.header_size + out.prefix_size;
  rewrite_red_header(payload, red->header_size, block_payload_type_, prefix);
  out.prefix_size = static_cast<std::uint16_t>(out.prefix_size + red->header_size);
  out.payload = payload.subspan(red->header_size);
}

bool DownTrack::retransmit(Instant now, std::uint16_t seq, const Track& track, OutPacket& out) {
  const auto age = static_cast<std::uint16_t>(last_out_seq_ - seq);
  if (packet_count_ == 0 || age >= sent_.capacity()) return false;
  SentPacket* sent = sent_.find(seq);
  // What came before a switch is of no use after the key frame; and after a restart the source's numbers mean
  // other packets.
  if (sent == nullptr || sent->encoding != sent_encoding_) return false;
  if (track.receiver(sent->encoding).generation() != generation_) return false;
  const std::uint16_t now_ms = to_repeat_ms(now);
  const auto since_ms = static_cast<std::uint16_t>((now_ms - sent->repeated_ms) & kRepeatMask);
  if (sent->repeated_ms != 0 && std::chrono::milliseconds(since_ms) < kRepeatInterval) return false;
  const MediaPacket* packet = track.find(sent->encoding, unwrap_near(last_source_seq_, sent->source_seq, 32));
  if (packet == nullptr || !find_payload(*packet)) return false;
  const bool as_rtx = params_.rtx_ssrc != 0 && rtx_payload_type_ != 0;
  if (!as_rtx && extensions_.numbers()) return false;  // It would not be the same bytes.
  if (!repairs_.take(octet_count_, sent->filler != 0 ? 0 : packet->payload_size)) return false;
  sent->repeated_ms = now_ms & kRepeatMask;
  ++repeated_;
  if (as_rtx) {
    write_header(*packet, *sent, params_.rtx_ssrc, rtx_payload_type_, rtx_seq_++, out);
    // RFC 4588 §4: the original sequence number is the first two octets of the payload.
    store_be16(out.head.data() + out.header_size, seq);
    out.prefix_size = 2;
  } else {
    write_header(*packet, *sent, ssrc_, payload_type_, last_out_seq_ - age, out);
  }
  write_payload(*packet, *sent, out);
  return true;
}

void DownTrack::note_repair_lost(std::uint16_t seq) {
  SentPacket* sent = sent_.find(seq);
  if (sent != nullptr) sent->repeated_ms = 0;
}

// Before the first packet, that of any payload will do: there may be none just because nobody knows whether it fits.
std::uint8_t DownTrack::padding_payload_type() const {
  if (rtx_payload_type_ != 0 || packet_count_ != 0) return rtx_payload_type_;
  const auto& all = params_.payloads;
  const auto it = std::find_if(all.begin(), all.end(), [](const auto& p) { return p.rtx_payload_type != 0; });
  return it == all.end() ? std::uint8_t{0} : it->rtx_payload_type;
}

bool DownTrack::pad(Instant now, std::uint32_t octets, OutPacket& out) {
  const std::uint8_t payload_type = padding_payload_type();
  if (params_.rtx_ssrc == 0 || payload_type == 0) return false;
  constexpr std::size_t kTag = 16;
  constexpr std::size_t kMostPadding = 255;  // Its size is its last octet (RFC 3550 §5.1).
  MediaPacket nothing;
  nothing.arrival = now;
  nothing.rtp_ts = last_rtp_ts_;
  write_header(nothing, SentPacket{}, params_.rtx_ssrc, payload_type, rtx_seq_++, out);
  out.head[0] |= 0x20;
  const std::size_t rest = octets - std::min<std::size_t>(octets, out.header_size + kTag + 1);
  const std::size_t size = std::min(rest + 1, kMostPadding);
  std::uint8_t* padding = out.head.data() + out.header_size;
  std::fill_n(padding, size, std::uint8_t{0});
  padding[size - 1] = static_cast<std::uint8_t>(size);
  out.prefix_size = static_cast<std::uint16_t>(size);
  out.payload = {};
  return true;
}

std::optional<std::uint8_t> DownTrack::keyframe_wanted() const {
  if (!takes_keyframes()) return std::nullopt;
  if (sending_ && selector_.target() == selector_.current() && !filter_.waits_for_keyframe()) return std::nullopt;
  return selector_.target() == LayerSelector::kNone ? std::uint8_t{0} : selector_.target();
}

std::uint8_t DownTrack::feedback_encoding() const {
  if (selector_.current() != LayerSelector::kNone) return selector_.current();
  return selector_.target() == LayerSelector::kNone ? std::uint8_t{0} : selector_.target();
}

void DownTrack::set_muted(bool muted) {
  muted_ = muted;
  if (muted) sending_ = false;
}

void DownTrack::set_max_layers(Instant now, int max_spatial, int max_temporal) {
  selector_.set_max(now, to_layer(max_spatial));
  filter_.set_max({to_layer(max_spatial), to_layer(max_temporal)});
}

std::optional<SenderReport> DownTrack::sender_report(Instant now, WallClock utc, const Track& track) const {
  if (packet_count_ == reported_count_) return std::nullopt;
  SenderReport report;
  report.ssrc = ssrc_;
  report.packet_count = packet_count_;
  report.octet_count = octet_count_;
  const Receiver& receiver = track.receiver(sent_encoding_);
  if (receiver.generation() == generation_ && receiver.clock().known()) {
    const std::uint32_t clock_rate = receiver.clock_rate();
    const std::uint32_t packets_at = last_rtp_ts_ - ts_offset_ + to_ticks(now - last_arrival_, clock_rate);
    const auto reading = receiver.clock().follow(receiver.clock().at(now, clock_rate), packets_at, clock_rate);
    report.ntp = reading.ntp;
    report.rtp_ts = reading.rtp_ts + ts_offset_;
    return report;
  }
  if (now - first_arrival_ < kSenderReportWait) return std::nullopt;
  report.ntp = to_ntp(utc);
  report.rtp_ts = last_rtp_ts_ + to_ticks(now - last_arrival_, receiver.clock_rate());
  return report;
}

}  // namespace noir
