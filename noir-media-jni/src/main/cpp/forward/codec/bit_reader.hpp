#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace noir {

/// Bounds-checked cursor over the bits of hostile bytes, most significant first. Once a read runs past the end, `ok()`
/// is false for good and every further read gives zero.
class BitReader {
 public:
  explicit BitReader(ByteSpan bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t position() const { return position_; }

  bool flag() { return bits(1) != 0; }
  /// Up to 32 bits.
  std::uint32_t bits(unsigned count) {
    if (!ok_ || count > bytes_.size() * 8 - position_) {
      ok_ = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++position_) {
      value = value << 1 | (bytes_[position_ / 8] >> (7 - position_ % 8) & 1U);
    }
    return value;
  }
  void skip(std::size_t count) {
    if (!ok_ || count > bytes_.size() * 8 - position_) {
      ok_ = false;
      return;
    }
    position_ += count;
  }
  /// ns(n) of the AV1 specification §4.10.7: a value below `limit`, which is not 0.
  std::uint32_t below(std::uint32_t limit) {
    const auto width = static_cast<unsigned>(std::bit_width(limit));
    const std::uint32_t shorter = (1U << width) - limit;
    const std::uint32_t value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }
  /// ue(v) of ITU-T H.264 §9.1. A value of more than 31 bits does not occur.
  std::uint32_t exp_golomb() {
    unsigned zeros = 0;
    while (ok_ && zeros < 32 && !flag()) ++zeros;
    if (zeros >= 32) ok_ = false;
    return ok_ ? (1U << zeros) - 1 + bits(zeros) : 0;
  }

 private:
  ByteSpan bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace noir
