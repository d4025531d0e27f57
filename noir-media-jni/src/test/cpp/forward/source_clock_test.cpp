#include "forward/source_clock.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

SenderReport report_of(std::uint64_t ntp, std::uint32_t rtp_ts) {
  SenderReport report;
  report.ntp = ntp;
  report.rtp_ts = rtp_ts;
  return report;
}

TEST(SourceClock, RunsBothClocksOnFromTheReport) {
  SourceClock clock;
  EXPECT_FALSE(clock.known());
  clock.handle_sender_report(at_ms(1000), report_of(5ULL << 32, 0xFFFF'FFFF));
  const auto reading = clock.at(at_ms(2500), 90'000);
  EXPECT_EQ(reading.ntp, (6ULL << 32) + (1ULL << 31));
  EXPECT_EQ(reading.rtp_ts, 134'999U);
}

TEST(SourceClock, TwoStreamsOfOnePublisherShareATimeline) {
  // The same capture time, 10.25 s, in two streams with other origins and other reports.
  SourceClock a;
  SourceClock b;
  a.handle_sender_report(at_ms(0), report_of(10ULL << 32, 1000));
  b.handle_sender_report(at_ms(7), report_of((9ULL << 32) + (1ULL << 31), 0xFFFF'0000));
  const std::uint32_t ts_a = 1000 + 22'500;
  const std::uint32_t ts_b = 0xFFFF'0000 + 67'500;
  EXPECT_EQ(ts_a + a.timeline_offset(90'000), ts_b + b.timeline_offset(90'000));
}

TEST(SourceClock, GivesLsrAndDlsr) {
  SourceClock clock;
  EXPECT_EQ(clock.last_sr(), 0U);
  EXPECT_EQ(clock.delay_since_last_sr(at_ms(5)), 0U);
  clock.handle_sender_report(at_ms(1000), report_of(0x11223344'55667788, 0));
  EXPECT_EQ(clock.last_sr(), 0x33445566U);
  EXPECT_EQ(clock.delay_since_last_sr(at_ms(1500)), 32'768U);
}

TEST(SourceClock, AReportWithoutWallClockSaysNothing) {
  SourceClock clock;
  clock.handle_sender_report(at_ms(0), report_of(0, 1000));
  EXPECT_FALSE(clock.known());
}

}  // namespace
}  // namespace noir
