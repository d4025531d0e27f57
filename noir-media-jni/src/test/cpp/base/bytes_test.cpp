#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace noir {
namespace {

TEST(Bytes, ReadsWhatItWrote) {
  std::array<std::uint8_t, 32> storage{};
  ByteWriter out(storage);
  out.u8(0x12);
  out.u16(0x3456);
  out.u24(0x789ABC);
  out.u32(0xDEF01234);
  out.u64(0x0123456789ABCDEF);
  out.text("hi");
  out.zeros(2);
  ASSERT_TRUE(out.ok());
  ByteReader in(out.written());
  EXPECT_EQ(in.u8(), 0x12);
  EXPECT_EQ(in.u16(), 0x3456);
  EXPECT_EQ(in.u24(), 0x789ABCU);
  EXPECT_EQ(in.u32(), 0xDEF01234U);
  EXPECT_EQ(in.u64(), 0x0123456789ABCDEFU);
  EXPECT_EQ(as_text(in.take(2)), "hi");
  EXPECT_EQ(in.u16(), 0);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.remaining(), 0U);
}

TEST(Bytes, AFailedReadGivesZeroForGood) {
  const std::array<std::uint8_t, 3> bytes{1, 2, 3};
  ByteReader in(bytes);
  EXPECT_EQ(in.u32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.u8(), 0);
  EXPECT_TRUE(in.take(1).empty());
  EXPECT_EQ(in.remaining(), 0U);
}

TEST(Bytes, AWriteThatDoesNotFitWritesNothing) {
  std::array<std::uint8_t, 3> storage{9, 9, 9};
  ByteWriter out(storage);
  out.u32(0);
  EXPECT_FALSE(out.ok());
  out.u8(0);
  EXPECT_EQ(out.size(), 0U);
  EXPECT_EQ(storage, (std::array<std::uint8_t, 3>{9, 9, 9}));
}

}  // namespace
}  // namespace noir
