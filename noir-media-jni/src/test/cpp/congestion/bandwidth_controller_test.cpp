#include "congestion/bandwidth_controller.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{seconds(1000)};

struct Arrival {
  std::uint64_t seq;
  Duration at;  // By the receiver's clock.
};

/// A controller and what a receiver would report to it.
class BandwidthControllerTest : public ::testing::Test {
 protected:
  void send(int count, std::uint32_t size = 1000) {
    for (int i = 0; i < count; ++i) {
      controller_.on_sent(now_, static_cast<std::uint16_t>(next_++), size, SentKind::kMedia);
      now_ += milliseconds(10);
    }
  }
  void report(std::uint64_t base, const std::vector<Arrival>& arrivals) {
    std::vector<TwccArrival> ticks;
    for (const Arrival& a : arrivals) ticks.push_back({a.seq, a.at / std::chrono::microseconds(250)});
    std::array<std::uint8_t, 1400> storage{};
    ByteWriter out(storage);
    ASSERT_EQ(write_twcc_feedback(out, {base, 1, 2, 0}, ticks), ticks.size());
    ByteSpan rest = out.written();
    const auto packet = take_rtcp_packet(rest);
    ASSERT_TRUE(packet);
    const auto feedback = parse_transport_feedback(*packet);
    ASSERT_TRUE(feedback);
    controller_.on_feedback(now_, *feedback);
  }
  /// All from `first` up to `end` arrived 10 ms apart.
  void report_all(std::uint64_t first, std::uint64_t end) {
    std::vector<Arrival> arrivals;
    for (std::uint64_t seq = first; seq < end; ++seq)
      arrivals.push_back({seq, offset_ + (seq - base_) * milliseconds(10)});
    report(first, arrivals);
  }
  [[nodiscard]] BandwidthExplanation explain() const { return controller_.explain(now_); }

  static constexpr std::uint64_t base_ = 65536 + 65000;
  BandwidthController controller_{BandwidthConfig{}};
  Instant now_ = kStart;
  std::uint64_t next_ = base_;
  Duration offset_ = seconds(64);
};

TEST_F(BandwidthControllerTest, IsSmallEnoughForEverySubscriberOfALargeRoom) {
  // With a history of 512 packets, which 2.5 Mbit/s need: 8 KB at most.
  EXPECT_LE(sizeof(BandwidthController) + 512 * 8, 8U * 1024);
}

TEST_F(BandwidthControllerTest, RisesWithWhatIsDeliveredOverWrapsOfTheNumber) {
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t first = next_;
    send(10);  // 822 kbit/s.
    report_all(first, next_);
  }
  EXPECT_GT(controller_.estimate_bps(), 750'000);
  EXPECT_EQ(explain().mismatched_reports, 0U);
  EXPECT_EQ(explain().loss_permille, 0);
}

TEST_F(BandwidthControllerTest, TakesTheWrapOfTheReferenceTimeForWhatItIs) {
  offset_ = milliseconds(64) * ((1 << 24) - 20);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t first = next_;
    send(10);
    report_all(first, next_);
  }
  EXPECT_GT(controller_.estimate_bps(), 750'000);
  EXPECT_EQ(explain().usage, Usage::kNormal);
}

TEST_F(BandwidthControllerTest, ReportsOfNothingThatWasSentCountAsCongestion) {
  send(10);
  report_all(base_, next_);
  const std::int64_t before = controller_.estimate_bps();
  now_ += milliseconds(500);
  report_all(base_ + 5000, base_ + 5010);
  EXPECT_LT(controller_.estimate_bps(), before * 3 / 4);
  EXPECT_EQ(explain().limit, BandwidthLimit::kSilence);
  EXPECT_EQ(explain().mismatched_reports, 1U);
  // Once in a while, not with each of them: or a flood of forgeries would be worse than silence.
  const std::int64_t after = controller_.estimate_bps();
  for (int i = 0; i < 20; ++i) report_all(base_ + 5000, base_ + 5010);
  EXPECT_EQ(controller_.estimate_bps(), after);
}

