#include "forward/codec/vp8.hpp"

namespace noir {

namespace {

//   0 1 2 3 4 5 6 7
//  |X|R|N|S|R| PID |  required
//  |I|L|T|K| RSV   |  when X
//  |M| PictureID   |  when I; 15 bits when M
//  |   TL0PICIDX   |  when L
//  |TID|Y| KEYIDX  |  when T or K
constexpr std::uint8_t kX = 0x80;
constexpr std::uint8_t kS = 0x10;
constexpr std::uint8_t kPid = 0x07;
constexpr std::uint8_t kI = 0x80;
constexpr std::uint8_t kL = 0x40;
constexpr std::uint8_t kT = 0x20;
constexpr std::uint8_t kK = 0x10;
constexpr std::uint8_t kM = 0x80;
constexpr std::uint8_t kY = 0x20;
constexpr std::uint8_t kInterFrame = 0x01;  // RFC 7741 §4.3: the P bit of the VP8 payload header.

void parse_extension(ByteReader& in, Vp8Descriptor& descriptor) {
  const std::uint8_t present = in.u8();
  if ((present & kI) != 0) {
    const std::uint8_t first = in.u8();
    if ((first & kM) != 0) {
      descriptor.picture_id = static_cast<std::uint16_t>(((first & 0x7F) << 8) | in.u8());
      descriptor.picture_id_bits = 15;
    } else {
      descriptor.picture_id = first;
      descriptor.picture_id_bits = 7;
    }
  }
  if ((present & kL) != 0) {
    descriptor.tl0_pic_idx = in.u8();
    descriptor.has_tl0_pic_idx = true;
  }
  if ((present & (kT | kK)) != 0) {
    const std::uint8_t packed = in.u8();
    descriptor.has_temporal_id = (present & kT) != 0;
    descriptor.has_key_idx = (present & kK) != 0;
    if (descriptor.has_temporal_id) {
      descriptor.temporal_id = packed >> 6;
      descriptor.layer_sync = (packed & kY) != 0;
    }
    if (descriptor.has_key_idx) descriptor.key_idx = packed & 0x1F;
  }
}

}  // namespace

std::optional<Vp8Descriptor> parse_vp8_descriptor(ByteSpan payload) {
  ByteReader in(payload);
  Vp8Descriptor descriptor;
  const std::uint8_t first = in.u8();
  if ((first & kX) != 0) parse_extension(in, descriptor);
  if (!in.ok()) return std::nullopt;
  descriptor.size = static_cast<std::uint8_t>(in.position());
  descriptor.frame_start = (first & kS) != 0 && (first & kPid) == 0;
  descriptor.keyframe_start = descriptor.frame_start && in.remaining() > 0 && (in.u8() & kInterFrame) == 0;
  return descriptor;
}

std::size_t rewrite_vp8_descriptor(ByteSpan payload, const FrameIds& ids, std::uint8_t* out) {
  const std::uint8_t* from = payload.data();
  std::uint8_t* to = out;
  *to++ = *from;
  if ((*from++ & kX) == 0) return 1;
  const std::uint8_t present = *from++;
  *to++ = present;
  if ((present & kI) != 0) {
    from += (*from & kM) != 0 ? 2 : 1;
    store_be16(to, static_cast<std::uint16_t>(0x8000 | ids.picture));
    to += 2;
  }
  if ((present & kL) != 0) {
    ++from;
    *to++ = ids.tl0_pic_idx;
  }
  if ((present & (kT | kK)) != 0) {
    const bool has_key_idx = (present & kK) != 0;
    *to++ = has_key_idx ? static_cast<std::uint8_t>((*from & 0xE0) | (ids.key_idx & 0x1F)) : *from;
  }
  return static_cast<std::size_t>(to - out);
}

}  // namespace noir
