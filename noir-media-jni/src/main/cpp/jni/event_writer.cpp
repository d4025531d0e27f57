#include "jni/event_writer.hpp"

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
};

void store_le(std::uint8_t* out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

bool EventWriter::accept(const Event& event) {
  const Record record = std::visit(ToRecord{}, event);
  const std::size_t needed = kHeaderSize + record.payload.size();
  if (needed > buffer_.size()) {
    // Java made the buffer for the largest message and label there can be: a bug, but not worth a loop.
    ++dropped_;
    return true;
  }
  if (needed > buffer_.size() - size_) return false;
  std::uint8_t* out = buffer_.data() + size_;
  out[0] = record.type;
  out[1] = record.detail;
  store_le(out + 2, record.number, 2);
  store_le(out + 4, record.id, 4);
  store_le(out + 8, static_cast<std::uint32_t>(record.payload.size()), 4);
  if (!record.payload.empty()) std::memcpy(out + kHeaderSize, record.payload.data(), record.payload.size());
  size_ += needed;
  return true;
}

}  // namespace noir
