#include "srtp/replay_window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace noir {
namespace {

TEST(ReplayWindow, KnowsNothingBeforeTheFirstPacket) {
  ReplayWindow<128> window;
  EXPECT_FALSE(window.is_replay(0));
  window.accept(0);
  EXPECT_TRUE(window.is_replay(0));
}

TEST(ReplayWindow, TakesLateOnesInsideTheWindowOnly) {
  ReplayWindow<128> window;
  window.accept(1000);
  EXPECT_FALSE(window.is_replay(1000 - 127));
  EXPECT_TRUE(window.is_replay(1000 - 128));
}

TEST(ReplayWindow, ForgetsEverythingAfterAJump) {
  ReplayWindow<128> window;
  for (std::uint64_t i = 0; i < 128; ++i) window.accept(i);
  window.accept(1'000'000);
  EXPECT_FALSE(window.is_replay(1'000'000 - 1));
  EXPECT_TRUE(window.is_replay(127));
}

TEST(ReplayWindow, AgreesWithASetOfAllIndices) {
  ReplayWindow<1024> window;
  std::set<std::uint64_t> seen;
  std::mt19937_64 random(1);
  std::uint64_t highest = 5000;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t index = highest + 40 - random() % 1500;
    const bool too_old = !seen.empty() && index + 1024 <= *seen.rbegin();
    ASSERT_EQ(window.is_replay(index), too_old || seen.contains(index)) << index;
    if (!window.is_replay(index)) {
      window.accept(index);
      seen.insert(index);
    }
    highest = std::max(highest, index);
  }
}

}  // namespace
}  // namespace noir
