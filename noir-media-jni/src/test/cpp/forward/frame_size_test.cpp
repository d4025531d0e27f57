#include "forward/codec/frame_size.hpp"

#include <gtest/gtest.h>

#include "forward/dependency_writer.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::BitWriter;
using test::for_each_truncation;
using test::from_hex;
using Bytes = std::vector<std::uint8_t>;

BitWriter& exp_golomb(BitWriter& out, std::uint32_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value + 1));
  return out.bits(0, width - 1).bits(value + 1, width);
}

/// 640 by 360: 23 rows of macroblocks, and eight lines cut off.
Bytes sps(std::uint32_t profile) {
  BitWriter out;
  out.bits(0x67, 8).bits(profile, 8).bits(0x001F, 16);
  exp_golomb(out, 0);
  if (profile == 100) {
    exp_golomb(exp_golomb(exp_golomb(out, 1), 0), 0).bits(0, 1).bits(1, 1);
    out.bits(1, 1);  // One scaling list, of sixteen equal numbers.
    for (int i = 0; i < 16; ++i) exp_golomb(out, i == 0 ? 15 : 0);
    out.bits(0, 7);
  }
  exp_golomb(exp_golomb(exp_golomb(out, 0), 2), 1).bits(0, 1);
  exp_golomb(exp_golomb(out, 39), 22).bits(1, 1).bits(1, 1).bits(1, 1);
  exp_golomb(exp_golomb(exp_golomb(exp_golomb(out, 0), 0), 0), 4).bits(0, 1).bits(1, 1);
  return out.bytes();
}

Bytes in_stap(const Bytes& unit) {
  Bytes payload{0x78, 0, 2, 0x09, 0x10, 0, static_cast<std::uint8_t>(unit.size())};
  payload.insert(payload.end(), unit.begin(), unit.end());
  return payload;
}

/// A sequence header of 1280 by 720 as the only element.
Bytes av1() {
  BitWriter out;
  out.bits(0x18, 8).bits(0x0A, 8).bits(30, 8);  // Aggregation header of one element, OBU header, its size.
  out.bits(0, 5).bits(0, 1).bits(0, 1).bits(0, 5).bits(0, 12).bits(8, 5).bits(0, 1);
  out.bits(10, 4).bits(9, 4).bits(1279, 11).bits(719, 10).bits(0, 32);
  Bytes payload = out.bytes();
  payload[0] = 0x18;
  return payload;
}

TEST(FrameSize, IsFoundInKeyFrames) {
  struct Case {
    const char* what;
    Codec codec;
    Bytes payload;
    FrameSize size;
  };
  const Case kCases[] = {
      {"VP8", Codec::kVp8, from_hex("90 80 81 23 10 00 00 9d012a 8042 6841 00"), {640, 360}},
      {"VP9", Codec::kVp9, from_hex("aa 05 00 07 30 0140 00b4 0280 0168 00"), {640, 360}},
      {"H264", Codec::kH264, sps(66), {640, 360}},
      {"H264, high profile", Codec::kH264, sps(100), {640, 360}},
      {"H264, in an aggregate", Codec::kH264, in_stap(sps(66)), {640, 360}},
      {"AV1", Codec::kAv1, av1(), {1280, 720}},
  };
  for (const Case& c : kCases) {
    const auto size = find_frame_size(c.codec, c.payload);
    ASSERT_TRUE(size) << c.what;
    EXPECT_EQ(*size, c.size) << c.what;
    for_each_truncation(c.payload, [&](ByteSpan cut) { (void)find_frame_size(c.codec, cut); });
  }
}

TEST(FrameSize, IsNotThereOtherwise) {
  EXPECT_FALSE(find_frame_size(Codec::kVp8, from_hex("90 80 81 23 11 00 00 9d012a 8042 6841")));  // Inter frame.
  EXPECT_FALSE(find_frame_size(Codec::kVp8, from_hex("90 80 81 23 10 00 00 9d012b 8042 6841")));  // No start code.
  EXPECT_FALSE(find_frame_size(Codec::kVp8, from_hex("90 80 81 23 10 00 00 9d012a 0000 6841")));
  EXPECT_FALSE(find_frame_size(Codec::kVp9, from_hex("88 85 00 00")));
  EXPECT_FALSE(find_frame_size(Codec::kH264, from_hex("65 88 80")));
  EXPECT_FALSE(find_frame_size(Codec::kH264, from_hex("67 42 00 1f 00 00 00 00 00 00")));  // A number without end.
  EXPECT_FALSE(find_frame_size(Codec::kAv1, from_hex("10 32 00")));
  EXPECT_FALSE(find_frame_size(Codec::kOpus, from_hex("fc")));
}

}  // namespace
}  // namespace noir
