#include "forward/track.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "rtp/red.hpp"
#include "rtp/rtx.hpp"

namespace noir {

namespace {

// An encoding has stopped when another one goes on for so many frames and so long without it. Frames, because a still
// screen makes few of them; time, because encodings come in bursts.
constexpr unsigned kSilentFrames = 12;
constexpr Duration kSilentTime = std::chrono::milliseconds(400);

FrameSize scaled_down(FrameSize size, std::size_t steps) {
  return {static_cast<std::uint16_t>(size.width >> steps), static_cast<std::uint16_t>(size.height >> steps)};
}

FrameSize scaled_up(FrameSize size, std::size_t steps) {
  const auto up = [&](std::uint32_t n) {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(n << steps, 0xFFFF));
  };
  return {up(size.width), up(size.height)};
}

}  // namespace

Track::Track(TrackParams params) : params_(std::move(params)) {
  NOIR_CHECK(!params_.encodings.empty() && params_.encodings.size() <= kMaxEncodings);
  receivers_.reserve(params_.encodings.size());
  for (std::size_t i = 0; i < params_.encodings.size(); ++i) {
    receivers_.emplace_back(params_, static_cast<std::uint8_t>(i));
  }
  codec_of_payload_type_.fill(kNoCodec);
  // Media behind repairs: a number that claims to be both is media.
  const std::size_t codecs = std::min<std::size_t>(params_.codecs.size(), kRepairs - 1);
  for (std::size_t i = 0; i < codecs; ++i) {
    const std::uint8_t rtx = params_.codecs[i].rtx_payload_type;
    if (rtx != 0) codec_of_payload_type_[rtx & 0x7F] = static_cast<std::uint8_t>(kRepairs + i);
  }
  for (std::size_t i = 0; i < codecs; ++i) {
    codec_of_payload_type_[params_.codecs[i].payload_type & 0x7F] = static_cast<std::uint8_t>(i);
  }
}

std::optional<MediaPacket> Track::handle_rtp(Instant now, PacketRef buffer, const RtpView& rtp, std::uint8_t encoding) {
  const std::uint8_t codec = codec_of_payload_type_[rtp.payload_type & 0x7F];
  if (codec >= kRepairs || encoding >= receivers_.size()) return std::nullopt;
  if (is_red(rtp) && !is_red_of_opus(buffer->bytes().subspan(rtp.header_size, rtp.payload_size))) return std::nullopt;
  Receiver& receiver = receivers_[encoding];
  auto packet = receiver.handle_rtp(now, std::move(buffer), rtp, params_.codecs[codec]);
  if (!packet) return std::nullopt;
  if (packet->payload_size > 0) mark_active(now, encoding, packet->marker);
  handle_allocation(rtp.layers_allocation, *packet);
  return finish(receiver, std::move(packet));
}

// What is known not to be made is not active any more, without waiting for its silence.
void Track::handle_allocation(ByteSpan bytes, const MediaPacket& packet) {
  if (bytes.empty()) return;
  const auto allocation = parse_layers_allocation(bytes);
  if (!allocation) return;
  if (announced_ == nullptr) announced_ = std::make_unique<AnnouncedLayers>();
  announced_->handle(*allocation, packet, receivers_.size());
  active_encodings_ &= static_cast<std::uint8_t>(~announced_->paused() | 1U << packet.encoding);
}

// An encoding is not active by what it repeats: that is older than what has shown it.
std::optional<MediaPacket> Track::handle_repair(Instant now, PacketRef buffer, const RtpView& rtp,
                                                std::uint8_t encoding) {
  if (use_of(rtp.payload_type) != Use::kRepair || encoding >= receivers_.size()) return std::nullopt;
  const auto original = unwrap_rtx(buffer->bytes(), rtp);
  if (!original) return std::nullopt;
  const CodecParams& codec = params_.codecs[codec_of_payload_type_[rtp.payload_type & 0x7F] - kRepairs];
  const ByteSpan payload = buffer->bytes().subspan(original->header_size, original->payload_size);
  if (codec.codec == Codec::kRed && !is_red_of_opus(payload)) return std::nullopt;
  Receiver& receiver = receivers_[encoding];
  auto packet = receiver.handle_repair(now, std::move(buffer), *original, codec);
  if (packet) handle_allocation(original->layers_allocation, *packet);
  return finish(receiver, std::move(packet));
}

