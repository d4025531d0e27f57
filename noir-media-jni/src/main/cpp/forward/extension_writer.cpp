#include "forward/extension_writer.hpp"

#include <algorithm>
#include <cstring>

#include "forward/codec/dependency_descriptor.hpp"

namespace noir {

namespace {

constexpr std::size_t kBlockHeader = 4;
constexpr std::size_t kMaxOneByteSize = 16;
constexpr std::uint8_t kMaxOneByteId = 14;

// 6.18 fixed point seconds, modulo 64 s.
std::uint32_t to_abs_send_time(Instant t) {
  constexpr std::uint64_t kPeriodNanos = 64'000'000'000ULL;
  const auto nanos = static_cast<std::uint64_t>(t.time_since_epoch().count()) % kPeriodNanos;
  return static_cast<std::uint32_t>((nanos << 18) / 1'000'000'000ULL) & 0xFFFFFF;
}

struct Cursor {
  std::uint8_t* at;
  bool two_byte;

  // The element's header; its `size` octets go where the result points.
  std::uint8_t* begin(std::uint8_t id, std::size_t size) {
    if (two_byte) {
      *at++ = id;
      *at++ = static_cast<std::uint8_t>(size);
    } else {
      *at++ = static_cast<std::uint8_t>((unsigned{id} << 4) | (size - 1));
    }
    std::uint8_t* value = at;
    at += size;
    return value;
  }
};

}  // namespace

ExtensionWriter::ExtensionWriter(const ExtensionIds& ids, std::string_view mid, std::optional<PlayoutDelay> delay)
    : ids_(ids) {
  needs_two_byte_ =
      std::max({ids.mid, ids.audio_level, ids.abs_send_time, ids.video_orientation, ids.dependency_descriptor,
                ids.transport_sequence, ids.capture_time, ids.playout_delay}) > kMaxOneByteId;
  if (delay && ids.playout_delay != 0) {
    has_delay_ = true;
    store_be24(delay_.data(), (std::uint32_t{delay->min} & 0xFFFU) << 12 | (std::uint32_t{delay->max} & 0xFFFU));
  }
  if (ids.mid == 0 || mid.size() > kMaxMid) return;
  mid_size_ = static_cast<std::uint8_t>(mid.size());
  std::copy(mid.begin(), mid.end(), mid_.begin());
}

ExtensionWriter::Written ExtensionWriter::write(const MediaPacket& packet, std::uint16_t frame_number,
                                                std::uint8_t* out) const {
  const std::size_t descriptor = ids_.dependency_descriptor != 0 ? packet.dependency_descriptor_size : 0;
  Cursor to{out + kBlockHeader, needs_two_byte_ || descriptor > kMaxOneByteSize};
  Written written;
  if (ids_.transport_sequence != 0) {
    std::uint8_t* at = to.begin(ids_.transport_sequence, 2);
    store_be16(at, 0);
    written.transport_sequence_at = static_cast<std::size_t>(at - out);
  }
  if (mid_size_ != 0) std::memcpy(to.begin(ids_.mid, mid_size_), mid_.data(), mid_size_);
  if (ids_.abs_send_time != 0) store_be24(to.begin(ids_.abs_send_time, 3), to_abs_send_time(packet.arrival));
  if (ids_.audio_level != 0 && packet.audio_level != MediaPacket::kAbsent) {
    *to.begin(ids_.audio_level, 1) = packet.audio_level;
  }
  if (ids_.video_orientation != 0 && packet.video_orientation != MediaPacket::kAbsent) {
    *to.begin(ids_.video_orientation, 1) = packet.video_orientation;
  }
  if (const ByteSpan time = packet.capture_time(); ids_.capture_time != 0 && !time.empty()) {
    std::memcpy(to.begin(ids_.capture_time, time.size()), time.data(), time.size());
  }
  if (ids_.playout_delay != 0) {
    const ByteSpan delay = has_delay_ ? ByteSpan(delay_) : packet.playout_delay();
    if (!delay.empty()) std::memcpy(to.begin(ids_.playout_delay, delay.size()), delay.data(), delay.size());
  }
  if (descriptor != 0) {
    std::uint8_t* value = to.begin(ids_.dependency_descriptor, descriptor);
    std::memcpy(value, packet.dependency_descriptor().data(), descriptor);
    if (descriptor >= kFrameNumberAt + 2) store_be16(value + kFrameNumberAt, frame_number);
  }
  auto size = static_cast<std::size_t>(to.at - out);
  if (size == kBlockHeader) return written;
  for (; size % 4 != 0; ++size) out[size] = 0;
  store_be16(out, to.two_byte ? 0x1000 : 0xBEDE);
  store_be16(out + 2, static_cast<std::uint16_t>(size / 4 - 1));
  written.size = size;
  return written;
}

}  // namespace noir
