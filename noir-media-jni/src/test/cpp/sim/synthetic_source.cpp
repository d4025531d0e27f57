#include "sim/synthetic_source.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace noir {

namespace {

constexpr std::size_t kMaxPacket = 1500;
constexpr std::uint8_t kPaddingSize = 224;         // What libwebrtc pads with.
constexpr std::uint16_t kOneByteProfile = 0xBEDE;  // RFC 8285 §4.2

// abs-send-time: 24 bits of seconds in 6.18 fixed point.
std::uint32_t abs_send_time(Instant now) {
  const auto nanos = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return static_cast<std::uint32_t>(((nanos % 64'000'000'000ULL) << 18) / 1'000'000'000ULL) & 0xFFFFFF;
}

void write_element(ByteWriter& out, std::uint8_t id, ByteSpan value) {
  if (id == 0 || value.empty()) return;
  out.u8(static_cast<std::uint8_t>((id << 4) | (value.size() - 1)));
  out.bytes(value);
}

ByteSpan as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

SyntheticSource::SyntheticSource(SourceParams params, Instant start)
    : params_(std::move(params)),
      clock_rate_(params_.codec == Codec::kOpus ? 48'000 : 90'000),
      start_(start),
      next_frame_at_(start),
      next_index_(params_.first_seq),
      history_(kHistory) {}

void SyntheticSource::set_paused(Instant now, bool paused) {
  if (paused_ && !paused) next_frame_at_ = now;
  paused_ = paused;
}

OutPacket SyntheticSource::Sent::out_packet(std::uint32_t ssrc) const {
  OutPacket packet;
  packet.index = index;
  packet.ssrc = ssrc;
  packet.header_size = static_cast<std::uint16_t>(header_size);
  std::memcpy(packet.head.data(), bytes.data(), header_size);
  packet.payload = ByteSpan(bytes).subspan(header_size);
  return packet;
}

std::vector<const SyntheticSource::Sent*> SyntheticSource::make_frame(SendContext& context) {
  std::vector<const Sent*> packets;
  const bool keyframe = params_.codec != Codec::kOpus && std::exchange(keyframe_wanted_, false);
  if (keyframe) {
    ++keyframes_;
    last_keyframe_ = context.now;
  }
  rtp_ts_ = rtp_ts_at(next_frame_at_);
  SyntheticContent content{.frame = frame_, .packet = 0, .packets = 1, .sent = context.now};
  if (params_.codec != Codec::kOpus) {
    content.packets = static_cast<std::uint16_t>(keyframe ? params_.keyframe_packets : params_.packets_per_frame);
  }
  for (; content.packet < content.packets; ++content.packet) {
    const bool marker = params_.codec != Codec::kOpus && content.packet + 1 == content.packets;
    packets.push_back(append(context, content, keyframe, marker));
  }
  for (std::size_t i = 0; i < params_.paddings_per_frame; ++i) packets.push_back(append_padding(context));
  ++frame_;
  picture_id_ = static_cast<std::uint16_t>((picture_id_ + 1) & 0x7FFF);
  ++tl0_pic_idx_;
  next_frame_at_ += params_.frame_interval;
  return packets;
}

const SyntheticSource::Sent* SyntheticSource::find(std::uint16_t seq) const {
  const Sent& sent = history_[seq % kHistory];
  return !sent.bytes.empty() && static_cast<std::uint16_t>(sent.index) == seq ? &sent : nullptr;
}

std::uint32_t SyntheticSource::rtp_ts_at(Instant now) const {
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(elapsed_s * clock_rate_)) + 1000U;
}

const SyntheticSource::Sent* SyntheticSource::append(SendContext& context, const SyntheticContent& content,
                                                     bool keyframe, bool marker) {
  std::array<std::uint8_t, kMaxPacket> bytes;
  ByteWriter out(bytes);
  write_header(out, context, marker, false);
  const std::size_t header_size = out.size();
  if (params_.codec == Codec::kVp8) {
    write_vp8(out, content, keyframe);
  } else {
    out.u8(0x78);  // RFC 6716 §3.1: a 20 ms frame.
  }
  out.u32(content.frame);
  out.u16(content.packet);
  out.u16(content.packets);
  out.u64(static_cast<std::uint64_t>(content.sent.time_since_epoch().count()));
  const std::size_t fixed = out.size() - header_size;
  for (std::size_t i = 0; i + fixed < params_.payload_size; ++i) out.u8(content.filler(i));
  return keep(out, header_size);
}

const SyntheticSource::Sent* SyntheticSource::append_padding(SendContext& context) {
  std::array<std::uint8_t, kMaxPacket> bytes;
  ByteWriter out(bytes);
  write_header(out, context, false, true);
  const std::size_t header_size = out.size();
  out.zeros(kPaddingSize - 1);
  out.u8(kPaddingSize);
  ++padding_count_;
  return keep(out, header_size);
}

void SyntheticSource::write_header(ByteWriter& out, SendContext& context, bool marker, bool padding) const {
  out.u8(static_cast<std::uint8_t>(0x90 | (padding ? 0x20 : 0)));  // V=2, X=1.
  out.u8(static_cast<std::uint8_t>((marker ? 0x80 : 0) | params_.payload_type));
  out.u16(static_cast<std::uint16_t>(next_index_));
  out.u32(rtp_ts_);
  out.u32(params_.ssrc);
  write_extensions(out, context, context.extensions.rid);
}

void SyntheticSource::write_extensions(ByteWriter& out, SendContext& context, std::uint8_t rid) const {
  std::array<std::uint8_t, 128> bytes;
  ByteWriter block(bytes);
  const ExtensionIds& ids = context.extensions;
  if (params_.announces_mid) write_element(block, ids.mid, as_bytes(params_.mid));
  write_element(block, rid, as_bytes(params_.rid));
  std::array<std::uint8_t, 3> value;
  store_be24(value.data(), abs_send_time(context.now));
  write_element(block, ids.abs_send_time, value);
  if (ids.transport_sequence != 0) {
    store_be16(value.data(), context.transport_seq++);
    write_element(block, ids.transport_sequence, ByteSpan(value).first(2));
  }
  if (params_.codec == Codec::kOpus) {
    value[0] = audio_level_;
    write_element(block, ids.audio_level, ByteSpan(value).first(1));
  }
  block.zeros((4 - block.size() % 4) % 4);
  out.u16(kOneByteProfile);
  out.u16(static_cast<std::uint16_t>(block.size() / 4));
  out.bytes(block.written());
}

SyntheticSource::Sent SyntheticSource::make_rtx(SendContext& context, const Sent* sent) {
  std::array<std::uint8_t, kMaxPacket> bytes;
  ByteWriter out(bytes);
  const bool padding = sent == nullptr;
  out.u8(static_cast<std::uint8_t>(0x90 | (padding ? 0x20 : 0)));
  out.u8(static_cast<std::uint8_t>((padding ? 0 : sent->bytes[1] & 0x80) | params_.rtx_payload_type));
  out.u16(static_cast<std::uint16_t>(next_rtx_index_));
  out.u32(padding ? rtp_ts_ : load_be32(sent->bytes.data() + 4));
  out.u32(params_.rtx_ssrc);
  write_extensions(out, context, context.extensions.repaired_rid);
  Sent rtx{.bytes = {}, .index = next_rtx_index_++, .header_size = out.size()};
  if (padding) {
    out.zeros(kPaddingSize - 1);
    out.u8(kPaddingSize);
  } else {
    out.u16(static_cast<std::uint16_t>(sent->index));
    out.bytes(ByteSpan(sent->bytes).subspan(sent->header_size));
  }
  rtx.bytes.assign(out.written().begin(), out.written().end());
  return rtx;
}

// RFC 7741 §4.2 and §4.3, and the first bytes of the frame itself (RFC 6386 §9.1).
void SyntheticSource::write_vp8(ByteWriter& out, const SyntheticContent& content, bool keyframe) const {
  const bool frame_start = content.packet == 0;
  out.u8(static_cast<std::uint8_t>(0x80 | (frame_start ? 0x10 : 0)));  // X, S.
  out.u8(0xE0);                                                        // I, L, T.
  out.u16(static_cast<std::uint16_t>(0x8000 | picture_id_));           // M: 15 bits.
  out.u8(tl0_pic_idx_);
  out.u8(0);  // TID 0.
  if (!frame_start) return;
  out.u8(keyframe ? 0x10 : 0x11);  // show_frame, and P = 0 for a key frame.
  out.u16(0);
  if (!keyframe) return;
  out.u24(0x9D012A);
  for (const std::uint16_t side : {params_.width, params_.height}) {  // Little-endian.
    out.u8(static_cast<std::uint8_t>(side & 0xFF));
    out.u8(static_cast<std::uint8_t>(side >> 8));
  }
}

const SyntheticSource::Sent* SyntheticSource::keep(const ByteWriter& out, std::size_t header_size) {
  Sent& sent = history_[next_index_ % kHistory];
  const auto written = out.written();
  sent.bytes.assign(written.begin(), written.end());
  sent.index = next_index_++;
  sent.header_size = header_size;
  ++packets_;
  octets_ += written.size() - header_size;
  return &sent;
}

}  // namespace noir
