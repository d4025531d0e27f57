#include "sim/media_recorder.hpp"

#include <algorithm>

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kReorderPatience = milliseconds(20);
constexpr Duration kNackInterval = milliseconds(120);
constexpr Duration kGiveUp = seconds(2);
constexpr Duration kKeyframePatience = milliseconds(100);
constexpr std::size_t kMaxNacksAtOnce = 256;

}  // namespace

MediaRecorder::MediaRecorder(const ReceiveParams& params)
    : params_(params), delays_(std::make_unique<DelayHistogram>()), slots_(kWindow) {}

void MediaRecorder::handle_rtp(Instant now, const RtpView& rtp, ByteSpan packet) {
  std::uint16_t seq = rtp.seq;
  ByteSpan payload = packet.subspan(rtp.header_size, rtp.payload_size);
  if (params_.rtx_ssrc != 0 && rtp.ssrc == params_.rtx_ssrc) {
    if (payload.empty()) ++recorded_.rtx_padding;
    if (payload.size() < 2) return;
    seq = load_be16(payload.data());  // RFC 4588 §4: OSN.
    payload = payload.subspan(2);
    ++recorded_.rtx_packets;
  }
  if (!rtp.mid.empty()) recorded_.mid = rtp.mid;
  if (!recorded_.first_packet_at) recorded_.first_packet_at = now;
  const bool first = !unwrapper_.started();
  const std::uint64_t before = unwrapper_.highest();
  const std::uint64_t ext_seq = unwrapper_.unwrap(seq);
  if (first) first_ = next_ = ext_seq;
  if (!first && ext_seq > before) notice_missing(now, before + 1, ext_seq);
  Slot& s = slot(ext_seq);
  if (ext_seq < next_ || has(ext_seq)) {
    ++recorded_.duplicates;
    return;
  }
  if (ext_seq < unwrapper_.highest()) --missing_;
  if (s.ext_seq == ext_seq && s.nacks > 0) ++recorded_.recovered;
  ++recorded_.packets;
  if (!payload.empty()) listener_({ext_seq, rtp.rtp_ts, rtp.marker, payload});
  s = Slot{.ext_seq = ext_seq, .filled = true, .marker = rtp.marker, .rtp_ts = rtp.rtp_ts};
  s.padding = payload.empty();
  if (s.padding) {
    ++recorded_.padding_only;
  } else if (!parse_payload(rtp, payload, s)) {
    ++recorded_.payload_errors;
  } else if (rtp.ssrc == params_.ssrc) {
    delays_->add(now - s.content.sent);
  }
  advance(now);
}

void MediaRecorder::handle_sender_report(Instant now, const SenderReport& report) {
  ++recorded_.sender_reports;
  last_report_ = report;
  last_report_at_ = now;
}

void MediaRecorder::notice_missing(Instant now, std::uint64_t from, std::uint64_t to) {
  while (to - next_ >= kWindow) skip_missing();
  for (std::uint64_t ext_seq = std::max(from, next_); ext_seq < to; ++ext_seq) {
    slot(ext_seq) = Slot{.ext_seq = ext_seq, .noticed = now, .next_nack = now + kReorderPatience};
    ++missing_;
  }
}

bool MediaRecorder::parse_payload(const RtpView& rtp, ByteSpan payload, Slot& s) {
  if (rtp.payload_type != params_.payload_type && rtp.ssrc == params_.ssrc) return false;
  ByteReader reader(payload);
  if (params_.codec == Codec::kVp8) {
    if (!parse_vp8(reader, s)) return false;
  } else if (params_.codec == Codec::kOpus) {
    reader.skip(1);
    s.frame_start = s.keyframe = true;
  } else {
    return false;  // Whoever listens looks at these.
  }
  s.content.frame = reader.u32();
  s.content.packet = reader.u16();
  s.content.packets = reader.u16();
  s.content.sent = Instant(Duration(static_cast<Duration::rep>(reader.u64())));
  if (!reader.ok()) return false;
  const ByteSpan filler = reader.take(reader.remaining());
  for (std::size_t i = 0; i < filler.size(); ++i) {
    if (filler[i] != s.content.filler(i)) return false;
  }
  return true;
}

// The descriptor as `SyntheticSource` writes it (RFC 7741 §4.2): X, I with 15 bits, L, T.
bool MediaRecorder::parse_vp8(ByteReader& reader, Slot& s) const {
  const std::uint8_t required = reader.u8();
  const std::uint8_t extension = reader.u8();
  if ((required & 0x80) == 0 || extension != 0xE0) return false;
  s.frame_start = (required & 0x10) != 0;
  s.picture_id = static_cast<std::uint16_t>(reader.u16() & 0x7FFF);
  reader.skip(2);
  if (!s.frame_start) return reader.ok();
  s.keyframe = (reader.u8() & 1) == 0;
  reader.skip(s.keyframe ? 9 : 2);
  return reader.ok();
}

std::vector<std::uint16_t> MediaRecorder::due_nacks(Instant now) {
  std::vector<std::uint16_t> seqs;
  if (!params_.nack || missing_ == 0) return seqs;
  for (std::uint64_t ext_seq = next_; ext_seq < unwrapper_.highest(); ++ext_seq) {
    Slot& s = slot(ext_seq);
    if (s.filled || s.nacks >= most_nacks_ || s.next_nack > now || seqs.size() == kMaxNacksAtOnce) continue;
    s.next_nack = now + kNackInterval;
    ++s.nacks;
    ++recorded_.nacked;
    seqs.push_back(static_cast<std::uint16_t>(ext_seq));
  }
  return seqs;
}

