#include "sfu/timer_queue.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;

TEST(TimerQueue, GivesBackInOrderOfTime) {
  TimerQueue timers;
  const Instant start{};
  timers.arm(start + milliseconds(20), 2);
  timers.arm(start + milliseconds(10), 1);
  timers.arm(kNever, 9);
  EXPECT_EQ(timers.next(), start + milliseconds(10));
  EXPECT_EQ(timers.pop_due(start + milliseconds(9)), 0U);
  EXPECT_EQ(timers.pop_due(start + milliseconds(30)), 1U);
  EXPECT_EQ(timers.pop_due(start + milliseconds(30)), 2U);
  EXPECT_EQ(timers.pop_due(start + milliseconds(30)), 0U);
  EXPECT_EQ(timers.next(), kNever);
}

}  // namespace
}  // namespace noir
