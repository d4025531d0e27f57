#include "forward/repair_budget.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

TEST(RepairBudget, IsAQuarterOfWhatWasSent) {
  RepairBudget budget;
  std::uint32_t sent = 0xFFFF'0000;  // It wraps.
  ASSERT_FALSE(budget.take(0, RepairBudget::kStart + 1));
  ASSERT_TRUE(budget.take(0, RepairBudget::kStart));
  RepairBudget wrapping;
  (void)wrapping.take(sent, 0);
  ASSERT_TRUE(wrapping.take(sent, RepairBudget::kMostKept));
  std::uint64_t repaired = 0;
  for (int i = 0; i < 10'000; ++i) {
    sent += 1000;
    for (int n = 0; n < 8; ++n) repaired += wrapping.take(sent, 1000) ? 1000 : 0;
  }
  EXPECT_LE(repaired, 2'500'000U);
  EXPECT_GE(repaired, 2'499'000U);
}

TEST(RepairBudget, KeepsABurst) {
  RepairBudget budget;
  EXPECT_TRUE(budget.take(0x7000'0000, RepairBudget::kMostKept));
  EXPECT_FALSE(budget.take(0x7000'0000, 1));
}

}  // namespace
}  // namespace noir
