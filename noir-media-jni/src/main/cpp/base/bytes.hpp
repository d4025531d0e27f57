#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace noir {

using ByteSpan = std::span<const std::uint8_t>;
using MutableByteSpan = std::span<std::uint8_t>;

[[nodiscard]] constexpr std::uint16_t load_be16(const std::uint8_t* p) {
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}
[[nodiscard]] constexpr std::uint32_t load_be24(const std::uint8_t* p) {
  return (static_cast<std::uint32_t>(p[0]) << 16) | (static_cast<std::uint32_t>(p[1]) << 8) | p[2];
}
[[nodiscard]] constexpr std::uint32_t load_be32(const std::uint8_t* p) {
  return (static_cast<std::uint32_t>(load_be16(p)) << 16) | load_be16(p + 2);
}
[[nodiscard]] constexpr std::uint64_t load_be64(const std::uint8_t* p) {
  return (static_cast<std::uint64_t>(load_be32(p)) << 32) | load_be32(p + 4);
}
constexpr void store_be16(std::uint8_t* p, std::uint16_t v) {
  p[0] = static_cast<std::uint8_t>(v >> 8);
  p[1] = static_cast<std::uint8_t>(v);
}
constexpr void store_be24(std::uint8_t* p, std::uint32_t v) {
  p[0] = static_cast<std::uint8_t>(v >> 16);
  p[1] = static_cast<std::uint8_t>(v >> 8);
  p[2] = static_cast<std::uint8_t>(v);
}
constexpr void store_be32(std::uint8_t* p, std::uint32_t v) {
  store_be16(p, static_cast<std::uint16_t>(v >> 16));
  store_be16(p + 2, static_cast<std::uint16_t>(v));
}
constexpr void store_be64(std::uint8_t* p, std::uint64_t v) {
  store_be32(p, static_cast<std::uint32_t>(v >> 32));
  store_be32(p + 4, static_cast<std::uint32_t>(v));
}

/// Bounds-checked big-endian cursor over hostile bytes. Once a read runs past the end, `ok()` is false for good and
/// every further read gives zero or an empty span.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] std::size_t position() const { return position_; }

  std::uint8_t u8() {
    const auto b = take(1);
    return b.empty() ? std::uint8_t{0} : b[0];
  }
  std::uint16_t u16() {
    const auto b = take(2);
    return b.empty() ? std::uint16_t{0} : load_be16(b.data());
  }
  std::uint32_t u24() {
    const auto b = take(3);
    return b.empty() ? 0U : load_be24(b.data());
  }
  std::uint32_t u32() {
    const auto b = take(4);
    return b.empty() ? 0U : load_be32(b.data());
  }
  std::uint64_t u64() {
    const auto b = take(8);
    return b.empty() ? 0ULL : load_be64(b.data());
  }
  ByteSpan take(std::size_t count) {
    if (!ok_ || count > remaining()) {
      ok_ = false;
      position_ = bytes_.size();
      return {};
    }
    const auto result = bytes_.subspan(position_, count);
    position_ += count;
    return result;
  }
  void skip(std::size_t count) { (void)take(count); }

 private:
  ByteSpan bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

/// Bounds-checked big-endian writer. A write that does not fit leaves `ok()` false and writes nothing further.
class ByteWriter {
 public:
  explicit ByteWriter(MutableByteSpan bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - size_; }
  [[nodiscard]] MutableByteSpan written() const { return bytes_.first(size_); }

  void u8(std::uint8_t v) {
    if (auto* p = claim(1)) *p = v;
  }
  void u16(std::uint16_t v) {
    if (auto* p = claim(2)) store_be16(p, v);
  }
  void u24(std::uint32_t v) {
    if (auto* p = claim(3)) store_be24(p, v);
  }
  void u32(std::uint32_t v) {
    if (auto* p = claim(4)) store_be32(p, v);
  }
  void u64(std::uint64_t v) {
    if (auto* p = claim(8)) store_be64(p, v);
  }
  void bytes(ByteSpan v) {
    if (v.empty()) return;
    if (auto* p = claim(v.size())) std::memcpy(p, v.data(), v.size());
  }
  void text(std::string_view v) { bytes({reinterpret_cast<const std::uint8_t*>(v.data()), v.size()}); }
  void zeros(std::size_t count) {
    if (auto* p = claim(count)) std::memset(p, 0, count);
  }
  /// Room for `count` bytes to be filled later (a length field), or null when it does not fit.
  std::uint8_t* claim(std::size_t count) {
    if (!ok_ || count > remaining()) {
      ok_ = false;
      return nullptr;
    }
    auto* p = bytes_.data() + size_;
    size_ += count;
    return p;
  }

 private:
  MutableByteSpan bytes_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

[[nodiscard]] inline std::string_view as_text(ByteSpan b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

}  // namespace noir
