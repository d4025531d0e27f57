#include "forward/codec/vp9.hpp"

namespace noir {

namespace {

//   0 1 2 3 4 5 6 7
//  |I|P|L|F|B|E|V|Z|  required
//  |M| PICTURE ID  |  when I; 15 bits when M
//  | TID |U| SID |D|  when L
constexpr std::uint8_t kI = 0x80;
constexpr std::uint8_t kP = 0x40;
constexpr std::uint8_t kL = 0x20;
constexpr std::uint8_t kB = 0x08;
constexpr std::uint8_t kM = 0x80;

}  // namespace

bool is_vp9_keyframe_start(ByteSpan payload) {
  ByteReader in(payload);
  const std::uint8_t first = in.u8();
  if ((first & kP) != 0 || (first & kB) == 0) return false;
  if ((first & kI) != 0 && (in.u8() & kM) != 0) in.skip(1);
  const unsigned spatial = (first & kL) != 0 ? (in.u8() >> 1) & 0x07U : 0U;
  return in.ok() && in.remaining() > 0 && spatial == 0;
}

}  // namespace noir
