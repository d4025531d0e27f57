// The parts of the controller, each by itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "congestion/byte_rate.hpp"
#include "congestion/delay_trend.hpp"
#include "congestion/loss_limit.hpp"
#include "congestion/paced_queue.hpp"
#include "congestion/pacer.hpp"
#include "congestion/probe_meter.hpp"
#include "congestion/virtual_network.hpp"

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{seconds(1000)};

TEST(ByteRate, CountsWholeSteps) {
  ByteRate rate;
  for (int i = 0; i < 100; ++i) rate.add(seconds(5) + i * milliseconds(10), 1000);
  EXPECT_TRUE(rate.covers(10));
  EXPECT_EQ(rate.bps(10), 800'000);
  EXPECT_EQ(rate.bps(10, seconds(20)), 0);
  rate.add(seconds(5), 1'000'000);  // Too old to count.
  EXPECT_EQ(rate.bps(10), 800'000);
}

TEST(DelayTrend, SeesAQueueGrowAndDrainAndNoneInJitter) {
  DelayTrend trend;
  Duration at{};
  const auto run = [&](int count, Duration more) {
    for (int i = 0; i < count; ++i)
      (void)trend.handle({milliseconds(20), milliseconds(20) + more, at += milliseconds(20)});
  };
  for (int i = 0; i < 200; ++i) run(1, i % 2 == 0 ? milliseconds(4) : milliseconds(-4));
  EXPECT_EQ(trend.usage(), Usage::kNormal);
  run(20, milliseconds(4));
  EXPECT_EQ(trend.usage(), Usage::kOver);
  run(40, milliseconds(-4));
  EXPECT_EQ(trend.usage(), Usage::kUnder);
  run(80, Duration::zero());
  EXPECT_EQ(trend.usage(), Usage::kNormal);
}

// Twelve packets of 500 octets, 2 ms apart: 2 Mbit/s; they come `apart`, the first `at_once` of them together.
ProbeMeter::Outcome probe(Duration apart, int at_once, int lost = 0) {
  ProbeMeter meter;
  meter.expect(1, 6000, 2'000'000);
  Duration at = seconds(1);
  for (int i = 0; i < 12; ++i) {
    if (i >= at_once) at += apart;
    PacketResult result;
    result.sent = kStart + i * milliseconds(2);
    result.arrived = at;
    result.received = i >= lost;
    result.cluster = 1;
    result.size = 500;
    meter.handle(result);
  }
  const auto outcome = meter.poll();
  EXPECT_TRUE(outcome);
  return outcome.value_or(ProbeMeter::Outcome{});
}

TEST(ProbeMeter, MeasuresWhatGotThrough) {
  EXPECT_NEAR(static_cast<double>(probe(milliseconds(2), 1).proven_bps), 2e6, 1e4);
  EXPECT_NEAR(static_cast<double>(probe(milliseconds(4), 1).proven_bps), 0.95e6, 1e4);
}

TEST(ProbeMeter, IsNotMisledByABucketFullOfTokens) { EXPECT_LT(probe(milliseconds(4), 4).proven_bps, 1'000'000); }

TEST(ProbeMeter, LossProvesNothing) { EXPECT_EQ(probe(milliseconds(2), 1, 4).proven_bps, 0); }

TEST(LossLimit, OurLossIsLessThereforeAndThePathsIsNot) {
  LossLimit ours;
  LossLimit path;
  std::int64_t our_rate = 2'000'000;
  std::int64_t path_rate = 2'000'000;
  Instant now = kStart;
  for (int i = 0; i < 60; ++i, now += milliseconds(300)) {
    // The one loses what is above a megabit, the other a seventh whatever is sent.
    const auto excess = std::max<std::int64_t>(our_rate - 1'000'000, 0);
    ours.handle(now, {100, static_cast<std::uint32_t>(excess * 100 / our_rate), 0}, {our_rate, our_rate, false});
    path.handle(now, {86, 14, 0}, {path_rate, path_rate, false});
    our_rate = std::min(ours.bps(), our_rate + our_rate / 50);
    path_rate = std::min(path.bps(), std::min<std::int64_t>(path_rate + path_rate / 50, 2'000'000));
  }
  EXPECT_LT(our_rate, 1'300'000);
  EXPECT_GT(path_rate, 1'900'000);
  EXPECT_GT(path.own_permille(), 100);
  EXPECT_EQ(ours.own_permille(), 0);
}

TEST(Pacer, LetsBurstsOfFiveMillisecondsGo) {
  Pacer pacer;
  pacer.set_rate(1'000'000, false);
  int sent = 0;
  for (Instant now = kStart; now < kStart + seconds(1); now += microseconds(500)) {
    int burst = 0;
    for (; pacer.may_send(now); ++burst) pacer.note_sent(now, 250);
    EXPECT_LE(burst, 4);  // 5 ms are 625 octets.
    sent += burst;
  }
  EXPECT_NEAR(sent * 250 * 8, 1'000'000, 10'000);
}

TEST(Pacer, IsOutOfTheWayWhileOpen) {
  Pacer pacer;
  pacer.set_rate(100'000, true);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(pacer.may_send(kStart));
    pacer.note_sent(kStart, 1200);
  }
  pacer.set_rate(100'000, false);
  EXPECT_TRUE(pacer.may_send(kStart));  // It owes nothing for that.
}

TEST(PacedQueue, AudioFirstThenRepairsThenInOrder) {
  PacedQueue<std::string> queue;
  EXPECT_FALSE(queue.pop());
  queue.push(kStart, SentKind::kMedia, 100, "video 1");
  queue.push(kStart, SentKind::kMedia, 100, "video 2");
  queue.push(kStart, SentKind::kRepair, 100, "repair");
  queue.push(kStart, SentKind::kAudio, 100, "audio");
  EXPECT_EQ(queue.octets(), 400U);
  for (const char* next : {"audio", "repair", "video 1", "video 2"}) EXPECT_EQ(queue.pop(), next);
  EXPECT_TRUE(queue.empty());
}

TEST(PacedQueue, GivesUpWhatIsTooOldAndWhatNobodyWants) {
  PacedQueue<int> queue;
  queue.push(kStart, SentKind::kMedia, 100, 1);
  queue.push(kStart + milliseconds(100), SentKind::kMedia, 100, 2);
  queue.push(kStart + milliseconds(100), SentKind::kMedia, 100, 3);
  EXPECT_FALSE(queue.pop_late(kStart + milliseconds(250)));
  EXPECT_EQ(queue.pop_late(kStart + milliseconds(251)), 1);
  queue.remove_if([](int item) { return item == 2; });
  EXPECT_EQ(queue.octets(), 100U);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_EQ(queue.octets(), 0U);
}

using test::Bottleneck;
using test::PathParams;
using test::Schedule;
using test::VirtualPacket;
using test::VirtualPath;

struct Sink : test::Hop {
  void enter(Instant now, VirtualPacket packet) override { came.emplace_back(now, packet.number); }
  std::vector<std::pair<Instant, std::uint64_t>> came;
};

TEST(VirtualNetwork, BottleneckQueuesInTimeAndDropsTheTail) {
  Schedule schedule;
  Sink sink;
  Bottleneck link(schedule, sink, 1'000'000, milliseconds(100));
  const Instant start = schedule.now();
  for (std::uint64_t i = 0; i < 100; ++i) link.enter(start, {0, i, 1250, SentKind::kMedia, {}});  // 10 ms each.
  schedule.run_until(start + seconds(2));
  EXPECT_EQ(sink.came.size(), 11U);
  EXPECT_GT(sink.came.back().first - start, milliseconds(90));
  EXPECT_LT(sink.came.back().first - start, milliseconds(115));
}

TEST(VirtualNetwork, GilbertElliottLosesInBursts) {
  Schedule schedule;
  Sink sink;
  PathParams params;
  params.to_bad = 0.01;
  params.to_good = 0.09;
  params.loss_in_bad = 1;
  VirtualPath path(schedule, sink, params, 7);
  for (std::uint64_t i = 0; i < 20'000; ++i) path.enter(schedule.now(), {0, i, 100, SentKind::kMedia, {}});
  schedule.run_until(schedule.now() + seconds(1));
  EXPECT_NEAR(static_cast<double>(sink.came.size()), 18'000, 500);  // A tenth of the time is bad.
  std::size_t bursts = 0;
  for (std::size_t i = 1; i < sink.came.size(); ++i) {
    if (sink.came[i].second != sink.came[i - 1].second + 1) ++bursts;
  }
  EXPECT_NEAR(static_cast<double>(bursts), 180, 40);  // Of eleven each.
}

TEST(VirtualNetwork, JitterKeepsTheOrderAndReorderingDoesNot) {
  Schedule schedule;
  PathParams params;
  params.jitter = milliseconds(30);
  for (const double reorder : {0.0, 0.1}) {
    Sink sink;
    params.reorder = reorder;
    VirtualPath path(schedule, sink, params, 7);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      path.enter(schedule.now(), {0, i, 100, SentKind::kMedia, {}});
      schedule.run_until(schedule.now() + milliseconds(2));
    }
    schedule.run_until(schedule.now() + seconds(1));
    const bool in_order = std::is_sorted(sink.came.begin(), sink.came.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    EXPECT_EQ(in_order, reorder == 0.0);
  }
}

}  // namespace
}  // namespace noir