// After a take-over Chromium goes on reporting when it got the numbers of before, beside ours, and as ours where they
// are the same.
TEST_F(BandwidthControllerTest, ReportsOfAnotherServersPacketsSayNothing) {
  for (int i = 0; i < 30; ++i) {
    const std::uint64_t first = next_;
    send(10);
    if (i < 10 || i >= 15) report_all(first, next_);
    if (i < 10) report_all(base_ + 5000, base_ + 5050);
    if (i >= 10 && i < 15) {
      std::vector<Arrival> long_ago;
      for (std::uint64_t seq = first; seq < next_; ++seq)
        long_ago.push_back({seq, offset_ - seconds(9) + (seq - first) * milliseconds(10)});
      report(first, long_ago);
    }
  }
  EXPECT_EQ(explain().mismatched_reports, 10U);
  EXPECT_LT(explain().queue, milliseconds(25));
  EXPECT_EQ(explain().loss_permille, 0);
  EXPECT_FALSE(controller_.is_constrained());
  EXPECT_GT(controller_.estimate_bps(), 600'000);
}

TEST_F(BandwidthControllerTest, ReportsBeforeAnythingWasSentSayNothing) {
  const std::int64_t before = controller_.estimate_bps();
  report_all(base_ + 5000, base_ + 5010);
  EXPECT_EQ(explain().mismatched_reports, 1U);
  EXPECT_EQ(controller_.estimate_bps(), before);
  EXPECT_FALSE(controller_.is_constrained());
}

// It calls everything between our numbers and those missing, what is under way to it included.
TEST_F(BandwidthControllerTest, WhatIsUnderWayIsNotLostBeforeNumbersOfAnotherTime) {
  for (int i = 0; i < 30; ++i) {
    const std::uint64_t first = next_;
    send(10);
    const std::uint64_t end = next_;
    send(3);
    std::vector<Arrival> arrivals;
    for (std::uint64_t seq = first; seq < end; ++seq)
      arrivals.push_back({seq, offset_ + (seq - base_) * milliseconds(10)});
    arrivals.push_back({end + 500, offset_});
    report(first, arrivals);
    report_all(end, next_);
  }
  EXPECT_EQ(explain().loss_permille, 0);
  EXPECT_EQ(explain().mismatched_reports, 0U);
}

TEST_F(BandwidthControllerTest, AClockThatIsSetBackIsBelievedInTheEnd) {
  for (int i = 0; i < 60; ++i) {
    if (i == 20) offset_ -= seconds(30);
    const std::uint64_t first = next_;
    send(10);
    report_all(first, next_);
  }
  EXPECT_LT(explain().queue, milliseconds(25));
  EXPECT_FALSE(controller_.is_constrained());
  EXPECT_GT(controller_.estimate_bps(), 600'000);
}

TEST_F(BandwidthControllerTest, RepeatedAndReorderedReportsSayNothingNew) {
  send(30);
  report_all(base_ + 10, base_ + 20);
  report_all(base_, base_ + 10);
  const BandwidthExplanation before = explain();
  report_all(base_, base_ + 10);
  report_all(base_ + 10, base_ + 20);
  EXPECT_EQ(explain().estimate_bps, before.estimate_bps);
  EXPECT_EQ(explain().mismatched_reports, 0U);
  EXPECT_EQ(explain().loss_permille, 0);
}

TEST_F(BandwidthControllerTest, LateIsNotLost) {
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t first = next_;
    send(10);
    // One of ten comes after its successor's report.
    std::vector<Arrival> arrivals;
    for (std::uint64_t seq = first; seq < next_; ++seq) {
      if (seq != first + 5) arrivals.push_back({seq, offset_ + (seq - base_) * milliseconds(10)});
    }
    report(first, arrivals);
    report(first + 5, {{first + 5, offset_ + (first + 12 - base_) * milliseconds(10)}});
  }
  EXPECT_LE(explain().loss_permille, 10);  // Of a hundred; a window may end between the two reports.
}

TEST_F(BandwidthControllerTest, HalvesWhileReportsAreOverdue) {
  send(10);
  report_all(base_, next_);
  send(10);
  const std::int64_t before = controller_.estimate_bps();
  now_ = controller_.next_timeout();
  while (now_ < kStart + seconds(3)) {
    controller_.on_timer(now_);
    now_ = std::max(now_ + milliseconds(1), controller_.next_timeout());
  }
  EXPECT_LE(controller_.estimate_bps(), before / 8);
  EXPECT_EQ(explain().limit, BandwidthLimit::kSilence);
}

TEST_F(BandwidthControllerTest, SilenceOfWhoSendsNothingIsNone) {
  send(10);
  report_all(base_, next_);
  const std::int64_t before = controller_.estimate_bps();
  for (int i = 0; i < 100; ++i) controller_.on_timer(now_ += milliseconds(100));
  EXPECT_EQ(controller_.estimate_bps(), before);
}

TEST_F(BandwidthControllerTest, RembIsAnUpperLimit) {
  controller_.on_remb(now_, 200'000);
  EXPECT_EQ(controller_.estimate_bps(), 200'000);
  EXPECT_EQ(explain().limit, BandwidthLimit::kReceiver);
  controller_.on_remb(now_, 10'000'000);
  EXPECT_EQ(controller_.estimate_bps(), 300'000);
}

TEST_F(BandwidthControllerTest, NothingIsProbedForThatNobodyWants) {
  send(10);
  controller_.set_wanted(now_, 100'000);
  for (int i = 0; i < 50; ++i) {
    controller_.on_timer(now_ += milliseconds(10));
    EXPECT_EQ(controller_.padding_due(now_), 0U);
  }
}

TEST_F(BandwidthControllerTest, ProbesAtOnceForWhatIsWanted) {
  controller_.set_wanted(now_, 1'000'000);
  send(1);
  controller_.on_timer(now_);
  const Instant begun = now_;
  std::uint32_t octets = 0;
  while (now_ < begun + milliseconds(100)) {
    if (const std::uint32_t size = controller_.padding_due(now_); size > 0) {
      octets += size;
      controller_.on_sent(now_, static_cast<std::uint16_t>(next_++), size, SentKind::kPadding);
    } else {
      now_ += milliseconds(1);
    }
  }
  EXPECT_GT(octets, 4000U);
  EXPECT_LT(octets, 16'000U);
}

TEST(BandwidthWithoutReportsOfPackets, FollowsLoss) {
  BandwidthConfig config;
  config.transport_wide = false;
  BandwidthController controller(config);
  Instant now = kStart;
  const auto seconds_with_loss = [&](int count, std::uint32_t lost) {
    for (int i = 0; i < count; ++i) {
      for (int p = 0; p < 100; ++p, now += milliseconds(10)) {
        controller.on_sent(now, static_cast<std::uint16_t>(p), 1000, SentKind::kMedia);
      }
      controller.on_receiver_report(now, 100, lost, milliseconds(80));
    }
  };
  controller.set_wanted(now, 1'000'000);
  seconds_with_loss(30, 0);
  const std::int64_t risen = controller.estimate_bps();
  EXPECT_GT(risen, 900'000);
  EXPECT_LE(risen, 1'050'000);  // What is wanted, and a little.
  EXPECT_TRUE(controller.may_send(now));
  seconds_with_loss(5, 40);
  EXPECT_LT(controller.estimate_bps(), risen * 2 / 3);
  EXPECT_EQ(controller.explain(now).limit, BandwidthLimit::kLoss);
  EXPECT_EQ(controller.next_timeout(), kNever);
}

}  // namespace
}  // namespace noir
