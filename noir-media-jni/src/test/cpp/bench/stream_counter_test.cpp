#include "load/stream_counter.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

constexpr Instant kTime{std::chrono::seconds(5)};

TEST(StreamCounter, ExpectsWhatTheSequenceNumbersSay) {
  StreamCounter counter({MediaKind::kVideo, 1, 96});
  for (const int seq : {65533, 65534, 1, 65535, 3}) counter.add(kTime, static_cast<std::uint16_t>(seq), 100);
  EXPECT_EQ(counter.counts().packets, 5U);
  EXPECT_EQ(counter.counts().bytes, 500U);
  EXPECT_EQ(counter.counts().expected, 7U);  // 0 and 2 are missing.
  EXPECT_EQ(counter.first_arrival(), kTime);
}

TEST(StreamCounter, ReportsTheLossSinceTheLastReport) {
  StreamCounter counter({MediaKind::kVideo, 7, 96});
  counter.add(kTime, 10, 100);
  counter.add(kTime, 13, 100);
  const ReportBlock first = counter.report_block();
  EXPECT_EQ(first.ssrc, 7U);
  EXPECT_EQ(first.fraction_lost, 127);
  EXPECT_EQ(first.cumulative_lost, 2);
  EXPECT_EQ(first.highest_seq, 13U);
  counter.add(kTime, 14, 100);
  const ReportBlock second = counter.report_block();
  EXPECT_EQ(second.fraction_lost, 0);
  EXPECT_EQ(second.cumulative_lost, 2);
}

}  // namespace
}  // namespace noir
