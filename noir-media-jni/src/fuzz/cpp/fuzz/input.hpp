#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace noir::fuzz {

/// A fuzzer's bytes, taken apart: numbers, and pieces that stand behind their length. Past the end all is zero and
/// empty.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    const ByteSpan taken = take(1);
    return taken.empty() ? std::uint8_t{0} : taken[0];
  }
  std::uint16_t u16() {
    const std::uint8_t high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  /// A datagram, say: length in two bytes.
  ByteSpan piece() { return take(u16()); }
  ByteSpan rest() { return take(rest_.size()); }

 private:
  ByteSpan take(std::size_t size) {
    const ByteSpan taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  ByteSpan rest_;
};

}  // namespace noir::fuzz
