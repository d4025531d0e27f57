#include "stun/ufrag_place.hpp"

namespace noir {

namespace {

// RFC 8839 §5.4: an ice-char is one of base64's 64 (RFC 4648 §4).
std::optional<std::uint32_t> ice_char_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return std::nullopt;
}

}  // namespace

std::optional<UfragPlace> ufrag_place(std::string_view ufrag) {
  if (ufrag.size() != UfragPlace::kChars) return std::nullopt;
  std::uint64_t first = 0;  // The 60 bits of ten characters hold all that is not random.
  for (std::size_t i = 0; i < ufrag.size(); ++i) {
    const auto value = ice_char_value(ufrag[i]);
    if (!value) return std::nullopt;
    if (i < 10) first = first << 6 | *value;
  }
  return UfragPlace{.node = static_cast<std::uint32_t>(first >> 36 & 0xFFFFFF),
                    .loop = static_cast<std::uint16_t>(first >> 28 & 0xFF),
                    .room = static_cast<std::uint32_t>(first >> 4 & 0xFFFFFF)};
}

}  // namespace noir
