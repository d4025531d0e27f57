#include "sfu/injected_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "forward/codec/opus.hpp"

namespace noir {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::uint8_t kVersion = 0x80;
constexpr std::uint8_t kPadding = 0x20;
constexpr std::uint8_t kMarker = 0x80;
constexpr std::array<std::uint8_t, 1> kOneOfPadding{1};
// Containers round times, and what a decoder takes for a gap is heard: sound goes on where it has ended unless its
// time is further away than this part of a second.
constexpr std::uint32_t kRoundingPerSecond = 200;

bool is_audio(Codec codec) { return codec == Codec::kOpus; }

}  // namespace

Status InjectedStream::packetize(Instant captured, const SourceFrame& frame, PacketPool& pool,
                                 std::vector<PacketRef>& out) {
  const bool audio = is_audio(codec_.codec);
  if (waits_ && !frame.key && !audio) return ErrorCode::kWrongState;
  waits_ = !packetizer_.packetize(frame, payloads_);
  if (waits_) return ErrorCode::kMalformed;
  const std::size_t begin = out.size();
  const std::uint16_t first_seq = seq_;
  const auto rtp_ts = static_cast<std::uint32_t>(next_ticks(captured, frame) + start_.rtp_ts);
  bool room = has_begun() || append(kVersion | kPadding, 0, rtp_ts, kOneOfPadding, pool, out);
  for (std::size_t i = 0; room && i < payloads_.size(); ++i) {
    const bool last = i + 1 == payloads_.size();
    room = append(kVersion, last && !audio ? kMarker : std::uint8_t{0}, rtp_ts, payloads_[i], pool, out);
  }
  if (!room) {
    seq_ = first_seq;
    out.resize(begin);
    waits_ = true;
    return ErrorCode::kLimitExceeded;
  }
  packets_ += static_cast<std::uint32_t>(payloads_.size());
  octets_ += static_cast<std::uint32_t>(frame.bytes.size());
  return kOk;
}

bool InjectedStream::append(std::uint8_t first, std::uint8_t marker, std::uint32_t rtp_ts, ByteSpan payload,
                            PacketPool& pool, std::vector<PacketRef>& out) {
  PacketRef packet = pool.take(kHeader + payload.size());
  if (!packet) return false;
  ByteWriter header(packet->storage());
  header.u8(first);
  header.u8(marker | codec_.payload_type);
  header.u16(seq_++);
  header.u32(rtp_ts);
  header.u32(start_.ssrc);
  header.bytes(payload);
  packet->set_size(header.size());
  out.push_back(std::move(packet));
  return true;
}

std::uint64_t InjectedStream::ticks_at(Instant at) const {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto nanos = static_cast<std::uint64_t>(std::max<std::int64_t>(at.time_since_epoch().count(), 0));
  return nanos / kSecond * codec_.clock_rate + nanos % kSecond * codec_.clock_rate / kSecond;
}

// A frame is never earlier than the one before it.
std::uint64_t InjectedStream::next_ticks(Instant captured, const SourceFrame& frame) {
  std::uint64_t ticks = ticks_at(captured);
  const std::uint64_t away = ticks > expected_ ? ticks - expected_ : expected_ - ticks;
  if (expected_ != 0 && away <= codec_.clock_rate / kRoundingPerSecond) ticks = expected_;
  ticks = std::max(ticks, last_ticks_ + 1);
  last_ticks_ = ticks;
  last_captured_ = std::max(last_captured_, captured);
  const std::uint32_t duration = is_audio(codec_.codec) ? opus_duration(frame.bytes) : 0;
  expected_ = duration != 0 ? ticks + duration : 0;
  return ticks;
}

SenderReport InjectedStream::report(Instant now, std::uint64_t ntp) const {
  SenderReport report;
  report.ssrc = start_.ssrc;
  report.ntp = ntp;
  report.rtp_ts = static_cast<std::uint32_t>(ticks_at(now) + start_.rtp_ts);
  report.packet_count = packets_;
  report.octet_count = octets_;
  return report;
}

}  // namespace noir
