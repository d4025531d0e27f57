#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace noir::test {

/// "80 60 0001" → bytes; blanks are skipped.
inline std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const std::string_view digits = "0123456789abcdef";
    const auto digit = digits.find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) throw std::invalid_argument("not hex");
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      bytes.push_back(static_cast<std::uint8_t>((high << 4) | static_cast<int>(digit)));
      high = -1;
    }
  }
  return bytes;
}

inline std::string to_hex(ByteSpan bytes) {
  std::string text;
  for (const std::uint8_t b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

/// Calls `parse` with each proper prefix of `bytes`, in memory of exactly that size so that the sanitizer sees any
/// read past the end.
template <typename Parse>
void for_each_truncation(ByteSpan bytes, Parse&& parse) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    parse(ByteSpan(cut));
  }
}

}  // namespace noir::test
