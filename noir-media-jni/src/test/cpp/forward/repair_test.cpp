#include <gtest/gtest.h>

#include <array>

#include "forward/media_source.hpp"

namespace noir {
namespace {

using namespace test;

constexpr std::uint8_t kRtx = 97;
constexpr std::uint32_t kRtxSsrc = 0x2000;

TrackParams repaired_params() {
  TrackParams params = video_params();
  params.codecs[0].rtx_payload_type = kRtx;
  return params;
}

std::vector<std::uint8_t> frame(std::uint16_t seq, bool keyframe = false) {
  return make_vp8({.picture_id = seq, .keyframe = keyframe, .body = static_cast<std::uint8_t>(seq)});
}

RtpFields video(std::uint16_t seq, bool keyframe = false) {
  return {.seq = seq, .rtp_ts = seq * 3000U, .marker = true, .payload = frame(seq, keyframe)};
}

/// Packet `number` of the RTX stream, which claims to repeat `seq`.
RtpFields repair(std::uint16_t number, std::uint16_t seq) {
  std::vector<std::uint8_t> payload = {static_cast<std::uint8_t>(seq >> 8), static_cast<std::uint8_t>(seq)};
  const auto repeated = frame(seq);
  payload.insert(payload.end(), repeated.begin(), repeated.end());
  return {
      .seq = number, .rtp_ts = seq * 3000U, .ssrc = kRtxSsrc, .payload_type = kRtx, .marker = true, .payload = payload};
}

class RepairTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = source_.push(at_ms(0), video(10, true));
    (void)source_.push(at_ms(33), video(13));
    ASSERT_TRUE(first_);
  }
  std::int64_t lost() {
    std::array<ReportBlock, 1> blocks;
    return source_.track().report_blocks(at_ms(200), blocks) == 1 ? blocks[0].cumulative_lost : -1;
  }
  const Receiver& receiver() { return source_.track().receiver(0); }

  MediaSource source_{repaired_params()};
  std::optional<MediaPacket> first_;
};

TEST_F(RepairTest, IsThePacketThatItRepeats) {
  const auto repaired = source_.push(at_ms(60), repair(500, 11));
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->ext_seq, first_->ext_seq + 1);
  EXPECT_EQ(repaired->ssrc, kSsrc);
  EXPECT_EQ(repaired->payload_type, kPublishedVp8);
  EXPECT_EQ(repaired->codec, Codec::kVp8);
  EXPECT_EQ(repaired->rtp_ts, 11 * 3000U);
  EXPECT_TRUE(repaired->marker);
  EXPECT_EQ(repaired->frame.picture, first_->frame.picture + 1);
  EXPECT_EQ(std::vector<std::uint8_t>(repaired->payload().begin(), repaired->payload().end()), frame(11));
  EXPECT_EQ(source_.track().find(0, repaired->ext_seq)->payload().size(), repaired->payload().size());
  EXPECT_EQ(receiver().tell().repaired, 1U);
}

TEST_F(RepairTest, IsLostToTheStreamThatItRepairs) {
  (void)source_.push(at_ms(60), repair(500, 11));
  (void)source_.push(at_ms(60), repair(501, 12));
  EXPECT_EQ(lost(), 2);
  EXPECT_EQ(receiver().tell().packets, 2U);
  EXPECT_EQ(source_.track().next_timeout(), kNever) << "is not asked for again";
}

TEST_F(RepairTest, CountsOnceWhicheverWayItComes) {
  EXPECT_TRUE(source_.push(at_ms(60), repair(500, 11)));
  EXPECT_FALSE(source_.push(at_ms(61), repair(501, 11)));
  EXPECT_FALSE(source_.push(at_ms(62), video(11)));
  EXPECT_TRUE(source_.push(at_ms(63), video(12)));
  EXPECT_FALSE(source_.push(at_ms(64), repair(502, 12)));
}

