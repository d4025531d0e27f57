#include "congestion/sent_history.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Match = SentHistory::Match;

constexpr Instant kStart{seconds(1000)};

TEST(SentHistory, TellsWhatWasSentWhenAndWhatFor) {
  SentHistory history;
  history.record(kStart, 7, 1200, SentKind::kRepair, 3);
  PacketResult result;
  ASSERT_EQ(history.report(kStart + milliseconds(80), 7, true, result), Match::kNew);
  EXPECT_EQ(result.sent, kStart);
  EXPECT_EQ(result.size, 1200U);
  EXPECT_EQ(result.kind, SentKind::kRepair);
  EXPECT_EQ(result.cluster, 3);
  EXPECT_TRUE(result.received);
  EXPECT_FALSE(result.was_lost);
}

TEST(SentHistory, LostMayComeLateAndNothingElseChanges) {
  SentHistory history;
  PacketResult result;
  history.record(kStart, 7, 1200, SentKind::kMedia, 0);
  EXPECT_EQ(history.report(kStart, 7, false, result), Match::kNew);
  EXPECT_EQ(history.report(kStart, 7, false, result), Match::kRepeated);
  EXPECT_EQ(history.report(kStart, 7, true, result), Match::kNew);
  EXPECT_TRUE(result.was_lost);
  EXPECT_EQ(history.report(kStart, 7, true, result), Match::kRepeated);
  EXPECT_EQ(history.report(kStart, 7, false, result), Match::kRepeated);
}

TEST(SentHistory, KnowsNothingOfWhatWasNeverSent) {
  SentHistory history;
  PacketResult result;
  EXPECT_EQ(history.report(kStart, 0, true, result), Match::kUnknown);
  history.record(kStart, 100, 100, SentKind::kMedia, 0);
  for (unsigned seq = 0; seq < 65536; ++seq) {
    if (seq == 100) continue;
    ASSERT_EQ(history.report(kStart, static_cast<std::uint16_t>(seq), true, result), Match::kUnknown) << seq;
  }
}

TEST(SentHistory, ForgetsAfterAMinute) {
  SentHistory history;
  PacketResult result;
  history.record(kStart, 1, 100, SentKind::kMedia, 0);
  history.record(kStart, 2, 100, SentKind::kMedia, 0);
  EXPECT_EQ(history.report(kStart + SentHistory::kMaxAge, 1, true, result), Match::kNew);
  EXPECT_EQ(history.report(kStart + SentHistory::kMaxAge + milliseconds(1), 2, true, result), Match::kUnknown);
}

TEST(SentHistory, GrowsForWhatIsUnderWayAndKeepsItOverTheWrap) {
  SentHistory history;
  std::uint16_t seq = 65000;
  Instant now = kStart;
  constexpr unsigned kPackets = 2000;
  for (unsigned i = 0; i < kPackets; ++i, now += std::chrono::microseconds(250)) {
    history.record(now, seq++, 100 + i % 1000, SentKind::kMedia, 0);
  }
  EXPECT_EQ(history.capacity(), 2048U);
  seq = 65000;
  for (unsigned i = 0; i < kPackets; ++i) {
    PacketResult result;
    ASSERT_EQ(history.report(now, seq++, true, result), Match::kNew) << i;
    ASSERT_EQ(result.size, 100 + i % 1000);
  }
}

TEST(SentHistory, StaysSmallWhenReportsComeOrPacketsAreFew) {
  SentHistory reported;
  SentHistory slow;
  for (unsigned i = 0; i < 20'000; ++i) {
    const auto seq = static_cast<std::uint16_t>(i);
    const Instant now = kStart + i * milliseconds(5);
    PacketResult result;
    reported.record(now, seq, 100, SentKind::kMedia, 0);
    if (i >= 100) (void)reported.report(now, static_cast<std::uint16_t>(i - 100), true, result);
    slow.record(now, seq, 100, SentKind::kMedia, 0);
  }
  EXPECT_EQ(reported.capacity(), SentHistory::kInitialCapacity);
  EXPECT_EQ(slow.capacity(), SentHistory::kInitialCapacity);
}

TEST(SentHistory, HasALimit) {
  SentHistory history;
  for (unsigned i = 0; i < 100'000; ++i) {
    history.record(kStart, static_cast<std::uint16_t>(i), 100, SentKind::kMedia, 0);
  }
  EXPECT_EQ(history.capacity(), SentHistory::kMaxCapacity);
}

}  // namespace
}  // namespace noir
