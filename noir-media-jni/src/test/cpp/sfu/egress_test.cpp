#include "sfu/egress.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace noir {
namespace {

const Path kAlice{0, SocketAddress::v4(192, 0, 2, 1, 1000)};
const Path kBob{0, SocketAddress::v4(192, 0, 2, 2, 1000)};

void append(Egress& egress, const Path& path, std::size_t size, std::uint8_t fill = 0x11) {
  egress.append(path, std::vector<std::uint8_t>(size, fill));
}

TEST(Egress, MakesOneRunOfEqualSizesAndAShorterLast) {
  Egress egress;
  append(egress, kAlice, 1000);
  append(egress, kAlice, 1000);
  append(egress, kAlice, 900);
  append(egress, kAlice, 900);  // The shorter one closed the run.
  ASSERT_EQ(egress.transmits().size(), 2U);
  EXPECT_EQ(egress.transmits()[0].bytes.size(), 2900U);
  EXPECT_EQ(egress.transmits()[0].segment_size, 1000U);
  EXPECT_EQ(egress.transmits()[1].segment_size, 900U);
}

TEST(Egress, NeverPutsALongerDatagramBehindAShorterOne) {
  Egress egress;
  append(egress, kAlice, 900);
  append(egress, kAlice, 901);
  EXPECT_EQ(egress.transmits().size(), 2U);
}

TEST(Egress, KeepsDestinationsApart) {
  Egress egress;
  append(egress, kAlice, 500, 0xAA);
  append(egress, kBob, 500, 0xBB);
  append(egress, kAlice, 500, 0xCC);
  ASSERT_EQ(egress.transmits().size(), 3U);
  EXPECT_EQ(egress.transmits()[1].path, kBob);
  EXPECT_EQ(egress.transmits()[1].bytes[0], 0xBB);
  EXPECT_EQ(egress.transmits()[2].bytes[0], 0xCC);
}

TEST(Egress, BoundsARunBySegmentsAndBytes) {
  Egress egress;
  for (int i = 0; i < 65; ++i) append(egress, kAlice, 100);
  ASSERT_EQ(egress.transmits().size(), 2U);
  EXPECT_EQ(egress.transmits()[0].bytes.size(), 6400U);
  egress.clear();
  for (int i = 0; i < 60; ++i) append(egress, kAlice, 1200);
  for (const Transmit& t : egress.transmits()) EXPECT_LE(t.bytes.size(), 65'507U);
}

TEST(Egress, TakesMoreThanFitsTheCacheAndSaysThatItIsFull) {
  Egress egress;
  std::size_t total = 0;
  for (int i = 0; i < 1000; ++i) {
    append(egress, kAlice, 1200, static_cast<std::uint8_t>(i));
    total += 1200;
  }
  EXPECT_TRUE(egress.full());
  std::size_t seen = 0;
  std::size_t datagram = 0;
  for (const Transmit& t : egress.transmits()) {
    for (std::size_t at = 0; at < t.bytes.size(); at += t.segment_size) {
      EXPECT_EQ(t.bytes[at], static_cast<std::uint8_t>(datagram++));
    }
    seen += t.bytes.size();
  }
  EXPECT_EQ(seen, total);
  egress.clear();
  EXPECT_FALSE(egress.full());
  EXPECT_TRUE(egress.transmits().empty());
}

}  // namespace
}  // namespace noir
