#include "forward/seq_compactor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace noir {
namespace {

TEST(SeqCompactor, ClosesGapsOfWhatIsDropped) {
  SeqCompactor c;
  c.restart(100, 10);
  EXPECT_EQ(c.map(100), 10U);
  EXPECT_TRUE(c.drop(101));
  EXPECT_TRUE(c.drop(102));
  EXPECT_EQ(c.map(103), 11U);
  EXPECT_EQ(c.next_out(), 12U);
}

TEST(SeqCompactor, KeepsThePlaceOfWhatIsLost) {
  SeqCompactor c;
  c.restart(100, 10);
  EXPECT_EQ(c.map(100), 10U);
  EXPECT_TRUE(c.drop(102));
  EXPECT_EQ(c.map(104), 13U);
  EXPECT_EQ(c.map(101), 11U);
  EXPECT_EQ(c.map(103), 12U);
}

TEST(SeqCompactor, LeavesTheHoleOfALateDrop) {
  SeqCompactor c;
  c.restart(100, 10);
  EXPECT_EQ(c.map(100), 10U);
  EXPECT_EQ(c.map(102), 12U);
  EXPECT_FALSE(c.drop(101));
  EXPECT_EQ(c.map(101), 11U);
  EXPECT_EQ(c.map(103), 13U);
}

TEST(SeqCompactor, DropsOutOfOrderWhileNothingNewerWasMapped) {
  SeqCompactor c;
  c.restart(100, 10);
  EXPECT_EQ(c.map(100), 10U);
  EXPECT_TRUE(c.drop(104));
  EXPECT_TRUE(c.drop(101));
  EXPECT_TRUE(c.drop(103));
  EXPECT_TRUE(c.drop(104));  // Again: counted once.
  EXPECT_EQ(c.map(105), 12U);
  EXPECT_EQ(c.map(102), 11U);
  EXPECT_EQ(c.map(103), std::nullopt);
}

TEST(SeqCompactor, ForgetsWhatIsBeforeTheSegment) {
  SeqCompactor c;
  c.restart(100, 10);
  EXPECT_EQ(c.map(99), std::nullopt);
  EXPECT_EQ(c.map(100), 10U);
  c.restart(500, c.next_out());
  EXPECT_EQ(c.map(100), std::nullopt);
  EXPECT_EQ(c.map(500), 11U);
}

TEST(SeqCompactor, ForgetsAFarPastButNeverMisplacesIt) {
  SeqCompactor c;
  c.restart(1000, 1000);
  EXPECT_EQ(c.map(1000), 1000U);
  for (std::uint64_t s = 1001; s < 1201; s += 2) {
    EXPECT_TRUE(c.drop(s));
    EXPECT_TRUE(c.map(s + 1));
  }
  EXPECT_EQ(c.map(1100), std::nullopt);
  EXPECT_EQ(c.map(1196), 1098U);
  EXPECT_EQ(c.map(1202), 1102U);
}

// Whatever order things come in: in a window of history, every source that is mapped has one place of its own, places
// ascend with sources, and without reordering there are holes only for losses.
TEST(SeqCompactor, IsInjectiveMonotoneAndStable) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    SeqCompactor c;
    c.restart(1000, 5);
    EXPECT_EQ(c.map(1000), 5U);
    std::vector<std::uint64_t> order;
    for (std::uint64_t s = 1001; s < 1300; ++s) order.push_back(s);
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      if (random() % 5 == 0)
        std::swap(order[i], order[i + 1 + random() % std::min<std::size_t>(4, order.size() - i - 1)]);
    }
    std::map<std::uint64_t, std::uint64_t> places{{1000, 5}};
    for (const std::uint64_t s : order) {
      const auto chance = random() % 10;
      if (chance == 0) continue;  // Lost.
      if (chance < 4 && c.drop(s)) continue;
      if (const auto place = c.map(s)) {
        places[s] = *place;
        EXPECT_EQ(c.map(s), place);
      }
    }
    std::uint64_t previous = 4;
    for (const auto& [source, place] : places) {
      EXPECT_GT(place, previous);
      previous = place;
    }
  }
}

}  // namespace
}  // namespace noir
