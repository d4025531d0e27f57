#include "sfu/demux.hpp"

#include <gtest/gtest.h>

#include <array>

namespace noir {
namespace {

DatagramKind kind_of(std::uint8_t first, std::uint8_t second = 0) {
  const std::array<std::uint8_t, 2> bytes{first, second};
  return classify(bytes);
}

TEST(Demux, FollowsTheRangesOfRfc7983) {
  for (int b = 0; b <= 255; ++b) {
    const auto first = static_cast<std::uint8_t>(b);
    const DatagramKind expected = b <= 3                 ? DatagramKind::kStun
                                  : b >= 20 && b <= 63   ? DatagramKind::kDtls
                                  : b >= 128 && b <= 191 ? DatagramKind::kRtp
                                                         : DatagramKind::kUnknown;
    EXPECT_EQ(kind_of(first), expected) << b;
  }
}

TEST(Demux, TellsRtcpFromRtpByTheSecondByte) {
  EXPECT_EQ(kind_of(0x80, 191), DatagramKind::kRtp);
  EXPECT_EQ(kind_of(0x80, 192), DatagramKind::kRtcp);
  EXPECT_EQ(kind_of(0x80, 206), DatagramKind::kRtcp);
  EXPECT_EQ(kind_of(0x80, 223), DatagramKind::kRtcp);
  EXPECT_EQ(kind_of(0x80, 0x80 | 96), DatagramKind::kRtp);  // Marker and payload type 96.
}

TEST(Demux, KnowsNothingShorterThanTwoBytes) {
  EXPECT_EQ(classify({}), DatagramKind::kUnknown);
  const std::array<std::uint8_t, 1> one{0};
  EXPECT_EQ(classify(one), DatagramKind::kUnknown);
}

}  // namespace
}  // namespace noir
