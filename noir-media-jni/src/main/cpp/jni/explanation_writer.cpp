#include "jni/explanation_writer.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/bytes.hpp"

namespace noir::wire {

namespace {

constexpr std::uint32_t kNever32 = 0xFFFFFFFF;

class Writer {
 public:
  Writer& u8(std::uint8_t value) { return number(value, 1); }
  Writer& flag(bool value) { return u8(value ? 1 : 0); }
  Writer& u16(std::uint16_t value) { return number(value, 2); }
  Writer& u32(std::uint32_t value) { return number(value, 4); }
  Writer& u64(std::uint64_t value) { return number(value, 8); }
  Writer& i64(std::int64_t value) { return u64(static_cast<std::uint64_t>(value)); }
  /// What does not fit is as much as does.
  Writer& size(std::size_t value) {
    return u32(static_cast<std::uint32_t>(std::min<std::size_t>(value, kNever32 - 1)));
  }
  Writer& micros(Duration value) {
    return u32(static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.count() / 1000, 0, kNever32 - 1)));
  }
  Writer& millis(Duration value) {
    return u32(static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.count() / 1'000'000, 0, kNever32 - 1)));
  }
  Writer& text(std::string_view value) {
    size(value.size());
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }
  Writer& layer(Layer value) { return u8(value.spatial).u8(value.temporal); }
  template <typename Address>
  Writer& raw(const Address& value) {
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  Writer& number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  std::vector<std::uint8_t> bytes_;
};

void write(Writer& out, const PathExplanation& path) {
  out.u16(path.path.local).raw(path.path.remote.ip).u16(path.path.remote.port);
  out.flag(path.proven).millis(path.silent).micros(path.round_trip);
}

void write(Writer& out, const BandwidthExplanation& b) {
  out.i64(b.estimate_bps).i64(b.wanted_bps).i64(b.sent_bps).i64(b.delivered_bps);
  out.i64(b.delay_limit_bps).i64(b.loss_limit_bps).i64(b.receiver_limit_bps);
  out.u8(static_cast<std::uint8_t>(b.limit)).u8(static_cast<std::uint8_t>(b.usage));
  out.micros(b.round_trip).micros(b.queue).micros(b.jitter);
  out.u16(static_cast<std::uint16_t>(b.loss_permille)).u16(static_cast<std::uint16_t>(b.own_loss_permille));
  out.u32(b.reports).u32(b.mismatched_reports).u64(b.octets).u64(b.padding_octets).flag(b.paced);
}

void write_age(Writer& out, const std::optional<Duration>& age) {
  if (age) {
    out.millis(*age);
  } else {
    out.u32(kNever32);
  }
}

void write(Writer& out, const EncodingExplanation& e) {
  out.text(e.rid).u32(e.ssrc).flag(e.active).u64(e.packets).i64(e.lost).micros(e.jitter).u64(e.bitrate);
  out.u16(e.width).u16(e.height).u32(e.nacked).u32(e.repaired);
  out.u32(e.keyframe_requests).u32(e.keyframes);
  write_age(out, e.since_keyframe);
}

void write(Writer& out, const ReceivedExplanation& track) {
  out.u32(track.id).text(track.mid).u8(static_cast<std::uint8_t>(track.kind)).flag(track.squelched);
  out.u16(static_cast<std::uint16_t>(track.encodings.size()));
  for (const EncodingExplanation& encoding : track.encodings) write(out, encoding);
}

void write_layers(Writer& out, const SentExplanation& track) {
  out.flag(track.muted).flag(track.sending).flag(track.undecodable).flag(track.waits_for_keyframe);
  out.u8(track.encoding).layer(track.layer).layer(track.wanted);
  out.u8(track.reason ? static_cast<std::uint8_t>(*track.reason) : SentExplanation::kNone);
  out.flag(track.allocated.has_value()).layer(track.allocated.value_or(Layer{})).u64(track.allocated_bps);
  out.u16(static_cast<std::uint16_t>(track.offered.size()));
  for (const OfferedLayer& offered : track.offered) {
    out.layer(offered.layer).u16(offered.width).u16(offered.height).u64(offered.bitrate).flag(offered.available);
  }
}

void write(Writer& out, const SentExplanation& track) {
  out.u32(track.id).text(track.mid).u8(static_cast<std::uint8_t>(track.kind));
  out.u32(track.packets).u32(track.octets).u32(track.nacked).u32(track.repeated).u32(track.keyframe_requests);
  out.flag(track.reported).u8(track.fraction_lost).u32(static_cast<std::uint32_t>(track.lost));
  out.u32(track.jitter_ticks).u32(track.clock_rate).micros(track.round_trip);
  write_age(out, track.since_keyframe);
  write_layers(out, track);
}

template <typename Part>
void write_optional(Writer& out, const std::optional<Part>& part) {
  out.flag(part.has_value());
  if (part) write(out, *part);
}

template <typename Part>
void write_list(Writer& out, const std::vector<Part>& parts) {
  out.u16(static_cast<std::uint16_t>(parts.size()));
  for (const Part& part : parts) write(out, part);
}

}  // namespace

std::vector<std::uint8_t> write_explanation(const TransportExplanation& explanation) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(explanation.role)).u8(static_cast<std::uint8_t>(explanation.state));
  out.text(explanation.dtls_suite).flag(explanation.dtls_client);
  out.u16(explanation.srtp ? static_cast<std::uint16_t>(*explanation.srtp) : std::uint16_t{0});
  write_optional(out, explanation.path);
  write_optional(out, explanation.bandwidth);
  out.size(explanation.waiting_packets).u32(explanation.waiting_octets).micros(explanation.waiting);
  out.size(explanation.tracks_left_out);
  write_list(out, explanation.received);
  write_list(out, explanation.sent);
  return out.take();
}

}  // namespace noir::wire
