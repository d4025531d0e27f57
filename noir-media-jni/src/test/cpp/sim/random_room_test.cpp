#include "sim/random_room.hpp"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

namespace noir {
namespace {

class RandomRoomTest : public ::testing::TestWithParam<std::tuple<LoopIndex, std::uint64_t>> {};

TEST_P(RandomRoomTest, NeverBreaksARule) {
  const auto [loops, seed] = GetParam();
  RandomRoom people(seed, loops, std::mt19937_64(seed));
  for (int i = 0; i < 150; ++i) {
    people.act();
    people.run_a_little();
  }
  people.empty();
  for (LoopIndex loop = 0; loop < loops; ++loop) {
    const SfuCounters counters = people.room().sfu(loop).counters();
    EXPECT_EQ(counters.bugs, 0U);
    EXPECT_EQ(counters.transports, 0U);
    EXPECT_EQ(counters.tracks, 0U);
    EXPECT_EQ(counters.squelched_tracks, 0U);
    EXPECT_EQ(counters.mirrors, 0U);
    EXPECT_EQ(counters.down_tracks, 0U);
  }
  EXPECT_EQ(people.room().packets_in_use(), 0U);
  EXPECT_GT(people.frames(), 100U);
  EXPECT_EQ(people.payload_errors(), 0U);
  EXPECT_EQ(people.reused_nonces(), 0U);
}

INSTANTIATE_TEST_SUITE_P(OneLoop, RandomRoomTest,
                         ::testing::Combine(::testing::Values<LoopIndex>(1), ::testing::Range<std::uint64_t>(1, 6)));
INSTANTIATE_TEST_SUITE_P(TwoLoops, RandomRoomTest,
                         ::testing::Combine(::testing::Values<LoopIndex>(2), ::testing::Range<std::uint64_t>(6, 11)));

}  // namespace
}  // namespace noir