void MediaRecorder::handle_timeout(Instant now) {
  if (missing_ > 0 && !has(next_) && now - slot(next_).noticed >= kKeyframePatience) {
    if (const auto keyframe = complete_keyframe_ahead()) {
      while (next_ < *keyframe) skip_missing();
      advance(now);
    }
  }
  while (missing_ > 0 && !has(next_) && now - slot(next_).noticed >= kGiveUp) {
    skip_missing();
    advance(now);
  }
}

// As a decoder does: what is lost before a key frame is not waited for.
std::optional<std::uint64_t> MediaRecorder::complete_keyframe_ahead() {
  std::optional<std::uint64_t> start;
  for (std::uint64_t ext_seq = next_; ext_seq <= unwrapper_.highest(); ++ext_seq) {
    if (!has(ext_seq)) {
      start.reset();
      continue;
    }
    const Slot& s = slot(ext_seq);
    if (s.frame_start) start = s.keyframe ? std::optional(ext_seq) : std::nullopt;
    if (start && s.marker) return start;
  }
  return std::nullopt;
}

void MediaRecorder::advance(Instant now) {
  while (next_ <= unwrapper_.highest() && has(next_)) take_in_order(now, slot(next_++));
}

// The packet at `next_` will not come any more (or is looked at now, when the window has to move).
void MediaRecorder::skip_missing() {
  const std::uint64_t skipped = next_++;
  const Slot& s = slot(skipped);
  if (has(skipped)) {
    take_in_order(recorded_.last_frame_at, s);
    return;
  }
  if (s.ext_seq == skipped) --missing_;
  ++recorded_.lost;
  if (in_frame_) ++recorded_.broken_frames;
  in_frame_ = false;
  decodable_ = false;
  last_picture_id_.reset();
}

void MediaRecorder::take_in_order(Instant now, const Slot& s) {
  if (s.padding) return;
  if (last_rtp_ts_ && static_cast<std::int32_t>(s.rtp_ts - *last_rtp_ts_) < 0) ++recorded_.timestamp_errors;
  if (s.content.packet == 0) {
    begin_frame(s);
  } else if (in_frame_ && (s.content.frame != frame_->frame || s.content.packet != next_packet_)) {
    ++recorded_.broken_frames;
    in_frame_ = decodable_ = false;
  } else if (in_frame_ && s.rtp_ts != *last_rtp_ts_) {
    ++recorded_.timestamp_errors;
  }
  last_rtp_ts_ = s.rtp_ts;
  if (!in_frame_) return;
  ++next_packet_;
  const bool last = s.content.packet + 1 == s.content.packets;
  if (params_.codec != Codec::kOpus && s.marker != last) ++recorded_.payload_errors;
  if (last) end_frame(now);
}

void MediaRecorder::begin_frame(const Slot& s) {
  if (in_frame_) ++recorded_.broken_frames;  // The one before never ended.
  const bool follows = frame_ && s.content.frame == frame_->frame + 1 && !in_frame_;
  if (params_.codec == Codec::kVp8 && last_picture_id_ &&
      s.picture_id != static_cast<std::uint16_t>((*last_picture_id_ + 1) & 0x7FFF)) {
    ++recorded_.picture_id_gaps;
  }
  decodable_ = s.keyframe || (decodable_ && follows);
  if (s.keyframe && params_.codec != Codec::kOpus) ++recorded_.keyframes;
  last_picture_id_ = s.picture_id;
  frame_ = s.content;
  next_packet_ = 0;
  in_frame_ = true;
}

void MediaRecorder::end_frame(Instant now) {
  in_frame_ = false;
  if (!decodable_) {
    ++recorded_.broken_frames;
    return;
  }
  ++recorded_.frames;
  if (!recorded_.first_frame_at) {
    recorded_.first_frame_at = now;
  } else {
    recorded_.longest_freeze = std::max(recorded_.longest_freeze, now - recorded_.last_frame_at);
  }
  recorded_.last_frame_at = now;
}

std::optional<ReportBlock> MediaRecorder::report_block(Instant now) {
  if (!unwrapper_.started()) return std::nullopt;
  const std::uint64_t expected = unwrapper_.highest() - first_ + 1;
  const std::uint64_t expected_since = expected - reported_expected_;
  const std::uint64_t received_since = recorded_.packets - reported_received_;
  ReportBlock block{.ssrc = params_.ssrc};
  if (expected_since > received_since) {
    block.fraction_lost = static_cast<std::uint8_t>((expected_since - received_since) * 255 / expected_since);
  }
  block.cumulative_lost = static_cast<std::int32_t>(expected) - static_cast<std::int32_t>(recorded_.packets);
  block.highest_seq = static_cast<std::uint32_t>(unwrapper_.highest() - SeqUnwrapper::kCycle);
  if (last_report_) {
    block.last_sr = static_cast<std::uint32_t>(last_report_->ntp >> 16);
    const std::chrono::duration<double> since = now - last_report_at_;
    block.delay_since_last_sr = static_cast<std::uint32_t>(since.count() * 65536);
  }
  reported_expected_ = expected;
  reported_received_ = recorded_.packets;
  return block;
}

std::optional<double> MediaRecorder::newest_ntp_s() const {
  return last_rtp_ts_ ? ntp_s_of(*last_rtp_ts_) : std::nullopt;
}

std::optional<double> MediaRecorder::ntp_s_of(std::uint32_t rtp_ts) const {
  if (!last_report_) return std::nullopt;
  const double clock_rate = params_.codec == Codec::kOpus ? 48'000 : 90'000;
  const auto ticks = static_cast<std::int32_t>(rtp_ts - last_report_->rtp_ts);
  return static_cast<double>(last_report_->ntp) / 4294967296.0 + ticks / clock_rate;
}

}  // namespace noir
