#include "rtp/red.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::from_hex;
using test::to_hex;

// Two repeats, 1920 and 960 ticks (0x780, 0x3C0) before; of 2 and 3 octets; payload type 111.
constexpr const char* kTwoRepeats = "ef 1e0002  ef 0f0003  6f  aaaa bbbbbb cccccccc";

TEST(RedPacket, ReadsRepeatsAndThePrimaryBlock) {
  const auto red = parse_red(from_hex(kTwoRepeats));
  ASSERT_TRUE(red);
  EXPECT_EQ(red->payload_type, 111);
  EXPECT_EQ(red->header_size, 9);
  ASSERT_EQ(red->repeat_count, 2U);
  EXPECT_EQ(red->repeats[0].at, 9);
  EXPECT_EQ(red->repeats[0].size, 2);
  EXPECT_EQ(red->repeats[0].ts_offset, 1920);
  EXPECT_EQ(red->repeats[1].at, 11);
  EXPECT_EQ(red->repeats[1].ts_offset, 960);
  EXPECT_EQ(red->primary.at, 14);
  EXPECT_EQ(red->primary.size, 4);
}

TEST(RedPacket, MayHaveNoRepeats) {
  const auto red = parse_red(from_hex("6f cccc"));
  ASSERT_TRUE(red);
  EXPECT_EQ(red->repeat_count, 0U);
  EXPECT_EQ(red->primary.at, 1);
  EXPECT_EQ(red->primary.size, 2);
}

TEST(RedPacket, RefusesWhatIsCut) {
  const auto whole = from_hex(kTwoRepeats);
  for (std::size_t size = 0; size <= 14; ++size) EXPECT_FALSE(parse_red(ByteSpan(whole).first(size))) << size;
  EXPECT_TRUE(parse_red(ByteSpan(whole).first(15)));
}

TEST(RedPacket, RefusesTwoCodecsAndTooManyRepeats) {
  EXPECT_FALSE(parse_red(from_hex("ef 0f0001  6e  aa cc")));
  EXPECT_FALSE(parse_red(from_hex("ef 0f0001  ee 0f0001  6f  aa bb cc")));
  std::string headers;
  for (std::size_t i = 0; i < RedPacket::kMaxRepeats; ++i) headers += "ef 0f0000 ";
  const auto most = parse_red(from_hex((headers + "6f cc").c_str()));
  ASSERT_TRUE(most);
  EXPECT_EQ(most->header_size, RedPacket::kMaxHeader);
  EXPECT_FALSE(parse_red(from_hex((headers + "ef 0f0000 6f cc").c_str())));
}

TEST(RedPacket, TheHeadersGetAnotherPayloadType) {
  const auto payload = from_hex(kTwoRepeats);
  std::array<std::uint8_t, RedPacket::kMaxHeader> out{};
  rewrite_red_header(payload, 9, 96, out.data());
  EXPECT_EQ(to_hex(ByteSpan(out).first(9)), "e01e0002e00f000360");
}

}  // namespace
}  // namespace noir
