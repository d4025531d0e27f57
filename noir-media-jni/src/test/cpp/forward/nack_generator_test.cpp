#include "forward/nack_generator.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "forward/frame_assembler.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kBase = 65536;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

std::vector<std::uint16_t> poll(NackGenerator& generator, Instant now, std::size_t room = 256) {
  std::vector<std::uint16_t> seqs(room);
  seqs.resize(generator.poll(now, seqs));
  return seqs;
}

TEST(NackGenerator, AsksForAGapAfterTheReorderWait) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 13);
  EXPECT_EQ(generator.next_timeout(), at_ms(5));
  EXPECT_TRUE(poll(generator, at_ms(4)).empty());
  EXPECT_EQ(poll(generator, at_ms(5)), (std::vector<std::uint16_t>{11, 12}));
  EXPECT_TRUE(poll(generator, at_ms(6)).empty());
}

TEST(NackGenerator, DoesNotAskForWhatWasOnlyReordered) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 12);
  generator.handle_packet(at_ms(1), kBase + 11);
  EXPECT_EQ(generator.next_timeout(), kNever);
  EXPECT_TRUE(poll(generator, at_ms(100)).empty());
}

TEST(NackGenerator, AsksTenTimesWithPausesThenGivesUp) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 12);
  unsigned tries = 0;
  Instant last = at_ms(-1000);
  while (generator.next_timeout() != kNever) {
    const Instant now = generator.next_timeout();
    if (poll(generator, now).empty()) continue;
    ++tries;
    EXPECT_GE(now - last, milliseconds(20));
    last = now;
    EXPECT_FALSE(generator.take_given_up());
  }
  EXPECT_EQ(tries, NackGenerator::kMaxTries);
  EXPECT_TRUE(generator.take_given_up());
  EXPECT_FALSE(generator.take_given_up());
}

TEST(NackGenerator, LearnsTheRoundTripFromAnswers) {
  NackGenerator generator;
  std::int64_t now = 0;
  for (std::uint64_t s = kBase; s < kBase + 200; s += 2) {
    generator.handle_packet(at_ms(now), s);
    generator.handle_packet(at_ms(now), s + 2);
    (void)poll(generator, at_ms(now + 5));
    generator.handle_packet(at_ms(now + 25), s + 1);
    now += 33;
  }
  EXPECT_NEAR(static_cast<double>(generator.round_trip().count()), 20e6, 1e6);
}

// An answer counts as long as somebody asks: a publisher that stands still for half a second answers after it.
TEST(NackGenerator, AsksAsLongAsRecordingsWaitOnAShortLineToo) {
  NackGenerator generator;
  for (std::uint64_t s = kBase; s < kBase + 200; s += 2) {  // Answers come within a millisecond.
    const auto now = static_cast<std::int64_t>(s - kBase) * 10;
    generator.handle_packet(at_ms(now), s);
    generator.handle_packet(at_ms(now), s + 2);
    (void)poll(generator, at_ms(now + 5));
    generator.handle_packet(at_ms(now + 6), s + 1);
  }
  ASSERT_LT(generator.round_trip(), milliseconds(2));
  const Instant lost = at_ms(3000);
  const std::uint64_t missing = kBase + 201;
  const auto runs_until = [&](Instant end) {
    std::size_t asked = 0;
    while (generator.next_timeout() < end) asked += poll(generator, generator.next_timeout()).size();
    return asked;
  };

  NackGenerator old = generator;
  generator.handle_packet(lost, missing + 1);
  EXPECT_EQ(runs_until(lost + milliseconds(26)), 2U) << "the first repetition is soon";
  EXPECT_GE(runs_until(lost + FrameAssembler::kRepairWait), 5U);
  EXPECT_TRUE(generator.misses(missing));
  (void)runs_until(lost + milliseconds(1500));
  EXPECT_FALSE(generator.misses(missing));

  generator = old;
  generator.handle_packet(lost, missing + 1);
  generator.handle_keyframe(missing + 1);
  EXPECT_EQ(runs_until(lost + FrameAssembler::kOldRepairWait), NackGenerator::kMaxOldTries);
  EXPECT_TRUE(generator.misses(missing));
}

TEST(NackGenerator, LeavesDueWhatDoesNotFit) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 14);
  EXPECT_EQ(poll(generator, at_ms(5), 2), (std::vector<std::uint16_t>{11, 12}));
  EXPECT_EQ(generator.next_timeout(), at_ms(5));
  EXPECT_EQ(poll(generator, at_ms(5), 2), (std::vector<std::uint16_t>{13}));
}

TEST(NackGenerator, GivesUpAtOnceOnAHugeGap) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase);
  generator.handle_packet(at_ms(0), kBase + 2 + NackGenerator::kMaxMissing);
  EXPECT_TRUE(generator.take_given_up());
  EXPECT_EQ(generator.next_timeout(), kNever);
}

TEST(NackGenerator, BoundsWhatIsMissing) {
  NackGenerator generator;
  for (std::uint64_t s = 0; s < 1000; s += 2) generator.handle_packet(at_ms(0), kBase + s);
  EXPECT_LE(poll(generator, at_ms(5), 1000).size(), NackGenerator::kMaxMissing);
  EXPECT_TRUE(generator.take_given_up());
}

TEST(NackGenerator, ForgetsWhatIsOnlyPadding) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 12);
  generator.handle_packet(at_ms(0), kBase + 14);
  generator.forget_between(0, kBase + 12);
  EXPECT_EQ(poll(generator, at_ms(5)), (std::vector<std::uint16_t>{13}));
}

TEST(NackGenerator, AsksLessOftenForWhatIsBeforeAKeyFrameAndDoesNotMournIt) {
  NackGenerator generator;
  generator.handle_packet(at_ms(0), kBase + 10);
  generator.handle_packet(at_ms(0), kBase + 12);
  generator.handle_keyframe(kBase + 12);
  unsigned asked = 0;
  for (std::int64_t ms = 0; ms < 5000; ms += 5) asked += static_cast<unsigned>(poll(generator, at_ms(ms)).size());
  EXPECT_EQ(asked, NackGenerator::kMaxOldTries);
  EXPECT_FALSE(generator.take_given_up());
  EXPECT_EQ(generator.next_timeout(), kNever);
  generator.handle_packet(at_ms(5000), kBase + 14);
  for (std::int64_t ms = 5000; ms < 10'000; ms += 5) asked += static_cast<unsigned>(poll(generator, at_ms(ms)).size());
  EXPECT_EQ(asked, NackGenerator::kMaxOldTries + NackGenerator::kMaxTries);
  EXPECT_TRUE(generator.take_given_up());
}

}  // namespace
}  // namespace noir
