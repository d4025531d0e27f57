#include "forward/track.hpp"

#include <gtest/gtest.h>

#include <array>

#include "forward/media_source.hpp"
#include "rtp/rtcp_reader.hpp"

namespace noir {
namespace {

using namespace test;

RtpFields video(std::uint16_t seq, bool keyframe = false) {
  return {.seq = seq,
          .rtp_ts = seq * 3000U,
          .marker = true,
          .payload = make_vp8({.picture_id = seq, .keyframe = keyframe})};
}
RtpFields padding(std::uint16_t seq) { return {.seq = seq, .padding = 200}; }

std::vector<RtcpMessage> poll(Track& track, Instant now) {
  static std::array<std::uint8_t, 1200> storage;  // Views in the messages point here.
  ByteWriter out(storage);
  track.poll_rtcp(now, 99, out);
  std::vector<RtcpMessage> messages;
  RtcpReader reader(out.written());
  while (const auto message = reader.next()) messages.push_back(*message);
  EXPECT_FALSE(reader.malformed());
  return messages;
}

TEST(Track, PassesPacketsOnOnce) {
  MediaSource source(video_params());
  const auto packet = source.push(at_ms(0), video(10, true));
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->keyframe_start);
  EXPECT_TRUE(packet->marker);
  EXPECT_EQ(packet->frame.descriptor_size, 6);
  EXPECT_EQ(packet->payload().size(), 10U);
  EXPECT_EQ(packet->active_encodings, 1);
  EXPECT_FALSE(source.push(at_ms(1), video(10, true)));
  EXPECT_EQ(source.track().find(0, packet->ext_seq)->rtp_ts, packet->rtp_ts);
}

TEST(Track, RefusesUnknownPayloadTypesAndEncodings) {
  MediaSource source(video_params());
  EXPECT_FALSE(source.push(at_ms(0), {.seq = 1, .payload_type = 50, .payload = {1, 2}}));
  EXPECT_FALSE(source.push(at_ms(0), video(1), 1));
  EXPECT_EQ(source.track().seen_encodings(), 0);
}

TEST(Track, ClosesTheGapOfPadding) {
  MediaSource source(video_params());
  const auto first = source.push(at_ms(0), video(10, true));
  EXPECT_FALSE(source.push(at_ms(1), padding(11)));
  EXPECT_FALSE(source.push(at_ms(2), padding(12)));
  const auto next = source.push(at_ms(3), video(13));
  ASSERT_TRUE(first && next);
  EXPECT_EQ(next->ext_seq, first->ext_seq + 1);
  // Padding is no loss.
  EXPECT_EQ(source.track().next_timeout(), kNever);
  std::array<ReportBlock, 1> blocks;
  ASSERT_EQ(source.track().report_blocks(at_ms(4), blocks), 1U);
  EXPECT_EQ(blocks[0].cumulative_lost, 0);
  EXPECT_EQ(blocks[0].highest_seq, 13U);
}

TEST(Track, LatePaddingFillsTheHoleItLeft) {
  MediaSource source(video_params());
  const auto first = source.push(at_ms(0), video(10, true));
  const auto next = source.push(at_ms(1), video(12));
  const auto late = source.push(at_ms(2), padding(11));
  ASSERT_TRUE(first && next && late);
  EXPECT_EQ(next->ext_seq, first->ext_seq + 2);
  EXPECT_EQ(late->ext_seq, first->ext_seq + 1);
  EXPECT_EQ(late->payload_size, 0);
}

TEST(Track, ALostPacketKeepsItsPlaceAndIsAskedFor) {
  MediaSource source(video_params());
  const auto first = source.push(at_ms(0), video(0xFFFF, true));
  EXPECT_FALSE(source.push(at_ms(0), padding(0)));
  const auto next = source.push(at_ms(1), video(2));
  ASSERT_TRUE(first && next);
  EXPECT_EQ(next->ext_seq, first->ext_seq + 2);
  EXPECT_EQ(source.track().next_timeout(), at_ms(6));
  const auto messages = poll(source.track(), at_ms(6));
  ASSERT_EQ(messages.size(), 1U);
  const auto& nack = std::get<Nack>(messages[0]);
  EXPECT_EQ(nack.sender_ssrc, 99U);
  EXPECT_EQ(nack.media_ssrc, kSsrc);
  std::vector<std::uint16_t> seqs;
  nack.for_each([&](std::uint16_t seq) { seqs.push_back(seq); });
  EXPECT_EQ(seqs, std::vector<std::uint16_t>{1});
  const auto repaired = source.push(at_ms(30), video(1));
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->ext_seq, first->ext_seq + 1);
  EXPECT_EQ(source.track().next_timeout(), kNever);
}

