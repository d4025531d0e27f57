#include "forward/codec/av1.hpp"

namespace noir {

bool is_av1_keyframe_start(ByteSpan payload) {
  //  |Z|Y| W |N|-|-|-|
  constexpr std::uint8_t kZ = 0x80;
  constexpr std::uint8_t kN = 0x08;
  if (payload.size() < 2) return false;
  // §4.4: N with Z, a fragment of an earlier packet's unit, must not happen.
  return (payload[0] & kN) != 0 && (payload[0] & kZ) == 0;
}

}  // namespace noir
