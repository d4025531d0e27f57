#include "jni/event_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <variant>

namespace noir {

namespace {

/// One event in the form that all of them have; the numbers are those of Java's `EventReader`.
struct Record {
  std::uint8_t type = 0;
  std::uint8_t detail = 0;
  std::uint16_t number = 0;
  std::uint32_t id = 0;
  ByteSpan payload;
};

ByteSpan bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

static_assert(std::endian::native == std::endian::little, "as Java reads it");
ByteSpan bytes_of(const std::vector<std::uint32_t>& numbers) {
  return {reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size() * sizeof(std::uint32_t)};
}

struct ToRecord {
  Record operator()(const TransportStateChanged& e) const {
    return {1, static_cast<std::uint8_t>(e.state), static_cast<std::uint16_t>(e.reason), e.transport, {}};
  }
  Record operator()(const TrackActive& e) const { return {2, e.encoding, 0, e.track, {}}; }
  Record operator()(const LayersWanted& e) const { return {6, e.encodings, 0, e.track, {}}; }
  Record operator()(const ChannelOpened& e) const {
    return {3, static_cast<std::uint8_t>(e.reliable), e.stream, e.transport, bytes_of(e.label)};
  }
  Record operator()(const ChannelClosed& e) const {
    return {4, static_cast<std::uint8_t>(e.end), e.stream, e.transport, {}};
  }
  Record operator()(const ChannelMessage& e) const {
    return {5, static_cast<std::uint8_t>(e.binary), e.stream, e.transport, e.bytes};
  }
  Record operator()(const SpeakersChanged& e) const { return {7, 0, 0, e.group, bytes_of(e.streams)}; }
  Record operator()(const EncodingLearned& e) const { return {11, e.encoding, 0, e.track, {}}; }
  Record operator()(const TapEnded& e) const { return {9, 0, 0, e.tap, {}}; }
  Record operator()(const InjectedKeyframeWanted& e) const { return {10, 0, 0, e.track, {}}; }
  Record operator()(const TapFrame&) const { return {}; }  // In parts.
};

constexpr std::uint8_t kFrame = 8;
constexpr std::uint8_t kFirstPart = 1;
constexpr std::uint8_t kLastPart = 2;
constexpr std::size_t kFrameHead = 40;
constexpr std::size_t kMaxPrivate = 4096;
constexpr std::size_t kSmallPart = 4096;

void store_le(std::uint8_t* out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

bool EventWriter::accept(const Event& event) {
  if (const auto* frame = std::get_if<TapFrame>(&event)) return accept_frame(*frame);
  Record record = std::visit(ToRecord{}, event);
  std::array<std::uint8_t, 8> ssrcs{};
  if (const auto* learned = std::get_if<EncodingLearned>(&event)) {
    store_le(ssrcs.data(), learned->ssrc, 4);
    store_le(ssrcs.data() + 4, learned->rtx_ssrc, 4);
    record.payload = ssrcs;
  }
  const std::size_t needed = kHeaderSize + record.payload.size();
  if (needed > buffer_.size()) {
    // Java made the buffer for the largest message and label there can be: a bug, but not worth a loop.
    ++dropped_;
    return true;
  }
  if (needed > buffer_.size() - size_) return false;
  std::uint8_t* out = append(record.type, record.detail, record.id, record.payload.size());
  store_le(out - kHeaderSize + 2, record.number, 2);
  if (!record.payload.empty()) std::memcpy(out, record.payload.data(), record.payload.size());
  return true;
}

std::uint8_t* EventWriter::append(std::uint8_t type, std::uint8_t detail, std::uint32_t id, std::size_t payload) {
  std::uint8_t* out = buffer_.data() + size_;
  out[0] = type;
  out[1] = detail;
  store_le(out + 2, 0, 2);
  store_le(out + 4, id, 4);
  store_le(out + 8, payload, 4);
  size_ += kHeaderSize + payload;
  return out + kHeaderSize;
}

// The largest frame is larger than the buffer, so a frame goes in parts, each as large as there is room for. The loop
// keeps it until the last one has been taken.
bool EventWriter::accept_frame(const TapFrame& event) {
  const EncodedFrame& frame = event.frame;
  const bool first = frame_at_ == 0;
  const std::size_t private_size = frame.codec_private.size() <= kMaxPrivate ? frame.codec_private.size() : 0;
  const std::size_t head = first ? kFrameHead + private_size : 0;
  const std::size_t left = frame.bytes.size() - frame_at_;
  const std::size_t room = buffer_.size() - size_;
  if (room < kHeaderSize + head + std::min(left, kSmallPart)) {
    if (size_ > 0) return false;
    ++dropped_;  // A buffer that is smaller than any.
    frame_at_ = 0;
    return true;
  }
  const std::size_t part = std::min(left, room - kHeaderSize - head);
  const bool last = part == left;
  const auto detail = static_cast<std::uint8_t>((first ? kFirstPart : 0) | (last ? kLastPart : 0));
  std::uint8_t* out = append(kFrame, detail, event.tap, head + part);
  if (first) {
    store_le(out, static_cast<std::uint64_t>(event.captured_us), 8);
    store_le(out + 8, frame.rtp_ts, 8);
    store_le(out + 16, frame.clock_rate, 4);
    store_le(out + 20, frame.lost, 4);
    store_le(out + 24, frame.bytes.size(), 4);
    store_le(out + 28, frame.size.width, 2);
    store_le(out + 30, frame.size.height, 2);
    store_le(out + 32, private_size, 2);
    out[34] = static_cast<std::uint8_t>(frame.codec);
    out[35] = frame.key ? 1 : 0;
    store_le(out + 36, 0, 4);
    if (private_size > 0) std::memcpy(out + kFrameHead, frame.codec_private.data(), private_size);
  }
  (void)frame.bytes.copy(frame_at_, {out + head, part});
  frame_at_ = last ? 0 : frame_at_ + part;
  return last;
}

}  // namespace noir
