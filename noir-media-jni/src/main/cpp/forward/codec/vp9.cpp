#include "forward/codec/vp9.hpp"

#include <algorithm>

namespace noir {

namespace {

//   0 1 2 3 4 5 6 7
//  |I|P|L|F|B|E|V|Z|  required
//  |M| PICTURE ID  |  when I; 15 bits when M
//  | TID |U| SID |D|  when L
//  |   TL0PICIDX   |  when L, in non-flexible mode
//  | P_DIFF      |N|  when P, in flexible mode; up to three, N = another one follows
//  | SS            |  when V
constexpr std::uint8_t kI = 0x80;
constexpr std::uint8_t kP = 0x40;
constexpr std::uint8_t kL = 0x20;
constexpr std::uint8_t kF = 0x10;
constexpr std::uint8_t kB = 0x08;
constexpr std::uint8_t kE = 0x04;
constexpr std::uint8_t kV = 0x02;
constexpr std::uint8_t kM = 0x80;
constexpr std::uint8_t kU = 0x10;
constexpr int kMaxReferences = 3;

void parse_picture_id(ByteReader& in, Vp9Descriptor& descriptor) {
  const std::uint8_t first = in.u8();
  descriptor.picture_id = first;
  descriptor.picture_id_bits = 7;
  if ((first & kM) == 0) return;
  descriptor.picture_id = static_cast<std::uint16_t>(((first & 0x7F) << 8) | in.u8());
  descriptor.picture_id_bits = 15;
}

void parse_layers(ByteReader& in, bool flexible, Vp9Descriptor& descriptor) {
  const std::uint8_t packed = in.u8();
  descriptor.has_layers = true;
  descriptor.temporal_id = packed >> 5;
  descriptor.switch_up = (packed & kU) != 0;
  descriptor.spatial_id = (packed >> 1) & 0x07;
  if (!flexible) descriptor.tl0_pic_idx = in.u8();
}

// |N_S|Y|G|-|-|-|  WIDTH HEIGHT of each layer when Y; when G: N_G, and for each of them |TID|U| R |-|-| and R octets.
void parse_structure(ByteReader& in, Vp9Descriptor& descriptor) {
  const std::uint8_t packed = in.u8();
  const int layers = (packed >> 5) + 1;
  for (int i = 0; i < layers && (packed & 0x10) != 0; ++i) {
    descriptor.width = std::max(descriptor.width, in.u16());
    descriptor.height = std::max(descriptor.height, in.u16());
  }
  const int pictures = (packed & 0x08) != 0 ? in.u8() : 0;
  for (int i = 0; i < pictures && in.ok(); ++i) in.skip((in.u8() >> 2) & 0x03);
}

}  // namespace

std::optional<Vp9Descriptor> parse_vp9_descriptor(ByteSpan payload) {
  ByteReader in(payload);
  Vp9Descriptor descriptor;
  const std::uint8_t first = in.u8();
  const bool flexible = (first & kF) != 0;
  descriptor.inter_picture = (first & kP) != 0;
  descriptor.frame_start = (first & kB) != 0;
  descriptor.frame_end = (first & kE) != 0;
  if ((first & kI) != 0) parse_picture_id(in, descriptor);
  if ((first & kL) != 0) parse_layers(in, flexible, descriptor);
  descriptor.head_size = static_cast<std::uint8_t>(in.position());
  if (flexible && descriptor.inter_picture) {
    for (int i = 0; i < kMaxReferences && (in.u8() & 0x01) != 0; ++i) {
    }
  }
  if ((first & kV) != 0) parse_structure(in, descriptor);
  if (!in.ok()) return std::nullopt;
  descriptor.size = static_cast<std::uint16_t>(in.position());
  descriptor.keyframe_start =
      descriptor.frame_start && !descriptor.inter_picture && descriptor.spatial_id == 0 && in.remaining() > 0;
  return descriptor;
}

std::size_t rewrite_vp9_head(ByteSpan payload, const FrameIds& ids, std::uint8_t* out) {
  const std::uint8_t* from = payload.data();
  std::uint8_t* to = out;
  const std::uint8_t first = *from++;
  *to++ = first;
  if ((first & kI) != 0) {
    from += (*from & kM) != 0 ? 2 : 1;
    store_be16(to, static_cast<std::uint16_t>(0x8000 | ids.picture));
    to += 2;
  }
  if ((first & kL) != 0) {
    *to++ = *from;
    if ((first & kF) == 0) *to++ = ids.tl0_pic_idx;
  }
  return static_cast<std::size_t>(to - out);
}

}  // namespace noir
