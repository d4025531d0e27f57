#include "forward/receiver.hpp"

#include <algorithm>
#include <array>

#include "rtp/rtcp_fir.hpp"
#include "rtp/rtcp_nack.hpp"
#include "rtp/rtcp_pli.hpp"

namespace noir {

namespace {

constexpr std::size_t kVideoPackets = 512;
constexpr std::size_t kAudioPackets = 64;
constexpr std::uint64_t kMaxPaddingRun = 64;

// RFC 6464 §3: 127 is digital silence, whatever the flag beside it says of a voice. Both set would read as no level.
std::uint8_t to_level(std::uint8_t octet) { return octet == MediaPacket::kAbsent ? 0x7F : octet; }

// Where an extension's value stands in the packet; 0 = nowhere, or behind more than anybody puts before it.
std::uint8_t place_of(ByteSpan value, const PacketBuffer& packet) {
  const auto at = value.empty() ? 0 : value.data() - packet.bytes().data();
  return at > 0xFF ? std::uint8_t{0} : static_cast<std::uint8_t>(at);
}

}  // namespace

Receiver::Receiver(const TrackParams& params, std::uint8_t encoding)
    : retransmission_buffer_(params.kind == MediaKind::kVideo ? kVideoPackets : kAudioPackets),
      kind_(params.kind),
      encoding_(encoding),
      nack_(params.nack),
      pli_(params.pli),
      fir_(params.fir) {}

std::optional<MediaPacket> Receiver::handle_rtp(Instant now, PacketRef buffer, const RtpView& rtp,
                                                const CodecParams& codec) {
  using Kind = ReceiveWindow::Outcome::Kind;
  if (ssrc_ != rtp.ssrc) window_.reset();
  const ReceiveWindow::Outcome seq = window_.handle_seq(rtp.seq);
  if (seq.kind == Kind::kDuplicate || seq.kind == Kind::kJump) return std::nullopt;
  if (seq.kind == Kind::kRestart) restart(rtp.ssrc, seq.ext_seq);
  clock_rate_ = codec.clock_rate;
  statistics_.handle_packet(now, seq.ext_seq, rtp.rtp_ts, codec.clock_rate);
  nack_generator_.handle_packet(now, seq.ext_seq);
  return prepare(now, std::move(buffer), rtp, codec, seq.ext_seq);
}

// Not counted by the statistics: the rtp stream has lost the packet, which came on another, and its time is no arrival.
std::optional<MediaPacket> Receiver::handle_repair(Instant now, PacketRef buffer, const RtpView& original,
                                                   const CodecParams& codec) {
  const auto gap = window_.find_gap(original.seq);
  if (!gap || !nack_generator_.misses(*gap)) return std::nullopt;
  window_.fill_gap(*gap);
  nack_generator_.handle_packet(now, *gap);
  ++repaired_;
  RtpView rtp = original;
  rtp.ssrc = ssrc_;
  rtp.payload_type = codec.payload_type;
  return prepare(now, std::move(buffer), rtp, codec, *gap);
}

std::optional<MediaPacket> Receiver::prepare(Instant now, PacketRef buffer, const RtpView& rtp,
                                             const CodecParams& codec, std::uint64_t ext_seq) {
  if (rtp.is_padding_only() && compactor_.drop(ext_seq)) return std::nullopt;

  MediaPacket packet = describe(now, std::move(buffer), rtp, codec);
  std::uint64_t keyframe = 0;
  if (!rtp.is_padding_only()) {
    if (!read_frame(packet, ext_seq)) return std::nullopt;
    keyframe = find_keyframe(packet, ext_seq);
    note_media(packet, ext_seq);
    measure(packet, keyframe != 0);
  }
  const std::optional<std::uint64_t> place = compactor_.map(ext_seq);
  if (!place) return std::nullopt;
  packet.ext_seq = *place;
  if (keyframe != 0) relate_to_keyframe(packet, keyframe);
  return packet;
}

MediaPacket Receiver::describe(Instant now, PacketRef buffer, const RtpView& rtp, const CodecParams& codec) {
  MediaPacket packet;
  packet.arrival = now;
  packet.ssrc = rtp.ssrc;
  packet.rtp_ts = rtp.rtp_ts;
  packet.clock_rate = codec.clock_rate;
  packet.header_size = rtp.header_size;
  packet.payload_size = rtp.payload_size;
  packet.payload_type = rtp.payload_type;
  packet.encoding = encoding_;
  packet.generation = generation_;
  packet.red = codec.codec == Codec::kRed && !rtp.is_padding_only();
  packet.codec = codec.codec == Codec::kRed ? Codec::kOpus : codec.codec;
  packet.marker = rtp.marker;
  packet.audio_level = rtp.audio_level ? to_level(*rtp.audio_level) : MediaPacket::kAbsent;
  packet.video_orientation = rtp.video_orientation.value_or(MediaPacket::kAbsent);
  if (const ByteSpan d = rtp.dependency_descriptor; !d.empty() && d.size() <= 0xFF) {
    packet.dependency_descriptor_at = static_cast<std::uint16_t>(d.data() - buffer->bytes().data());
    packet.dependency_descriptor_size = static_cast<std::uint8_t>(d.size());
  }
  packet.capture_time_at = place_of(rtp.capture_time, *buffer);
  packet.long_capture_time = rtp.capture_time.size() == 16;
  packet.playout_delay_at = place_of(rtp.playout_delay, *buffer);
  if (clock_.known()) {
    packet.has_timeline = true;
    packet.timeline_offset = clock_.timeline_offset(codec.clock_rate);
  }
  packet.buffer = std::move(buffer);
  return packet;
}

/// False when it belongs to what is over.
bool Receiver::read_frame(MediaPacket& packet, std::uint64_t ext_seq) {
  const auto outcome = frames_.read(packet, ext_seq, newest_);
  if (outcome == FrameReader::Outcome::kBeginsAnew) packet.generation = ++generation_;
  return outcome != FrameReader::Outcome::kOver;
}

/// The first packet of the key frame that a decoder can start with from now on; 0 = this is no such moment.
std::uint64_t Receiver::find_keyframe(MediaPacket& packet, std::uint64_t ext_seq) {
  if (kind_ != MediaKind::kVideo) return 0;
  const std::uint64_t first = frames_.find_keyframe(packet, ext_seq);
  if (first == 0) return 0;
  note_keyframe(packet.arrival);
  keyframe_requester_.handle_keyframe();
  nack_generator_.handle_keyframe(first);
  return first;
}

/// Both are numbers of the rtp stream, which down tracks do not know.
void Receiver::relate_to_keyframe(MediaPacket& packet, std::uint64_t first) {
  const std::uint64_t begin = compactor_.map(first).value_or(packet.ext_seq);
  const std::uint64_t end = std::max(compactor_.map(newest_.seq).value_or(0), packet.ext_seq);
  packet.keyframe_behind = static_cast<std::uint16_t>(std::min<std::uint64_t>(packet.ext_seq - begin, kVideoPackets));
  packet.keyframe_ahead = static_cast<std::uint16_t>(std::min<std::uint64_t>(end - packet.ext_seq, kVideoPackets));
}

void Receiver::note_media(const MediaPacket& packet, std::uint64_t ext_seq) {
  if (ext_seq <= newest_.seq) return;
  const FrameInfo& frame = packet.frame;
  // One picture complete, the next one begun: what is missing between them can only be padding. Nobody keeps padding
  // for a retransmission, so asking for it would end in a needless key frame.
  if (newest_.ended_picture && frame.picture_start && frame.has_picture && frame.picture == newest_.picture + 1 &&
      ext_seq - newest_.seq <= kMaxPaddingRun) {
    for (std::uint64_t s = newest_.seq + 1; s < ext_seq; ++s) (void)compactor_.drop(s);
    nack_generator_.forget_between(newest_.seq + 1, ext_seq);
  }
  newest_ = {ext_seq, frame.picture, frame.has_picture && frame.picture_end};
}

void Receiver::restart(std::uint32_t ssrc, std::uint64_t ext_seq) {
  // Packets that the network has put before the first one still find a place.
  constexpr std::uint64_t kSlack = 64;
  if (ssrc_ != 0) ++generation_;
  if (ssrc_ != ssrc) clock_.reset();
  ssrc_ = ssrc;
  compactor_.restart(ext_seq - kSlack, ext_seq - kSlack);
  earlier_ = totals();
  statistics_.restart();
  nack_generator_.restart();
  retransmission_buffer_.clear();
  frames_.restart();
  newest_ = {};
  nacked_ = repaired_ = keyframe_requests_ = keyframes_ = 0;
}

void Receiver::handle_sender_report(Instant now, const SenderReport& report) {
  const std::uint32_t packets_at = statistics_.rtp_ts_at(now, clock_rate_).value_or(report.rtp_ts);
  clock_.handle_sender_report(now, report, static_cast<std::int32_t>(report.rtp_ts - packets_at));
}

void Receiver::request_keyframe(Instant now) {
  if (kind_ == MediaKind::kVideo && (pli_ || fir_) && !squelched_ && ssrc_ != 0) keyframe_requester_.request(now);
}

void Receiver::set_squelched(bool squelched) {
  squelched_ = squelched;
  if (squelched) keyframe_requester_.cancel();
}

// All packets of a key frame have its time.
void Receiver::measure(const MediaPacket& packet, bool keyframe) {
  if (keyframe) keyframe_ts_ = packet.rtp_ts;
  meter_.handle_packet(packet.arrival, packet.frame.spatial_id, packet.frame.temporal_id, packet.buffer->bytes().size(),
                       keyframe_ts_ == packet.rtp_ts);
}

void Receiver::handle_mirrored(const MediaPacket& packet) {
  if (packet.generation != generation_) retransmission_buffer_.clear();
  if (packet.ssrc != ssrc_) clock_.reset();
  generation_ = packet.generation;
  ssrc_ = packet.ssrc;
  clock_rate_ = packet.clock_rate;
  measure(packet, packet.keyframe_start);
  remember(packet);
}

Instant Receiver::next_timeout() const {
  const Instant nack = nack_ ? nack_generator_.next_timeout() : kNever;
  return std::min(nack, keyframe_requester_.next_timeout());
}

void Receiver::poll_rtcp(Instant now, std::uint32_t sender_ssrc, ByteWriter& out) {
  if (nack_) poll_nacks(now, sender_ssrc, out);
  if (keyframe_requester_.due(now) && write_keyframe_request(sender_ssrc, out)) {
    keyframe_requester_.mark_sent(now);
    ++keyframe_requests_;
  }
}

bool Receiver::write_keyframe_request(std::uint32_t sender_ssrc, ByteWriter& out) {
  if (pli_) return write_picture_loss(out, sender_ssrc, ssrc_);
  if (!write_full_intra_request(out, sender_ssrc, ssrc_, fir_seq_)) return false;
  ++fir_seq_;
  return true;
}

void Receiver::poll_nacks(Instant now, std::uint32_t sender_ssrc, ByteWriter& out) {
  constexpr std::size_t kFixed = kRtcpHeaderSize + 8;
  std::array<std::uint16_t, NackGenerator::kMaxMissing> seqs{};
  // At worst each takes an item of its own.
  const std::size_t room = out.remaining() < kFixed ? 0 : (out.remaining() - kFixed) / 4;
  const std::size_t count = nack_generator_.poll(now, std::span(seqs).first(std::min(room, seqs.size())));
  if (count > 0 && write_nack(out, sender_ssrc, ssrc_, std::span(seqs).first(count))) {
    nacked_ += static_cast<std::uint32_t>(count);
  }
}

Receiver::Told Receiver::tell() const {
  return {.packets = statistics_.received(),
          .lost = statistics_.lost(),
          .jitter_ticks = statistics_.jitter(),
          .nacked = nacked_,
          .repaired = repaired_,
          .keyframe_requests = keyframe_requests_,
          .keyframes = keyframes_,
          .keyframe_at = keyframe_at_};
}

std::optional<ReportBlock> Receiver::report_block(Instant now) {
  if (!statistics_.has_news()) return std::nullopt;
  ReportBlock block = statistics_.make_block();
  block.ssrc = ssrc_;
  block.last_sr = clock_.last_sr();
  block.delay_since_last_sr = clock_.delay_since_last_sr(now);
  return block;
}

}  // namespace noir
