#include "rtp/rtcp_twcc.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "rtp/hex.hpp"
#include "rtp/twcc_reader.hpp"

namespace noir {
namespace {

using test::read_twcc;
using test::to_hex;

TEST(TwccFeedback, WritesARunOfSmallDeltas) {
  std::array<std::uint8_t, 64> storage{};
  ByteWriter out(storage);
  const std::array<TwccArrival, 3> arrivals{{{65536 + 5, 256 + 4}, {65536 + 6, 256 + 8}, {65536 + 7, 256 + 8}}};
  EXPECT_EQ(write_twcc_feedback(out, {65536 + 5, 1, 2, 9}, arrivals), 3U);
  // Run of three small deltas, reference 1 (64 ms), deltas 4, 4, 0, three octets of padding.
  EXPECT_EQ(to_hex(out.written()),
            "afcd0006"
            "00000001"
            "00000002"
            "00050003"
            "00000109"
            "2003040400000003");
}

TEST(TwccFeedback, ReportsLossBeforeAndBetween) {
  std::array<std::uint8_t, 64> storage{};
  ByteWriter out(storage);
  const std::array<TwccArrival, 2> arrivals{{{70002, 1000}, {70004, 1300}}};
  EXPECT_EQ(write_twcc_feedback(out, {70000, 1, 2, 0}, arrivals), 2U);
  const auto report = read_twcc(out.written());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->base, static_cast<std::uint16_t>(70000));
  ASSERT_EQ(report->entries.size(), 5U);
  EXPECT_EQ(report->entries[0].ticks, -1);
  EXPECT_EQ(report->entries[1].ticks, -1);
  EXPECT_EQ(report->entries[2].ticks, 1000);
  EXPECT_EQ(report->entries[3].ticks, -1);
  EXPECT_EQ(report->entries[4].ticks, 1300);
}

TEST(TwccFeedback, SplitsWhereADeltaDoesNotFit) {
  std::array<std::uint8_t, 64> storage{};
  ByteWriter out(storage);
  const std::array<TwccArrival, 2> arrivals{{{70000, 0}, {70001, 40'000}}};
  EXPECT_EQ(write_twcc_feedback(out, {70000, 1, 2, 0}, arrivals), 1U);
}

TEST(TwccFeedback, WritesNothingWithoutSpace) {
  std::array<std::uint8_t, 21> storage{};
  ByteWriter out(storage);
  const std::array<TwccArrival, 1> arrivals{{{70000, 0}}};
  EXPECT_EQ(write_twcc_feedback(out, {70000, 1, 2, 0}, arrivals), 0U);
  EXPECT_EQ(out.size(), 0U);
}

TEST(TwccFeedback, AnyPatternReadsBack) {
  std::mt19937 random(42);
  for (int round = 0; round < 300; ++round) {
    std::vector<TwccArrival> arrivals;
    std::uint64_t seq = 65536 + random() % 65536;
    std::int64_t ticks = 100'000;
    const auto loss_percent = random() % 60;
    const std::int64_t jitter = round % 3 == 0 ? 4000 : 200;
    for (unsigned i = 0; i < 5 + random() % 600; ++i, ++seq) {
      ticks += static_cast<std::int64_t>(random()) % jitter - jitter / 4;
      if (random() % 100 >= loss_percent) arrivals.push_back({seq, ticks});
    }
    std::span<const TwccArrival> rest(arrivals);
    std::uint64_t base = rest.empty() ? 0 : rest[0].ext_seq;
    while (!rest.empty()) {
      std::array<std::uint8_t, 1100> storage{};
      ByteWriter out(storage);
      const std::size_t taken = write_twcc_feedback(out, {base, 1, 2, 0}, rest);
      ASSERT_GT(taken, 0U);
      const auto report = read_twcc(out.written());
      ASSERT_TRUE(report);
      std::size_t received = 0;
      for (const auto& entry : report->entries) {
        if (entry.ticks < 0) continue;
        ASSERT_LT(received, taken);
        EXPECT_EQ(entry.seq, static_cast<std::uint16_t>(rest[received].ext_seq));
        EXPECT_EQ(entry.ticks, rest[received].ticks);
        ++received;
      }
      EXPECT_EQ(received, taken);
      base = rest[taken - 1].ext_seq + 1;
      rest = rest.subspan(taken);
    }
  }
}

}  // namespace
}  // namespace noir
