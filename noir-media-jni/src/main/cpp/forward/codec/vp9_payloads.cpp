#include "forward/codec/vp9_payloads.hpp"

#include <array>

#include "forward/codec/vp9_frame.hpp"

namespace noir {

namespace {

constexpr std::uint8_t kI = 0x80;
constexpr std::uint8_t kP = 0x40;
constexpr std::uint8_t kB = 0x08;
constexpr std::uint8_t kE = 0x04;
constexpr std::uint8_t kV = 0x02;
constexpr std::uint8_t kM = 0x80;
constexpr std::uint8_t kY = 0x10;  // One layer, of which the size follows.
constexpr std::size_t kDescriptor = 3;
constexpr std::size_t kStructure = 5;

std::uint8_t flag(bool set, std::uint8_t bit) { return set ? bit : std::uint8_t{0}; }

}  // namespace

bool write_vp9_payloads(ByteSpan frame, std::uint16_t picture, PayloadList& out) {
  if (frame.empty() || frame[0] >> 6 != 2) return false;  // frame_marker
  const auto size = vp9_key_frame_size(frame);
  split(frame, PayloadList::kMaxPayload - kDescriptor - kStructure, [&](ByteSpan part, bool first, bool last) {
    const bool structure = first && size;
    out.begin();
    out.add(static_cast<std::uint8_t>(kI | flag(!size, kP) | flag(first, kB) | flag(last, kE) | flag(structure, kV)));
    out.add(static_cast<std::uint8_t>(kM | (picture >> 8 & 0x7F)));
    out.add(static_cast<std::uint8_t>(picture));
    if (structure) {
      std::array<std::uint8_t, kStructure> bytes{kY};
      store_be16(bytes.data() + 1, size->width);
      store_be16(bytes.data() + 3, size->height);
      out.add(bytes);
    }
    out.add(part);
  });
  return true;
}

}  // namespace noir
