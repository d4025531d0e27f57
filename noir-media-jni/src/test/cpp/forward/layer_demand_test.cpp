#include "forward/layer_demand.hpp"

#include <gtest/gtest.h>

#include "forward/media_source.hpp"

namespace noir {
namespace {

using test::at_ms;

TEST(LayerDemand, OnAtOnceOffAfterFiveSeconds) {
  LayerDemand demand;
  EXPECT_EQ(demand.wanted(), 0);
  EXPECT_TRUE(demand.update(at_ms(0), 0b111));
  EXPECT_EQ(demand.wanted(), 0b111);
  EXPECT_EQ(demand.next_timeout(), kNever);
  EXPECT_FALSE(demand.update(at_ms(1000), 0b001));
  EXPECT_EQ(demand.wanted(), 0b111);
  EXPECT_EQ(demand.next_timeout(), at_ms(6000));
  EXPECT_FALSE(demand.poll(at_ms(5999)));
  EXPECT_TRUE(demand.poll(at_ms(6000)));
  EXPECT_EQ(demand.wanted(), 0b001);
  EXPECT_TRUE(demand.update(at_ms(6001), 0b100));
  EXPECT_EQ(demand.wanted(), 0b101);
}

TEST(LayerDemand, WhoComesBackInTimeIsNotNoticed) {
  LayerDemand demand;
  (void)demand.update(at_ms(0), 0b11);
  EXPECT_FALSE(demand.update(at_ms(1000), 0b01));
  EXPECT_FALSE(demand.update(at_ms(5000), 0b11));
  EXPECT_EQ(demand.next_timeout(), kNever);
  EXPECT_FALSE(demand.update(at_ms(7000), 0b01));
  EXPECT_FALSE(demand.poll(at_ms(11'999)));
  EXPECT_TRUE(demand.poll(at_ms(12'000)));
}

TEST(LayerDemand, AKeyFrameIsForThoseThatTakeItNow) {
  LayerDemand demand;
  (void)demand.update(at_ms(0), 0b10);
  EXPECT_TRUE(demand.takes(1));
  EXPECT_FALSE(demand.takes(0));
  (void)demand.update(at_ms(1), 0);
  EXPECT_FALSE(demand.takes(1));
  EXPECT_EQ(demand.wanted(), 0b10);
  EXPECT_FALSE(demand.takes(200));
}

}  // namespace
}  // namespace noir
