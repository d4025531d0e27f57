#include "forward/twcc_recorder.hpp"

#include <gtest/gtest.h>

#include <array>

#include "rtp/twcc_reader.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

std::vector<test::TwccReport> poll_all(TwccRecorder& recorder, Instant now) {
  std::vector<test::TwccReport> reports;
  for (bool more = true; more;) {
    std::array<std::uint8_t, 1200> storage{};
    ByteWriter out(storage);
    more = recorder.poll(now, 1, out);
    if (out.size() == 0) break;
    const auto report = test::read_twcc(out.written());
    EXPECT_TRUE(report);
    if (report) reports.push_back(*report);
  }
  return reports;
}

std::string pattern(const test::TwccReport& report) {
  std::string text = std::to_string(report.base) + ":";
  for (const auto& entry : report.entries) text += entry.ticks < 0 ? '.' : '#';
  return text;
}

TEST(TwccRecorder, ReportsEvery100Milliseconds) {
  TwccRecorder recorder;
  EXPECT_EQ(recorder.next_timeout(), kNever);
  recorder.handle_packet(at_ms(1000), 10, 5);
  recorder.handle_packet(at_ms(1020), 11, 5);
  EXPECT_EQ(recorder.next_timeout(), at_ms(1100));
  EXPECT_TRUE(poll_all(recorder, at_ms(1099)).empty());
  const auto reports = poll_all(recorder, at_ms(1100));
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(pattern(reports[0]), "10:##");
  EXPECT_EQ(reports[0].entries[1].ticks - reports[0].entries[0].ticks, 80);
  EXPECT_EQ(recorder.next_timeout(), kNever);
}

TEST(TwccRecorder, ReportsSoonerWhenManyPacketsCome) {
  TwccRecorder recorder;
  for (std::uint16_t i = 0; i < 20; ++i) recorder.handle_packet(at_ms(1000 + i), i, 5);
  EXPECT_EQ(recorder.next_timeout(), at_ms(1050));
  TwccRecorder late;
  for (std::uint16_t i = 0; i < 20; ++i) late.handle_packet(at_ms(1000 + 4 * i), i, 5);
  EXPECT_EQ(late.next_timeout(), at_ms(1076));
}

TEST(TwccRecorder, GoesOnWhereTheLastReportEnded) {
  TwccRecorder recorder;
  recorder.handle_packet(at_ms(0), 0xFFFE, 5);
  EXPECT_EQ(pattern(poll_all(recorder, at_ms(100)).at(0)), "65534:#");
  recorder.handle_packet(at_ms(200), 1, 5);
  const auto reports = poll_all(recorder, at_ms(300));
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(pattern(reports[0]), "65535:..#");
  EXPECT_EQ(reports[0].feedback_count, 1);
}

TEST(TwccRecorder, SortsWhatCameOutOfOrder) {
  TwccRecorder recorder;
  for (const std::uint16_t seq : std::initializer_list<std::uint16_t>{12, 10, 13, 10})
    recorder.handle_packet(at_ms(seq), seq, 5);
  EXPECT_EQ(pattern(poll_all(recorder, at_ms(200)).at(0)), "10:#.##");
}

TEST(TwccRecorder, ReportsLatePacketsWithoutDenyingWhatItReportedBefore) {
  TwccRecorder recorder;
  for (const std::uint16_t seq : std::initializer_list<std::uint16_t>{10, 12, 13, 15})
    recorder.handle_packet(at_ms(0), seq, 5);
  EXPECT_EQ(pattern(poll_all(recorder, at_ms(100)).at(0)), "10:#.##.#");
  for (const std::uint16_t seq : std::initializer_list<std::uint16_t>{11, 14, 16})
    recorder.handle_packet(at_ms(110), seq, 5);
  const auto reports = poll_all(recorder, at_ms(300));
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(pattern(reports[0]), "11:#");
  EXPECT_EQ(pattern(reports[1]), "14:#");
  EXPECT_EQ(pattern(reports[2]), "16:#");
}

TEST(TwccRecorder, AJumpIsNotLoss) {
  TwccRecorder recorder;
  recorder.handle_packet(at_ms(0), 10, 5);
  (void)poll_all(recorder, at_ms(100));
  recorder.handle_packet(at_ms(200), 20'000, 5);
  EXPECT_EQ(pattern(poll_all(recorder, at_ms(300)).at(0)), "20000:#");
}

TEST(TwccRecorder, AFloodIsBoundedAndDrains) {
  TwccRecorder recorder;
  for (std::uint32_t i = 0; i < 100'000; ++i) recorder.handle_packet(at_ms(0), static_cast<std::uint16_t>(i * 7), 5);
  std::size_t received = 0;
  for (const auto& report : poll_all(recorder, at_ms(100))) {
    for (const auto& entry : report.entries) received += entry.ticks >= 0 ? 1U : 0U;
  }
  EXPECT_EQ(received, TwccRecorder::kMaxArrivals);
  EXPECT_EQ(recorder.next_timeout(), kNever);
}

}  // namespace
}  // namespace noir
