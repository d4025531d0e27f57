#include "sim/delay_histogram.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(DelayHistogram, FindsQuantilesToThreePerCent) {
  DelayHistogram delays;
  for (int us = 1; us <= 100'000; ++us) delays.add(microseconds(us));
  for (const double fraction : {0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99}) {
    const double exact_us = fraction * 100'000;
    const double found_us = std::chrono::duration<double, std::micro>(delays.quantile(fraction)).count();
    EXPECT_GE(found_us, exact_us);
    EXPECT_LE(found_us, exact_us * 1.035 + 2);
  }
  EXPECT_EQ(delays.max(), microseconds(100'000));
  EXPECT_EQ(delays.quantile(1), microseconds(100'000));
}

TEST(DelayHistogram, AddsUp) {
  DelayHistogram a;
  DelayHistogram b;
  a.add(microseconds(10));
  b.add(seconds(1000));
  b.add(microseconds(-5));
  a.add(b);
  EXPECT_EQ(a.total(), 3U);
  EXPECT_EQ(a.max(), seconds(1000));
  EXPECT_EQ(a.quantile(0), microseconds(1));
}

}  // namespace
}  // namespace noir
