#include "forward/codec/vp8_payloads.hpp"

namespace noir {

namespace {

constexpr std::uint8_t kX = 0x80;
constexpr std::uint8_t kS = 0x10;
constexpr std::uint8_t kI = 0x80;
constexpr std::uint8_t kM = 0x80;
constexpr std::size_t kDescriptor = 4;
constexpr std::size_t kHeader = 3;
constexpr std::size_t kKeyHeader = 10;
constexpr std::uint32_t kStartCode = 0x9D012A;

bool has_header(ByteSpan frame) {
  if (frame.size() < kHeader) return false;
  if ((frame[0] & 0x01) != 0) return true;  // No key frame.
  if (frame.size() < kKeyHeader || load_be24(frame.data() + kHeader) != kStartCode) return false;
  // Two little-endian numbers of 14 bits: a picture has a size.
  return (frame[6] | (frame[7] & 0x3F)) != 0 && (frame[8] | (frame[9] & 0x3F)) != 0;
}

}  // namespace

// Partitions are not told apart: receivers need no more than where a picture begins.
bool write_vp8_payloads(ByteSpan frame, std::uint16_t picture, PayloadList& out) {
  if (!has_header(frame)) return false;
  split(frame, PayloadList::kMaxPayload - kDescriptor, [&](ByteSpan part, bool first, bool) {
    out.begin();
    out.add(static_cast<std::uint8_t>(kX | (first ? kS : 0)));
    out.add(kI);
    out.add(static_cast<std::uint8_t>(kM | (picture >> 8 & 0x7F)));
    out.add(static_cast<std::uint8_t>(picture));
    out.add(part);
  });
  return true;
}

}  // namespace noir