TEST(Track, LostPaddingBetweenPicturesIsNoLoss) {
  MediaSource source(video_params());
  const auto first = source.push(at_ms(0), video(10, true));
  EXPECT_FALSE(source.push(at_ms(1), padding(12)));  // 11 is lost, 13 too.
  RtpFields fields = video(14);
  fields.payload = make_vp8({.picture_id = 11});
  const auto next = source.push(at_ms(3), fields);
  ASSERT_TRUE(first && next);
  EXPECT_EQ(next->ext_seq, first->ext_seq + 1);
  EXPECT_EQ(source.track().next_timeout(), kNever);
  EXPECT_FALSE(source.push(at_ms(4), padding(11)));  // It was only late: nothing to fill.
  EXPECT_FALSE(source.push(at_ms(5), padding(13)));
}

TEST(Track, AHoleWithinAPictureOrOfAPictureIsALoss) {
  struct Case {
    bool ended;
    std::uint16_t picture_id;
    bool frame_start;
  };
  for (const Case& c : {Case{false, 11, true}, Case{true, 12, true}, Case{true, 11, false}}) {
    MediaSource source(video_params());
    RtpFields before = video(10, true);
    before.marker = c.ended;
    RtpFields after = video(12);
    after.payload = make_vp8({.picture_id = c.picture_id, .frame_start = c.frame_start});
    const auto first = source.push(at_ms(0), before);
    const auto next = source.push(at_ms(1), after);
    ASSERT_TRUE(first && next);
    EXPECT_EQ(next->ext_seq, first->ext_seq + 2);
    EXPECT_EQ(source.track().next_timeout(), at_ms(6));
  }
}

TEST(Track, SaysOnceThatALossIsGivenUp) {
  MediaSource source(video_params());
  (void)source.push(at_ms(0), video(10, true));
  (void)source.push(at_ms(1), video(12));
  EXPECT_FALSE(source.track().take_lost(0));
  while (source.track().next_timeout() != kNever) (void)poll(source.track(), source.track().next_timeout());
  EXPECT_TRUE(source.track().take_lost(0));
  EXPECT_FALSE(source.track().take_lost(0));
  (void)source.push(at_ms(2), video(600));  // A gap that is given up at once.
  EXPECT_TRUE(source.track().take_lost(0));
  EXPECT_FALSE(source.track().take_lost(7));  // No such encoding.
}

TEST(Track, ThrottlesKeyFrameRequests) {
  MediaSource source(video_params());
  (void)source.push(at_ms(0), video(10));
  source.track().request_keyframe(at_ms(0), 0);
  source.track().request_keyframe(at_ms(0), 7);  // No such encoding.
  auto messages = poll(source.track(), at_ms(0));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(std::get<PictureLoss>(messages[0]).media_ssrc, kSsrc);
  source.track().request_keyframe(at_ms(100), 0);
  EXPECT_TRUE(poll(source.track(), at_ms(100)).empty());
  EXPECT_EQ(source.track().next_timeout(), at_ms(500));
  EXPECT_EQ(poll(source.track(), at_ms(500)).size(), 1U);
}

TEST(Track, AsksByFirWhereThatIsAllThatIsKnown) {
  TrackParams params = video_params();
  params.pli = false;
  params.fir = true;
  MediaSource source(params);
  (void)source.push(at_ms(0), video(10));
  for (int i = 0; i < 3; ++i) {
    source.track().request_keyframe(at_ms(i * 500), 0);
    const auto messages = poll(source.track(), at_ms(i * 500));
    ASSERT_EQ(messages.size(), 1U);
    const auto& fir = std::get<FullIntraRequest>(messages[0]);
    ASSERT_EQ(fir.size(), 1U);
    EXPECT_EQ(fir.ssrc(0), kSsrc);
    EXPECT_EQ(fir.command_seq(0), i);
  }
}

