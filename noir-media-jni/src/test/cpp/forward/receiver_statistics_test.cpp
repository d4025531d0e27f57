#include "forward/receiver_statistics.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

TEST(ReceiverStatistics, CountsLossSinceTheLastReport) {
  ReceiverStatistics statistics;
  for (const std::uint64_t seq : {65536U + 10, 65536U + 11, 65536U + 13}) {
    statistics.handle_packet(at_ms(0), seq, 0, 90'000);
  }
  ReportBlock block = statistics.make_block();
  EXPECT_EQ(block.cumulative_lost, 1);
  EXPECT_EQ(block.fraction_lost, 64);
  EXPECT_EQ(block.highest_seq, 13U);
  EXPECT_FALSE(statistics.has_news());
  statistics.handle_packet(at_ms(0), 65536 + 12, 0, 90'000);  // Repaired.
  EXPECT_TRUE(statistics.has_news());
  block = statistics.make_block();
  EXPECT_EQ(block.cumulative_lost, 0);
  EXPECT_EQ(block.fraction_lost, 0);
}

TEST(ReceiverStatistics, CountsCyclesFromTheFirstPacket) {
  ReceiverStatistics statistics;
  statistics.handle_packet(at_ms(0), 3 * 65536 + 65535, 0, 90'000);
  statistics.handle_packet(at_ms(0), 4 * 65536, 0, 90'000);
  EXPECT_EQ(statistics.make_block().highest_seq, 0x10000U);
}

TEST(ReceiverStatistics, JitterFollowsAppendixA8) {
  ReceiverStatistics statistics;
  // Every second packet 16 ms late: |D| = 1440 ticks each time.
  for (std::uint32_t i = 0; i < 200; ++i) {
    statistics.handle_packet(at_ms(20 * i + (i % 2) * 16), 65536 + i, i * 1800, 90'000);
  }
  EXPECT_NEAR(statistics.make_block().jitter, 1440, 20);
}

TEST(ReceiverStatistics, AHostileTimestampDoesNotOverflowJitter) {
  ReceiverStatistics statistics;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    statistics.handle_packet(at_ms(i), 65536 + i, (i % 2) * 0x8000'0000U, 90'000);
  }
  EXPECT_LE(statistics.make_block().jitter, 0x1000'0000U);
}

TEST(ToTicks, IsExactOverLongTimes) {
  EXPECT_EQ(to_ticks(milliseconds(1), 48'000), 48U);
  EXPECT_EQ(to_ticks(std::chrono::hours(1000), 90'000), static_cast<std::uint32_t>(3'600'000ULL * 90'000));
  EXPECT_EQ(to_ticks(milliseconds(-10), 90'000), static_cast<std::uint32_t>(-900));
}

}  // namespace
}  // namespace noir
