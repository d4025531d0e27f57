#include "forward/codec/frame_size.hpp"

#include <algorithm>
#include <array>

#include "forward/codec/bit_reader.hpp"
#include "forward/codec/h264_nal.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"

namespace noir {

namespace {

std::optional<FrameSize> size_of(std::uint32_t width, std::uint32_t height) {
  if (width == 0 || height == 0 || width > 0xFFFF || height > 0xFFFF) return std::nullopt;
  return FrameSize{static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height)};
}

// RFC 6386 §9.1: three octets of frame tag, the start code, then two little-endian numbers of 14 bits.
std::optional<FrameSize> vp8_size(ByteSpan payload) {
  const auto descriptor = parse_vp8_descriptor(payload);
  if (!descriptor || !descriptor->keyframe_start) return std::nullopt;
  ByteReader in(payload.subspan(descriptor->size));
  in.skip(3);
  const bool starts = in.u24() == 0x9D012A;
  const ByteSpan sizes = in.take(4);
  if (!in.ok() || !starts) return std::nullopt;
  const auto number = [&](std::size_t at) { return (sizes[at] | unsigned{sizes[at + 1]} << 8) & 0x3FFFU; };
  return size_of(number(0), number(2));
}

std::optional<FrameSize> vp9_size(ByteSpan payload) {
  const auto descriptor = parse_vp9_descriptor(payload);
  return descriptor ? size_of(descriptor->width, descriptor->height) : std::nullopt;
}

void skip_scaling_lists(BitReader& in, unsigned count) {
  for (unsigned list = 0; list < count && in.ok(); ++list) {
    if (!in.flag()) continue;
    std::uint32_t last = 8;
    std::uint32_t next = 8;
    for (unsigned i = 0; i < (list < 6 ? 16U : 64U) && in.ok(); ++i) {
      if (next != 0) {
        const std::uint32_t code = in.exp_golomb();  // se(v), ITU-T H.264 §9.1.1.
        next = (last + (code % 2 != 0 ? code / 2 + 1 : 0U - code / 2)) & 0xFFU;
      }
      if (next != 0) last = next;
    }
  }
}

// ITU-T H.264 §7.3.2.1.1.
void skip_high_profile(BitReader& in) {
  const std::uint32_t chroma = in.exp_golomb();
  if (chroma == 3) in.skip(1);
  (void)in.exp_golomb();
  (void)in.exp_golomb();
  in.skip(1);
  if (in.flag()) skip_scaling_lists(in, chroma == 3 ? 12 : 8);
}

void skip_picture_order(BitReader& in) {
  const std::uint32_t type = in.exp_golomb();
  if (type == 0) (void)in.exp_golomb();
  if (type != 1) return;
  in.skip(1);
  (void)in.exp_golomb();
  (void)in.exp_golomb();
  const std::uint32_t count = in.exp_golomb();
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) (void)in.exp_golomb();
}