TEST(Track, SquelchedGivesAndKeepsNothingAndAsksForNoKeyFrame) {
  MediaSource source(video_params());
  Track& track = source.track();
  const auto before = source.push(at_ms(0), video(10, true));
  ASSERT_TRUE(before);
  track.request_keyframe(at_ms(0), 0);
  track.set_squelched(true);
  EXPECT_EQ(track.next_timeout(), kNever);
  EXPECT_FALSE(source.push(at_ms(1), video(11)));
  track.request_keyframe(at_ms(1), 0);
  EXPECT_EQ(track.next_timeout(), kNever);
  EXPECT_FALSE(source.push(at_ms(2), video(600)));  // A gap that is given up at once.
  EXPECT_TRUE(poll(track, at_ms(3)).empty());
  EXPECT_NE(track.find(0, before->ext_seq), nullptr);
  EXPECT_EQ(track.find(0, before->ext_seq + 1), nullptr);
  std::array<ReportBlock, 1> blocks;
  ASSERT_EQ(track.report_blocks(at_ms(4), blocks), 1U);
  EXPECT_EQ(blocks[0].highest_seq, 600U);
  track.set_squelched(false);
  const auto after = source.push(at_ms(5), video(601));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->generation, before->generation);
  EXPECT_EQ(after->ext_seq, before->ext_seq + 591);
  track.request_keyframe(at_ms(5), 0);
  EXPECT_EQ(poll(track, at_ms(5)).size(), 1U);
}

TEST(Track, WhatDoesNotFitStaysDue) {
  MediaSource source(video_params());
  (void)source.push(at_ms(0), video(10));
  source.track().request_keyframe(at_ms(0), 0);
  std::array<std::uint8_t, 8> storage{};
  ByteWriter out(storage);
  source.track().poll_rtcp(at_ms(0), 99, out);
  EXPECT_EQ(out.size(), 0U);
  EXPECT_EQ(source.track().next_timeout(), at_ms(0));
  EXPECT_EQ(poll(source.track(), at_ms(0)).size(), 1U);
}

