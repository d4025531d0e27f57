#include "rtp/seq_num.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

constexpr std::uint64_t kCycle = SeqUnwrapper::kCycle;

TEST(SeqUnwrapper, FollowsWrapsAndReordering) {
  struct Step {
    std::uint16_t seq;
    std::uint64_t ext_seq;
  };
  constexpr Step kSteps[] = {
      {0xFFFE, kCycle + 0xFFFE}, {0xFFFF, kCycle + 0xFFFF},     {0x0001, 2 * kCycle + 1},      {0x0000, 2 * kCycle},
      {0xFFFD, kCycle + 0xFFFD}, {0x8000, 2 * kCycle + 0x8000}, {0xFFFF, 2 * kCycle + 0xFFFF}, {0x0002, 3 * kCycle + 2},
  };
  SeqUnwrapper unwrapper;
  for (const Step& step : kSteps) EXPECT_EQ(unwrapper.unwrap(step.seq), step.ext_seq) << step.seq;
}

TEST(SeqUnwrapper, ReorderingBeforeTheFirstStaysPositive) {
  SeqUnwrapper unwrapper;
  EXPECT_EQ(unwrapper.unwrap(0), kCycle);
  EXPECT_EQ(unwrapper.unwrap(0xFFFF), kCycle - 1);
}

TEST(SeqUnwrapper, PeekRemembersNothing) {
  SeqUnwrapper unwrapper;
  unwrapper.unwrap(100);
  EXPECT_EQ(unwrapper.peek(20'000), kCycle + 20'000);
  EXPECT_EQ(unwrapper.highest(), kCycle + 100);
}

TEST(SeqUnwrapper, RestartsAboveEverythingGiven) {
  SeqUnwrapper unwrapper;
  const auto before = unwrapper.unwrap(0xFFFF);
  unwrapper.restart();
  EXPECT_FALSE(unwrapper.started());
  EXPECT_GT(unwrapper.unwrap(0), before + kCycle / 2);
}

TEST(UnwrapNear, WorksForShortCounters) {
  EXPECT_EQ(unwrap_near(0x10000 + 127, 0, 7), 0x10000U + 128);
  EXPECT_EQ(unwrap_near(0x10000 + 128, 127, 7), 0x10000U + 127);
  EXPECT_EQ(unwrap_near(0x17FFF, 0, 15), 0x18000U);
}

}  // namespace
}  // namespace noir