bool has_high_profile(std::uint32_t profile) {
  constexpr std::array<std::uint32_t, 12> kProfiles{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134};
  return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

// `unit`: behind the NAL header. Cropping counts in units of two samples, as with 4:2:0.
std::optional<FrameSize> sps_size(ByteSpan unit) {
  std::array<std::uint8_t, 128> plain{};
  std::size_t size = 0;
  for (std::size_t i = 0; i < unit.size() && size < plain.size(); ++i) {
    // §7.4.1: an emulation prevention octet.
    if (i >= 2 && unit[i] == 3 && unit[i - 1] == 0 && unit[i - 2] == 0) continue;
    plain[size++] = unit[i];
  }
  BitReader in(ByteSpan(plain).first(size));
  const std::uint32_t profile = in.bits(8);
  in.skip(16);
  (void)in.exp_golomb();
  if (has_high_profile(profile)) skip_high_profile(in);
  (void)in.exp_golomb();
  skip_picture_order(in);
  (void)in.exp_golomb();
  in.skip(1);
  const std::uint64_t width = (std::uint64_t{in.exp_golomb()} + 1) * 16;
  const std::uint64_t units = std::uint64_t{in.exp_golomb()} + 1;
  const bool frames_only = in.flag();
  const std::uint64_t height = units * (frames_only ? 16 : 32);
  if (!frames_only) in.skip(1);
  in.skip(1);
  std::array<std::uint64_t, 4> crop{};
  if (in.flag()) {
    for (auto& side : crop) side = in.exp_golomb();
  }
  const std::uint64_t across = 2 * (crop[0] + crop[1]);
  const std::uint64_t down = (frames_only ? 2 : 4) * (crop[2] + crop[3]);
  if (!in.ok() || width > 0xFFFF || height > 0xFFFF || across >= width || down >= height) return std::nullopt;
  return size_of(static_cast<std::uint32_t>(width - across), static_cast<std::uint32_t>(height - down));
}

std::optional<FrameSize> h264_size(ByteSpan payload) {
  if (payload.size() < 2) return std::nullopt;
  ByteReader in(payload);
  const std::uint8_t type = in.u8() & h264::kType;
  if (type == h264::kSps) return sps_size(payload.subspan(1));
  if (type != h264::kStapA) return std::nullopt;
  while (in.remaining() > 0) {
    const ByteSpan unit = in.take(in.u16());
    if (!in.ok()) return std::nullopt;
    if (unit.size() > 1 && (unit[0] & h264::kType) == h264::kSps) return sps_size(unit.subspan(1));
  }
  return std::nullopt;
}

std::size_t leb128(ByteReader& in) {
  std::size_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint8_t octet = in.u8();
    value |= std::size_t{octet & 0x7FU} << (7 * i);
    if ((octet & 0x80) == 0) break;
  }
  return value;
}

// AV1 specification §5.5.1, without timing, which no encoder for calls writes.
std::optional<FrameSize> sequence_size(ByteSpan header) {
  BitReader in(header);
  in.skip(3 + 1);
  if (in.flag()) {
    in.skip(5);
  } else {
    if (in.flag()) return std::nullopt;
    const bool display_delay = in.flag();
    const std::uint32_t points = in.bits(5) + 1;
    for (std::uint32_t i = 0; i < points && in.ok(); ++i) {
      in.skip(12);
      if (in.bits(5) > 7) in.skip(1);
      if (display_delay && in.flag()) in.skip(4);
    }
  }
  const std::uint32_t width_bits = in.bits(4) + 1;
  const std::uint32_t height_bits = in.bits(4) + 1;
  const std::uint32_t width = in.bits(width_bits) + 1;
  const std::uint32_t height = in.bits(height_bits) + 1;
  return in.ok() ? size_of(width, height) : std::nullopt;
}

// AV1 RTP specification §4.4: a key frame's first element is the sequence header.
std::optional<FrameSize> av1_size(ByteSpan payload) {
  ByteReader in(payload);
  const unsigned elements = (in.u8() >> 4) & 0x03U;
  const std::size_t size = elements == 1 ? in.remaining() : leb128(in);
  ByteReader unit(in.take(size));
  const std::uint8_t header = unit.u8();
  if (((header >> 3) & 0x0F) != 1) return std::nullopt;
  if ((header & 0x04) != 0) unit.skip(1);
  if ((header & 0x02) != 0) (void)leb128(unit);
  if (!unit.ok()) return std::nullopt;
  return sequence_size(unit.take(unit.remaining()));
}

}  // namespace

std::optional<FrameSize> find_frame_size(Codec codec, ByteSpan payload) {
  switch (codec) {
    case Codec::kOpus:
    case Codec::kRed:
      return std::nullopt;
    case Codec::kVp8:
      return vp8_size(payload);
    case Codec::kVp9:
      return vp9_size(payload);
    case Codec::kH264:
      return h264_size(payload);
    case Codec::kAv1:
      return av1_size(payload);
  }
  return std::nullopt;
}

}  // namespace noir
