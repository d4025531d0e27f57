#include "forward/codec/av1_frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "forward/codec/av1_obu.hpp"
#include "forward/codec/av1_sequence.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxLeb128 = 8;
constexpr std::size_t kMaxSequence = 512;  // Octets of a sequence header.

std::size_t write_leb128(std::size_t value, std::uint8_t* out) {
  std::size_t at = 0;
  for (; value >= 0x80; value >>= 7) out[at++] = static_cast<std::uint8_t>(value | 0x80);
  out[at++] = static_cast<std::uint8_t>(value);
  return at;
}

struct Fragment {
  const MediaPacket* packet;
  ByteSpan bytes;
};

/// An OBU as packets bring it, with or without its size.
class Unit {
 public:
  [[nodiscard]] bool is_open() const { return open_; }
  void open() { open_ = true; }
  void add(const MediaPacket& packet, ByteSpan bytes) {
    fragments_.push_back({&packet, bytes});
    size_ += bytes.size();
  }
  /// False when it is malformed.
  bool end(EncodedFrame& frame);

 private:
  bool note_sequence(std::uint8_t header, EncodedFrame& frame);
  [[nodiscard]] std::vector<std::uint8_t> first(std::size_t count) const;
  void drop_first(std::size_t count);

  std::vector<Fragment> fragments_;
  std::size_t size_ = 0;
  bool open_ = false;
};

std::vector<std::uint8_t> Unit::first(std::size_t count) const {
  std::vector<std::uint8_t> bytes;
  for (const Fragment& fragment : fragments_) {
    const ByteSpan part = fragment.bytes.first(std::min(fragment.bytes.size(), count - bytes.size()));
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

void Unit::drop_first(std::size_t count) {
  size_ -= count;
  for (Fragment& fragment : fragments_) {
    const std::size_t part = std::min(fragment.bytes.size(), count);
    fragment.bytes = fragment.bytes.subspan(part);
    count -= part;
  }
}

// ISO/IEC binding of AV1 §2.3: AV1CodecConfigurationRecord, with the sequence header behind it.
bool Unit::note_sequence(std::uint8_t header, EncodedFrame& frame) {
  if (size_ > kMaxSequence) return false;
  const std::vector<std::uint8_t> payload = first(size_);
  const auto sequence = parse_av1_sequence(payload);
  if (!sequence) return false;
  const auto flag = [](bool set, unsigned shift) { return static_cast<unsigned>(set) << shift; };
  std::array<std::uint8_t, kMaxLeb128> size{};
  const std::size_t size_octets = write_leb128(payload.size(), size.data());
  std::vector<std::uint8_t>& out = frame.codec_private;
  out = {0x81, static_cast<std::uint8_t>(unsigned{sequence->profile} << 5 | sequence->level),
         static_cast<std::uint8_t>(flag(sequence->high_tier, 7) | flag(sequence->high_bitdepth, 6) |
                                   flag(sequence->twelve_bit, 5) | flag(sequence->monochrome, 4) |
                                   flag(sequence->subsampling_x, 3) | flag(sequence->subsampling_y, 2) |
                                   sequence->sample_position),
         0, static_cast<std::uint8_t>((header & ~av1::kExtension) | av1::kHasSize)};
  out.insert(out.end(), size.begin(), size.begin() + static_cast<std::ptrdiff_t>(size_octets));
  out.insert(out.end(), payload.begin(), payload.end());
  frame.size = sequence->size;
  return true;
}

bool Unit::end(EncodedFrame& frame) {
  open_ = false;
  const std::vector<std::uint8_t> head = first(2 + kMaxLeb128);
  ByteReader in(head);
  std::array<std::uint8_t, 2 + kMaxLeb128> written{};
  std::size_t at = 0;
  const std::uint8_t header = in.u8();
  written[at++] = header | av1::kHasSize;
  if ((header & av1::kExtension) != 0) written[at++] = in.u8();
  if ((header & av1::kHasSize) != 0) {
    const auto said = av1::read_leb128(in);
    if (!said || *said != size_ - in.position()) return false;
  }
  if (!in.ok() || (header & av1::kForbidden) != 0) return false;
  drop_first(in.position());
  const std::uint8_t type = (header >> 3) & 0x0F;
  if (type == av1::kSequenceHeader && !note_sequence(header, frame)) return false;
  if (type != av1::kTemporalDelimiter && type != av1::kTileList && type != av1::kPadding) {
    at += write_leb128(size_, written.data() + at);
    frame.bytes.add(ByteSpan(written).first(at));
    for (const Fragment& fragment : fragments_) frame.bytes.add(fragment.packet->buffer, fragment.bytes);
  }
  fragments_.clear();
  size_ = 0;
  return true;
}

bool add_packet(const MediaPacket& packet, Unit& unit, EncodedFrame& frame) {
  ByteReader in(packet.payload());
  const std::uint8_t aggregation = in.u8();
  if (((aggregation & av1::kContinues) != 0) != unit.is_open()) return false;
  const unsigned said = (aggregation >> 4) & 0x03U;
  unsigned count = 0;
  while (in.remaining() > 0) {
    ++count;
    std::size_t size = in.remaining();
    // §4.4: of W elements the last has no size; with W = 0 all have one.
    if (said == 0 || count < said) {
      const auto read = av1::read_leb128(in);
      if (!read || *read > in.remaining()) return false;
      size = *read;
    }
    unit.add(packet, in.take(size));
    if (in.remaining() == 0 && (aggregation & av1::kContinued) != 0) {
      unit.open();
    } else if (!unit.end(frame)) {
      return false;
    }
  }
  return count > 0 && (said == 0 || count == said);
}

}  // namespace

bool build_av1_frame(std::span<const MediaPacket> packets, EncodedFrame& frame) {
  Unit unit;
  for (const MediaPacket& packet : packets) {
    if (packet.payload().empty() || !add_packet(packet, unit, frame)) return false;
  }
  frame.key = (packets.front().payload()[0] & av1::kNewSequence) != 0 && !frame.codec_private.empty();
  if (!frame.key) {
    frame.codec_private.clear();
    frame.size = {};
  }
  return !unit.is_open();
}

}  // namespace noir