bool Track::is_red(const RtpView& rtp) const {
  const std::uint8_t codec = codec_of_payload_type_[rtp.payload_type & 0x7F];
  return codec < kRepairs && params_.codecs[codec].codec == Codec::kRed && !rtp.is_padding_only();
}

bool Track::is_red_of_opus(ByteSpan payload) const {
  const auto red = parse_red(payload);
  if (!red) return false;
  const std::uint8_t codec = codec_of_payload_type_[red->payload_type];
  return codec < kRepairs && params_.codecs[codec].codec == Codec::kOpus;
}

bool Track::misses_repeats_of(const RtpView& rtp, std::uint8_t encoding) const {
  return encoding < receivers_.size() && is_red(rtp) && receivers_[encoding].misses_any();
}

// RED has no sequence numbers: a repeat stands for the packet that is so many before only if all packets between are as
// long (RFC 2198 §4 would have receivers go by time).
std::optional<MediaPacket> Track::handle_redundancy(Instant now, const PacketRef& buffer, const RtpView& rtp,
                                                    std::uint8_t encoding, std::size_t before) {
  const auto red = parse_red(buffer->bytes().subspan(rtp.header_size, rtp.payload_size));
  if (!red || before == 0 || before > red->repeat_count) return std::nullopt;
  const RedPacket::Block& block = red->repeats.at(red->repeat_count - before);
  const RedPacket::Block& nearest = red->repeats.at(red->repeat_count - 1);
  if (block.size == 0 || block.ts_offset == 0 || block.ts_offset != nearest.ts_offset * before) return std::nullopt;
  RtpView repeated;
  repeated.seq = static_cast<std::uint16_t>(rtp.seq - before);
  repeated.rtp_ts = rtp.rtp_ts - block.ts_offset;
  repeated.header_size = static_cast<std::uint16_t>(rtp.header_size + block.at);
  repeated.payload_size = block.size;
  Receiver& receiver = receivers_[encoding];
  const CodecParams& codec = params_.codecs[codec_of_payload_type_[red->payload_type]];
  return finish(receiver, receiver.handle_repair(now, buffer, repeated, codec));
}

std::optional<MediaPacket> Track::finish(Receiver& receiver, std::optional<MediaPacket> packet) {
  if (squelched_ || !packet) return std::nullopt;
  packet->active_encodings = active_encodings_;
  receiver.remember(*packet);
  packet->history = receiver.history();
  return packet;
}

void Track::mark_active(Instant now, std::uint8_t encoding, bool frame_end) {
  const auto bit = static_cast<std::uint8_t>(1U << encoding);
  seen_encodings_ |= bit;
  active_encodings_ |= bit;
  activity_[encoding] = {now, 0};
  if (!frame_end || active_encodings_ == bit) return;
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    Activity& other = activity_[i];
    if (i == encoding || ++other.frames_without < kSilentFrames || now - other.last_packet < kSilentTime) continue;
    active_encodings_ &= static_cast<std::uint8_t>(~(1U << i));
  }
}

bool Track::handle_sender_report(Instant now, const SenderReport& report) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if (receivers_[i].ssrc() != report.ssrc || report.ssrc == 0) continue;
    receivers_[i].handle_sender_report(now, report);
    fresh_clocks_ |= static_cast<std::uint8_t>(1U << i);
    return true;
  }
  return false;
}

void Track::handle_mirrored(const MediaPacket& packet) {
  if (packet.encoding >= receivers_.size()) return;
  mark_active(packet.arrival, packet.encoding, packet.marker);
  receivers_[packet.encoding].handle_mirrored(packet);
}

void Track::set_clock(std::uint8_t encoding, const SourceClock& clock) {
  if (encoding < receivers_.size()) receivers_[encoding].set_clock(clock);
}

void Track::set_size(std::uint8_t encoding, FrameSize size) {
  if (encoding < receivers_.size()) receivers_[encoding].set_size(size);
}

void Track::set_squelched(bool squelched) {
  squelched_ = squelched;
  for (Receiver& receiver : receivers_) receiver.set_squelched(squelched);
}

void Track::request_keyframe(Instant now, std::uint8_t encoding) {
  if (encoding < receivers_.size()) receivers_[encoding].request_keyframe(now);
}

Instant Track::next_timeout() const {
  Instant next = kNever;
  for (const Receiver& receiver : receivers_) next = std::min(next, receiver.next_timeout());
  return next;
}

void Track::poll_rtcp(Instant now, std::uint32_t sender_ssrc, ByteWriter& out) {
  for (Receiver& receiver : receivers_) receiver.poll_rtcp(now, sender_ssrc, out);
}

