#include "forward/keyframe_allowance.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

TEST(KeyframeAllowance, BacksOffFromWhoGoesOnAsking) {
  KeyframeAllowance allowance;
  std::vector<std::int64_t> passed;
  for (std::int64_t ms = 0; ms < 64'000; ms += 100) {
    if (allowance.take(at_ms(ms))) passed.push_back(ms);
  }
  EXPECT_EQ(passed, (std::vector<std::int64_t>{0, 500, 1500, 3500, 7500, 15'500, 31'500, 47'500, 63'500}));
}

TEST(KeyframeAllowance, ForgetsWhileNobodyAsks) {
  KeyframeAllowance allowance;
  for (std::int64_t ms = 0; ms < 60'000; ms += 100) (void)allowance.take(at_ms(ms));
  EXPECT_FALSE(allowance.take(at_ms(60'000)));
  EXPECT_TRUE(allowance.take(at_ms(90'000)));
  EXPECT_TRUE(allowance.take(at_ms(90'500)));
}

TEST(KeyframeAllowance, NeverHoldsUpWhoAsksNowAndThen) {
  KeyframeAllowance allowance;
  for (std::int64_t ms = 0; ms < 600'000; ms += 6000) EXPECT_TRUE(allowance.take(at_ms(ms))) << ms;
}

}  // namespace
}  // namespace noir
