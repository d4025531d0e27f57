#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "rtp/codec.hpp"

namespace noir {

/// Encoded frames as a file has them, which no decoder would like: right headers, and filler of any size.
class EncodedSource {
 public:
  using Bytes = std::vector<std::uint8_t>;

  struct Frame {
    bool key = false;
    Bytes codec_private;
    Bytes bytes;
  };

  explicit EncodedSource(Codec codec) : codec_(codec) {}

  /// About `size` octets, at least what its header takes.
  Frame frame(bool key, std::size_t size) {
    Frame made;
    made.key = key || codec_ == Codec::kOpus;
    ++number_;
    switch (codec_) {
      case Codec::kOpus:
      case Codec::kRed:
        made.bytes = filled({0x78}, size);  // 20 ms.
        break;
      case Codec::kVp8:
        made.bytes = filled(key ? Bytes{0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0} : Bytes{0x11, 0, 0}, size);
        break;
      case Codec::kVp9:
        made.bytes =
            filled(key ? Bytes{0x82, 0x49, 0x83, 0x42, 0x20, 0x27, 0xF0, 0x1D, 0xF0, 0} : Bytes{0x86, 0}, size);
        break;
      case Codec::kH264:
        made.bytes = units({{0x06, 5, 1, 0xFF}, filled(key ? Bytes{0x65, 0x88} : Bytes{0x41, 0x9A}, size)});
        if (key) made.codec_private = h264_configuration();
        break;
      case Codec::kAv1:
        if (key) made.bytes = av1_sequence();
        append(made.bytes, obu(0x32, filled({}, size)));
        if (key) made.codec_private = av1_configuration();
        break;
    }
    return made;
  }

  /// Baseline 3.1, 320 x 240, with one picture parameter set.
  static Bytes h264_configuration() {
    return {1,    0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0, 8,    0x67, 0x42, 0xC0, 0x1F,
            0xDA, 0x05, 0x07, 0xE4, 1,    0,    4, 0x68, 0xCE, 0x3C, 0x80};
  }
  /// Behind lengths of 4 octets.
  static Bytes units(const std::vector<Bytes>& all) {
    Bytes out;
    for (const Bytes& unit : all) {
      const std::size_t at = out.size();
      out.resize(at + 4);
      store_be32(out.data() + at, static_cast<std::uint32_t>(unit.size()));
      append(out, unit);
    }
    return out;
  }
  /// With a size.
  static Bytes obu(std::uint8_t header, const Bytes& payload) {
    Bytes out{header};
    std::size_t size = payload.size();
    for (; size >= 0x80; size >>= 7) out.push_back(static_cast<std::uint8_t>(size | 0x80));
    out.push_back(static_cast<std::uint8_t>(size));
    append(out, payload);
    return out;
  }
  /// Profile 0, level 4.1, 640 x 360.
  static Bytes av1_sequence() { return obu(0x0A, {0x00, 0x00, 0x00, 0x4E, 0x62, 0x7F, 0xB3, 0x80, 0x4F, 0x00, 0x50}); }
  static Bytes av1_configuration() {
    Bytes out{0x81, 9, 0x8D, 0};
    append(out, av1_sequence());
    return out;
  }

 private:
  static void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

  [[nodiscard]] Bytes filled(Bytes head, std::size_t size) const {
    while (head.size() < size) head.push_back(static_cast<std::uint8_t>(head.size() * 31 + number_ * 7));
    return head;
  }

  Codec codec_;
  std::uint32_t number_ = 0;
};

}  // namespace noir
