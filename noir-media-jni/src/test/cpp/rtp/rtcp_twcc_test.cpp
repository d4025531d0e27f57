#include "rtp/rtcp_twcc.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "rtp/hex.hpp"
#include "rtp/twcc_reader.hpp"

namespace noir {
namespace {

using test::for_each_truncation;
using test::from_hex;
using test::read_twcc;
using test::to_hex;

std::optional<TransportFeedback> parse(ByteSpan packet) {
  ByteSpan rest = packet;
  const auto taken = take_rtcp_packet(rest);
  return taken ? parse_transport_feedback(*taken) : std::nullopt;
}

// The parser of the core against the independent reader.
void expect_same(ByteSpan packet, const test::TwccReport& report) {
  const auto feedback = parse(packet);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->base_seq, report.base);
  EXPECT_EQ(feedback->feedback_count, report.feedback_count);
  std::vector<test::TwccReport::Entry> entries;
  feedback->for_each_run([&](std::uint16_t seq, std::size_t count, std::int64_t ticks) {
    const bool received = ticks != TransportFeedback::kNotReceived;
    for (; count > 0; --count) {
      entries.push_back({seq++, received ? ticks + std::int64_t{feedback->reference} * 256 : -1});
    }
  });
  ASSERT_EQ(entries.size(), report.entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].seq, report.entries[i].seq);
    EXPECT_EQ(entries[i].ticks, report.entries[i].ticks);
  }
}

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
      expect_same(out.written(), *report);
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

TEST(TwccFeedback, NothingIsReadFromACutOne) {
  // Base 5, three statuses in a run of small deltas, and one of two octets in a chunk of two-bit symbols.
  const auto bytes = from_hex("8fcd 0006 00000001 00000002 0005 0004 000001 09 2003 e000 04 04 00 fffe 00 0000");
  ASSERT_FALSE(parse(bytes));  // A reserved symbol.
  const auto good = from_hex("8fcd 0006 00000001 00000002 0005 0004 000001 09 2003 d000 04 04 00 04 00 000000");
  ASSERT_TRUE(parse(good));
  const ByteSpan body = ByteSpan(good).subspan(kRtcpHeaderSize);
  int parsed = 0;
  for_each_truncation(body, [&](ByteSpan cut) {
    if (parse_transport_feedback({205, kTwccFormat, cut})) ++parsed;
  });
  EXPECT_EQ(parsed, 4);  // What is missing is padding without the P bit.
}

// A client that had another server before, whose last numbers were 30 000 higher.
TEST(TwccFeedback, TensOfThousandsOfMissingOnesAreFourRuns) {
  const auto bytes =
      from_hex("8fcd 0008 00000001 00000002 0005 7533 000001 09 2001 1fff 1fff 1fff 1534 2001 04 05 0000");
  const auto feedback = parse(bytes);
  ASSERT_TRUE(feedback);
  std::vector<std::size_t> missing;
  std::vector<std::uint16_t> came;
  feedback->for_each_run([&](std::uint16_t seq, std::size_t count, std::int64_t ticks) {
    if (ticks == TransportFeedback::kNotReceived) {
      missing.push_back(count);
    } else {
      came.push_back(seq);
    }
  });
  EXPECT_EQ(missing, (std::vector<std::size_t>{8191, 8191, 8191, 5428}));
  EXPECT_EQ(came, (std::vector<std::uint16_t>{5, 5 + 30'002}));
}

TEST(TwccFeedback, RefusesStatusesThatAreNotThere) {
  // More statuses than chunks; more than runs of that length; none at all.
  for (const char* text : {"8fcd 0005 00000001 00000002 0005 0009 000001 09 2003 0000",
                           "8fcd 0005 00000001 00000002 0005 ffff 000001 09 1fff 1fff",
                           "8fcd 0005 00000001 00000002 0005 0000 000001 09 0000 0000"}) {
    EXPECT_FALSE(parse(from_hex(text))) << text;
  }
}

}  // namespace
}  // namespace noir
