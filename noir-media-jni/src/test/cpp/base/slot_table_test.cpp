#include "base/slot_table.hpp"

#include <gtest/gtest.h>

#include <set>

namespace noir {
namespace {

TEST(SlotTable, FindsByIdUntilErased) {
  SlotTable<int> table;
  const auto a = table.emplace(1);
  const auto b = table.emplace(2);
  ASSERT_NE(table.find(a), nullptr);
  EXPECT_EQ(*table.find(a), 1);
  EXPECT_EQ(*table.find(b), 2);
  EXPECT_TRUE(table.erase(a));
  EXPECT_EQ(table.find(a), nullptr);
  EXPECT_FALSE(table.erase(a));
  EXPECT_EQ(table.size(), 1U);
}

TEST(SlotTable, AStaleIdDoesNotNameTheNextTenant) {
  SlotTable<int> table;
  const auto first = table.emplace(1);
  table.erase(first);
  const auto second = table.emplace(2);
  EXPECT_NE(first, second);
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_EQ(*table.find(second), 2);
}

TEST(SlotTable, IdsArePositiveAndDistinctOverAllGenerations) {
  SlotTable<int> table;
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 100'000; ++i) {
    const auto id = table.emplace(i);
    EXPECT_GT(static_cast<std::int32_t>(id), 0);
    EXPECT_TRUE(seen.insert(id).second);
    table.erase(id);
  }
}

TEST(SlotTable, UnknownIdsAreNotFound) {
  SlotTable<int> table;
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(0xFFFFFFFF), nullptr);
  table.emplace(1);
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(1), nullptr);
}

TEST(SlotTable, VisitsTheLivingAndLetsThemBeErased) {
  SlotTable<int> table;
  for (int i = 0; i < 4; ++i) table.emplace(i);
  int sum = 0;
  table.for_each([&](std::uint32_t id, int& value) {
    sum += value;
    if (value % 2 == 0) table.erase(id);
  });
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(table.size(), 2U);
}

}  // namespace
}  // namespace noir
