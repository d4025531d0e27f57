#include "base/credit.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::seconds;

TEST(Credit, GivesSoManyAtOnceAndOneMoreEverySoOften) {
  Credit credit(3, seconds(10));
  const Instant start(seconds(1000));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(credit.take(start)) << i;
  EXPECT_FALSE(credit.has(start));
  EXPECT_FALSE(credit.take(start + seconds(9)));
  EXPECT_TRUE(credit.take(start + seconds(10)));
  EXPECT_FALSE(credit.take(start + seconds(19)));
  EXPECT_TRUE(credit.take(start + seconds(20)));
}

TEST(Credit, KeepsNoMoreThanSoMany) {
  Credit credit(2, seconds(1));
  const Instant later(seconds(1'000'000));
  EXPECT_TRUE(credit.take(later));
  EXPECT_TRUE(credit.take(later));
  EXPECT_FALSE(credit.take(later));
}

TEST(Credit, IsThereAtTheBeginningOfTime) {
  Credit credit(1, seconds(1));
  EXPECT_TRUE(credit.take(Instant{}));
  EXPECT_FALSE(credit.take(Instant{}));
}

}  // namespace
}  // namespace noir
