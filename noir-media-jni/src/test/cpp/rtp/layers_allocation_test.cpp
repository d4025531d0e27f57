#include "rtp/layers_allocation.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::from_hex;

// Three rtp streams, said on the second one: a spatial and three temporal layers each, with sizes.
constexpr const char* kSimulcast =
    "61 a8"
    "32 4b 64"
    "c801 ac02 f403"
    "a006 b009 a40d"
    "013f 00b3 0f  027f 0167 1e  04ff 02cf 1e";

TEST(LayersAllocation, ReadsSimulcast) {
  const auto allocation = parse_layers_allocation(from_hex(kSimulcast));
  ASSERT_TRUE(allocation);
  EXPECT_EQ(allocation->stream, 1);
  EXPECT_EQ(allocation->streams, 3);
  const auto& low = allocation->layers[0][0];
  EXPECT_EQ(low.temporal_layers, 3);
  EXPECT_EQ(low.kilobits_per_s, (std::array<std::uint32_t, 4>{50, 75, 100, 0}));
  EXPECT_EQ(low.width, 320);
  EXPECT_EQ(low.height, 180);
  const auto& high = allocation->layers[2][0];
  EXPECT_EQ(high.kilobits_per_s, (std::array<std::uint32_t, 4>{800, 1200, 1700, 0}));
  EXPECT_EQ(high.width, 1280);
  EXPECT_EQ(high.height, 720);
  EXPECT_EQ(allocation->layers[0][1].temporal_layers, 0);
}

TEST(LayersAllocation, ReadsAMaskForEachStream) {
  // The third of three is paused.
  const auto three = parse_layers_allocation(from_hex("20 1100 00 64 f403"));
  ASSERT_TRUE(three);
  EXPECT_EQ(three->streams, 3);
  EXPECT_EQ(three->layers[0][0].kilobits_per_s[0], 100U);
  EXPECT_EQ(three->layers[1][0].kilobits_per_s[0], 500U);
  EXPECT_EQ(three->layers[1][0].width, 0);
  EXPECT_EQ(three->layers[2][0].temporal_layers, 0);
  // Of two, the masks share an octet.
  const auto two = parse_layers_allocation(from_hex("50 01 00 64"));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->streams, 2);
  EXPECT_EQ(two->layers[0][0].temporal_layers, 0);
  EXPECT_EQ(two->layers[1][0].kilobits_per_s[0], 100U);
}

TEST(LayersAllocation, ReadsSpatialLayersOfOneStream) {
  // Layers 0 and 2 of four, one and two temporal layers.
  const auto allocation = parse_layers_allocation(from_hex("05 10 64 c801 ac02"));
  ASSERT_TRUE(allocation);
  EXPECT_EQ(allocation->streams, 1);
  EXPECT_EQ(allocation->layers[0][0].temporal_layers, 1);
  EXPECT_EQ(allocation->layers[0][1].temporal_layers, 0);
  EXPECT_EQ(allocation->layers[0][2].temporal_layers, 2);
  EXPECT_EQ(allocation->layers[0][2].kilobits_per_s[1], 300U);
}

TEST(LayersAllocation, ASingleZeroIsNothingSent) {
  const auto allocation = parse_layers_allocation(from_hex("00"));
  ASSERT_TRUE(allocation);
  EXPECT_EQ(allocation->streams, 0);
}

TEST(LayersAllocation, RefusesWhatIsCutOrTooLong) {
  const auto whole = from_hex(kSimulcast);
  const std::size_t without_sizes = whole.size() - std::size_t{3} * 5;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const bool valid = size == whole.size() || size == without_sizes;
    EXPECT_EQ(parse_layers_allocation(ByteSpan(whole).first(size)).has_value(), valid) << size;
  }
  auto longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(parse_layers_allocation(longer));
  longer.resize(256);
  EXPECT_FALSE(parse_layers_allocation(longer));
}

TEST(LayersAllocation, RefusesWhatCannotBe) {
  EXPECT_FALSE(parse_layers_allocation(from_hex("51 00 64 c801 00")));     // A stream of two too many octets.
  EXPECT_FALSE(parse_layers_allocation(from_hex("81 00 64")));             // The third stream of one.
  EXPECT_FALSE(parse_layers_allocation(from_hex("01 00 8080808080 01")));  // A number without end,
  EXPECT_FALSE(parse_layers_allocation(from_hex("01 00 ffffff7f")));       // and one of 268 Gbit/s.
  EXPECT_FALSE(parse_layers_allocation(from_hex("20")));
}

}  // namespace
}  // namespace noir