TEST(Track, ReportsWithTheTimesOfTheLastSenderReport) {
  MediaSource source(video_params());
  (void)source.push(at_ms(0), video(10));
  SenderReport report;
  report.ssrc = kSsrc;
  report.ntp = 0x11223344'55667788;
  EXPECT_TRUE(source.track().handle_sender_report(at_ms(1000), report));
  report.ssrc = 1;
  EXPECT_FALSE(source.track().handle_sender_report(at_ms(1000), report));
  std::array<ReportBlock, 1> blocks;
  ASSERT_EQ(source.track().report_blocks(at_ms(2000), blocks), 1U);
  EXPECT_EQ(blocks[0].ssrc, kSsrc);
  EXPECT_EQ(blocks[0].last_sr, 0x33445566U);
  EXPECT_EQ(blocks[0].delay_since_last_sr, 65'536U);
  EXPECT_EQ(source.track().report_blocks(at_ms(2000), blocks), 0U);
}

TEST(Track, AnotherSsrcBeginsAnew) {
  MediaSource source(video_params());
  const auto before = source.push(at_ms(0), video(10, true));
  RtpFields other = video(11);
  other.ssrc = kSsrc + 1;
  const auto after = source.push(at_ms(1), other);
  ASSERT_TRUE(before && after);
  EXPECT_NE(after->generation, before->generation);
  EXPECT_GT(after->ext_seq, before->ext_seq + 32'768);
  EXPECT_EQ(source.track().find(0, before->ext_seq), nullptr);
}

TEST(Track, AnEncodingIsInactiveOnceTheOthersGoOnWithoutIt) {
  MediaSource source(video_params(2));
  RtpFields high = video(500, true);
  high.ssrc = kSsrc + 1;
  (void)source.push(at_ms(0), high, 1);
  std::optional<MediaPacket> packet;
  for (std::uint16_t i = 0; i < 12; ++i) {
    packet = source.push(at_ms(33 * i), video(i), 0);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->active_encodings, 0b11);
  }
  packet = source.push(at_ms(33 * 13), video(12), 0);
  EXPECT_EQ(packet->active_encodings, 0b01);
  EXPECT_EQ(source.track().seen_encodings(), 0b11);
  high.seq = 501;
  packet = source.push(at_ms(500), high, 1);
  EXPECT_EQ(packet->active_encodings, 0b11);
}

TEST(Track, PictureIdsOfEitherWidthUnwrap) {
  MediaSource source(video_params());
  const auto push = [&](std::uint16_t seq, std::vector<std::uint8_t> descriptor) {
    descriptor.push_back(0x11);
    const auto packet = source.push(at_ms(seq), {.seq = seq, .payload = descriptor});
    return packet->frame.picture;
  };
  const auto first = push(1, {0x90, 0x80, 0x7F});           // 127 in 7 bits,
  EXPECT_EQ(push(2, {0x90, 0x80, 0x00}), first + 1);        // wraps,
  EXPECT_EQ(push(3, {0x90, 0x80, 0x7E}), first - 1);        // reordered,
  EXPECT_EQ(push(4, {0x90, 0x80, 0x80, 0x81}), first + 2);  // and 129 in 15 bits.
}

TEST(Track, KeepsTheLast512VideoPackets) {
  MediaSource source(video_params());
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  for (std::uint16_t i = 0; i < 600; ++i) {
    const auto packet = source.push(at_ms(i), video(i));
    if (i == 0) first = packet->ext_seq;
    last = packet->ext_seq;
  }
  EXPECT_EQ(source.track().find(0, first), nullptr);
  EXPECT_EQ(source.track().find(0, last - 512), nullptr);
  EXPECT_NE(source.track().find(0, last - 511), nullptr);
  EXPECT_EQ(source.track().find(1, last), nullptr);
}

TEST(Track, LetsGoOfPacketsAfterThreeQuartersOfASecond) {
  MediaSource source(video_params());
  const auto old = source.push(at_ms(0), video(1, true));
  const auto late = source.push(at_ms(400), video(3));
  ASSERT_TRUE(source.push(at_ms(749), video(4)));
  EXPECT_NE(source.track().find(0, old->ext_seq), nullptr);
  ASSERT_TRUE(source.push(at_ms(750), video(2)));
  EXPECT_EQ(source.track().find(0, old->ext_seq), nullptr);
  EXPECT_NE(source.track().find(0, late->ext_seq), nullptr);
  EXPECT_NE(source.track().find(0, late->ext_seq - 1), nullptr);
}

TEST(Track, KeepsAudioOnlyWhenItsLossIsToBeRepaired) {
  for (const bool nack : {false, true}) {
    TrackParams params = audio_params();
    params.nack = nack;
    MediaSource source(params);
    const auto packet = source.push(at_ms(0), {.seq = 1, .payload_type = kPublishedOpus, .payload = {1}});
    ASSERT_TRUE(packet);
    EXPECT_EQ(source.track().find(0, packet->ext_seq) != nullptr, nack);
  }
}

TEST(Track, MalformedVp8IsPassedOnUntouched) {
  MediaSource source(video_params());
  const auto packet = source.push(at_ms(0), {.seq = 1, .payload = {0x90, 0x80}});
  ASSERT_TRUE(packet);
  EXPECT_FALSE(packet->keyframe_start);
  EXPECT_EQ(packet->frame.descriptor_size, 0);
}

TEST(Track, SilenceWithAVoiceIsALevel) {
  MediaSource source(audio_params());
  std::uint16_t seq = 10;
  for (const int octet : {0xFF, 0x7F, 0x80 | 30}) {
    RtpFields fields{.seq = seq++, .payload_type = kPublishedOpus, .payload = {1}};
    fields.extensions = {0xBE, 0xDE, 0, 1, 0x10, static_cast<std::uint8_t>(octet), 0, 0};
    const auto packet = source.push(at_ms(0), fields);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->audio_level, octet == 0xFF ? 0x7F : octet);
  }
  const auto without = source.push(at_ms(0), {.seq = seq, .payload_type = kPublishedOpus, .payload = {1}});
  EXPECT_EQ(without->audio_level, MediaPacket::kAbsent);
}

}  // namespace
}  // namespace noir
