#include "congestion/reported_limit.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ReportedLimitTest : public ::testing::Test {
 protected:
  void send(std::int64_t bps, Duration time = milliseconds(1000)) {
    now_ += time;
    octets_ += static_cast<std::uint32_t>(bps * (time / milliseconds(1)) / 8000);
    limit_.note_sent(now_, octets_);
  }
  void SetUp() override {
    limit_.note_sent(now_, octets_);
    send(1'000'000);
  }

  ReportedLimit limit_;
  Instant now_{seconds(1000)};
  std::uint32_t octets_ = 0xFFFF0000;  // It wraps.
};

TEST_F(ReportedLimitTest, NothingIsLimitedWithoutNeed) {
  limit_.on_remb(now_, 1'100'000);
  limit_.on_reports(now_, 100, 5);
  EXPECT_EQ(limit_.bps(now_), ReportedLimit::kNone);
}

TEST_F(ReportedLimitTest, AnEstimateBelowWhatIsSentHolds) {
  limit_.on_remb(now_, 400'000);
  EXPECT_EQ(limit_.bps(now_), 400'000);
  for (int i = 0; i < 60; ++i) {
    send(350'000);
    limit_.on_remb(now_, 400'000);
  }
  EXPECT_EQ(limit_.bps(now_), 400'000);
  limit_.on_remb(now_, 900'000);
  EXPECT_EQ(limit_.bps(now_), 900'000);
  limit_.on_remb(now_, 3'000'000);
  EXPECT_EQ(limit_.bps(now_), ReportedLimit::kNone);
}

TEST_F(ReportedLimitTest, WhoCanOnlySayLittleIsTriedWithMore) {
  limit_.on_remb(now_, 400'000);
  std::int64_t before = 400'000;
  for (int i = 0; i < 15; ++i) {
    send(150'000);
    limit_.on_remb(now_, 225'000);
    EXPECT_GE(limit_.bps(now_), before);
    before = limit_.bps(now_);
  }
  EXPECT_GT(before, 600'000);
}

TEST_F(ReportedLimitTest, WhoFallsSilentIsForgotten) {
  limit_.on_remb(now_, 400'000);
  send(300'000, seconds(11));
  EXPECT_EQ(limit_.bps(now_), ReportedLimit::kNone);
}

TEST_F(ReportedLimitTest, LossLowersDownToHalfOfWhatIsSent) {
  for (int i = 0; i < 5; ++i) {
    send(1'000'000);
    limit_.on_reports(now_, 100, 25);
  }
  EXPECT_LT(limit_.bps(now_), 800'000);
  for (int i = 0; i < 60; ++i) {
    send(1'000'000);
    limit_.on_reports(now_, 100, 25);
  }
  EXPECT_GE(limit_.bps(now_), 450'000);
  for (int i = 0; i < 60; ++i) {
    send(400'000);
    limit_.on_reports(now_, 100, 0);
  }
  EXPECT_EQ(limit_.bps(now_), ReportedLimit::kNone);
}

TEST_F(ReportedLimitTest, ATrackThatGoesIsNotTakenForAFlood) {
  octets_ -= 500'000;
  send(200'000);
  send(200'000);
  limit_.on_remb(now_, 250'000);
  EXPECT_EQ(limit_.bps(now_), ReportedLimit::kNone);
}

}  // namespace
}  // namespace noir