TEST_F(RepairTest, OfWhatNobodyMissesIsDropped) {
  const std::uint32_t generation = receiver().generation();
  std::uint16_t number = 500;
  // What has come, what is ahead, far ahead, far behind, and each of them with the one that follows, as a jump would
  // be.
  const std::vector<std::uint16_t> claimed = {10,   13,     14,     15,     100,    101, 4000,
                                              4001, 40'000, 40'001, 65'000, 65'001, 9,   8};
  for (const std::uint16_t seq : claimed) {
    EXPECT_FALSE(source_.push(at_ms(60), repair(number++, seq))) << seq;
  }
  EXPECT_EQ(receiver().tell().repaired, 0U);
  const auto next = source_.push(at_ms(66), video(14));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->ext_seq, first_->ext_seq + 4);
  EXPECT_EQ(receiver().generation(), generation);
  EXPECT_EQ(receiver().ssrc(), kSsrc);
}

TEST_F(RepairTest, OfWhatIsBeforeAKeyFrameIsTakenForAWhile) {
  (void)source_.push(at_ms(66), video(14, true));
  const auto repaired = source_.push(at_ms(70), repair(500, 11));
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->ext_seq, first_->ext_seq + 1);
}

TEST_F(RepairTest, OfWhatIsGivenUpIsDropped) {
  (void)source_.push(at_ms(66), video(14, true));
  std::array<std::uint8_t, 1200> bytes;
  for (std::int64_t ms = 66; ms < 2000; ms += 5) {
    ByteWriter out(bytes);
    source_.track().poll_rtcp(at_ms(ms), 1, out);
  }
  EXPECT_FALSE(source_.push(at_ms(2000), repair(500, 11)));
}

TEST_F(RepairTest, WithoutAPacketInItIsDropped) {
  RtpFields short_one = repair(500, 11);
  short_one.payload = {0};
  EXPECT_FALSE(source_.push(at_ms(60), short_one));
  EXPECT_FALSE(source_.push(at_ms(60), {.seq = 501, .ssrc = kRtxSsrc, .payload_type = kRtx, .padding = 200}));
  EXPECT_EQ(receiver().tell().repaired, 0U);
  EXPECT_TRUE(source_.push(at_ms(61), repair(502, 11)));
}

TEST(Repair, BeforeAnythingElseIsNothing) {
  MediaSource source(repaired_params());
  EXPECT_FALSE(source.push(at_ms(0), repair(500, 11)));
  EXPECT_EQ(source.track().seen_encodings(), 0);
  EXPECT_EQ(source.track().receiver(0).ssrc(), 0U);
}

TEST(Repair, DoesNotMakeAnEncodingActive) {
  TrackParams params = video_params(2);
  params.codecs[0].rtx_payload_type = kRtx;
  MediaSource source(params);
  for (const std::uint16_t seq : std::vector<std::uint16_t>{10, 12})
    (void)source.push(at_ms(0), video(seq, seq == 10), 0);
  for (std::uint16_t i = 0; i < 30; ++i) {
    RtpFields other = video(static_cast<std::uint16_t>(100 + i), i == 0);
    other.ssrc = kSsrc + 1;
    (void)source.push(at_ms(33LL * i), other, 1);
  }
  ASSERT_EQ(source.track().active_encodings(), 2);
  EXPECT_TRUE(source.push(at_ms(1000), repair(500, 11), 0));
  EXPECT_EQ(source.track().active_encodings(), 2);
}

TEST(Repair, ThatIsItselfRepairedIsNoMedia) {
  MediaSource source(repaired_params());
  (void)source.push(at_ms(0), video(10, true));
  (void)source.push(at_ms(33), video(12));
  // RTX of the RTX packet 11: what it holds is a packet without meaning, but the one that was missing.
  RtpFields nested = repair(500, 11);
  const std::vector<std::uint8_t> inner = nested.payload;
  nested.payload.insert(nested.payload.begin(), inner.begin(), inner.begin() + 2);
  (void)source.push(at_ms(60), nested);
  EXPECT_FALSE(source.push(at_ms(61), repair(501, 500)));
  EXPECT_EQ(source.track().receiver(0).ssrc(), kSsrc);
  EXPECT_LE(source.track().receiver(0).tell().repaired, 1U);
}

TEST(Repair, NumberThatIsMediaTooIsMedia) {
  TrackParams params = video_params();
  params.codecs[1].rtx_payload_type = kPublishedVp8;
  MediaSource source(params);
  EXPECT_TRUE(source.push(at_ms(0), video(10, true)));
}

}  // namespace
}  // namespace noir