std::size_t Track::report_blocks(Instant now, std::span<ReportBlock> out) {
  std::size_t count = 0;
  for (Receiver& receiver : receivers_) {
    if (count == out.size()) break;
    if (const auto block = receiver.report_block(now)) out[count++] = *block;
  }
  return count;
}

const MediaPacket* Track::find(std::uint8_t encoding, std::uint64_t ext_seq) const {
  return encoding < receivers_.size() ? receivers_[encoding].find(ext_seq) : nullptr;
}

void Track::handle_goodbye(std::uint32_t ssrc) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if (ssrc != 0 && receivers_[i].ssrc() == ssrc) active_encodings_ &= static_cast<std::uint8_t>(~(1U << i));
  }
}

std::uint8_t Track::available_encodings(Instant now) const {
  std::uint8_t available = active_encodings_;
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if (now - activity_[i].last_packet >= kPause) available &= static_cast<std::uint8_t>(~(1U << i));
  }
  return available;
}

FrameSize Track::said_size(std::size_t encoding) const {
  const FrameSize size = receivers_[encoding].size();
  if (size.width != 0 || announced_ == nullptr) return size;
  return announced_->size(static_cast<std::uint8_t>(encoding));
}

// An encoding that has not said its size has half that of the next one, or twice.
FrameSize Track::size_of(std::size_t encoding) const {
  for (std::size_t distance = 0; distance < receivers_.size(); ++distance) {
    if (encoding + distance < receivers_.size()) {
      const FrameSize size = said_size(encoding + distance);
      if (size.width != 0) return scaled_down(size, distance);
    }
    if (encoding >= distance) {
      const FrameSize size = said_size(encoding - distance);
      if (size.width != 0) return scaled_up(size, distance);
    }
  }
  return {};
}

std::uint8_t Track::enough_for(FrameSize shown) {
  const auto longer = [](FrameSize size) { return std::max(size.width, size.height); };
  if (longer(shown) == 0) return 0xFF;
  const bool layered = receivers_.size() == 1;
  const std::size_t best = layered ? receivers_[0].meter().highest().spatial : receivers_.size() - 1;
  for (std::size_t i = 0; i < best; ++i) {
    const FrameSize size = layered ? scaled_down(size_of(0), best - i) : size_of(i);
    if (longer(size) >= longer(shown)) return static_cast<std::uint8_t>(i);
  }
  return 0xFF;
}

// What is announced counts until a second has been measured: what encoders aim at and what they make are two things.
std::uint64_t Track::bitrate_of(Instant now, std::size_t encoding, Layer layer) {
  LayerMeter& meter = receivers_[encoding].meter();
  const std::uint64_t measured = meter.bitrate(now, layer);
  if (announced_ == nullptr || meter.settled(now)) return measured;
  return announced_->bitrate(static_cast<std::uint8_t>(encoding), layer).value_or(measured);
}

bool Track::is_made(std::size_t encoding, Layer layer) const {
  return announced_ == nullptr || !announced_->is_paused(static_cast<std::uint8_t>(encoding), layer.spatial);
}

Receiver::Totals Track::totals() const {
  Receiver::Totals all;
  for (const Receiver& receiver : receivers_) {
    all.expected += receiver.totals().expected;
    all.received += receiver.totals().received;
  }
  return all;
}

std::size_t Track::offered_layers(Instant now, std::span<OfferedLayer, kMaxOffered> out) {
  const std::uint8_t available = available_encodings(now);
  std::size_t count = 0;
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if ((seen_encodings_ >> i & 1U) == 0) continue;
    LayerMeter& meter = receivers_[i].meter();
    const bool layered = receivers_.size() == 1;  // Of several, a spatial layer is an encoding.
    const Layer highest = meter.highest();
    for (std::size_t s = layered ? 0 : highest.spatial; s <= highest.spatial; ++s) {
      const FrameSize size = scaled_down(size_of(i), highest.spatial - s);
      for (std::uint8_t t = 0; t <= highest.temporal && count < out.size(); ++t) {
        const Layer measured{static_cast<std::uint8_t>(s), t};
        out[count++] = {.layer = {static_cast<std::uint8_t>(layered ? s : i), t},
                        .width = size.width,
                        .height = size.height,
                        .bitrate = bitrate_of(now, i, measured),
                        .peak = meter.peak(now, measured),
                        .available = (available >> i & 1U) != 0 && is_made(i, measured)};
      }
    }
  }
  return count;
}

}  // namespace noir
