#include "forward/down_track.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "forward/codec/vp8.hpp"
#include "forward/media_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using namespace test;

/// A down track that parses what it sends.
struct Subscriber {
  DownTrack down;
  struct Sent {
    RtpView rtp;
    std::uint64_t index;
    std::vector<std::uint8_t> payload;
  };

  explicit Subscriber(DownTrackParams params = down_params(), MediaKind kind = MediaKind::kVideo,
                      DownTrackStart start = {100, 200, 0})
      : down(std::move(params), kind, start) {}

  std::optional<Sent> push(const std::optional<MediaPacket>& packet) {
    OutPacket out;
    if (!packet || !down.rewrite(packet->arrival, *packet, out)) return std::nullopt;
    const auto bytes = to_bytes(out);
    const auto view = parse_rtp(bytes, {.mid = 1});
    EXPECT_TRUE(view.ok());
    EXPECT_EQ(static_cast<std::uint16_t>(out.index), view->seq);
    return Sent{*view, out.index, {bytes.begin() + view->header_size, bytes.end()}};
  }
};

RtpFields video(std::uint16_t seq, bool keyframe = false) {
  return {.seq = seq,
          .rtp_ts = seq * 3000U,
          .marker = true,
          .payload = make_vp8({.picture_id = seq,
                               .tl0_pic_idx = static_cast<std::uint8_t>(seq),
                               .keyframe = keyframe,
                               .body = static_cast<std::uint8_t>(seq)})};
}

TEST(DownTrack, RewritesSsrcPayloadTypeAndSequence) {
  MediaSource source(video_params());
  Subscriber s;
  const auto sent = s.push(source.push(at_ms(0), video(5000, true)));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->rtp.ssrc, kOutSsrc);
  EXPECT_EQ(sent->rtp.payload_type, 120);
  EXPECT_EQ(sent->rtp.seq, 100);
  EXPECT_TRUE(sent->rtp.marker);
  EXPECT_EQ(to_hex(sent->payload), to_hex(video(5000, true).payload));
}

TEST(DownTrack, WaitsForAKeyFrame) {
  MediaSource source(video_params());
  Subscriber s;
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  EXPECT_FALSE(s.push(source.push(at_ms(0), video(1))));
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  EXPECT_TRUE(s.push(source.push(at_ms(1), video(2, true))));
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
}

TEST(DownTrack, AudioStartsAtOnceAndWantsNoKeyFrame) {
  MediaSource source(audio_params());
  Subscriber s(down_params(), MediaKind::kAudio);
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
  const auto sent = s.push(source.push(at_ms(0), {.seq = 1, .payload_type = kPublishedOpus, .payload = {1, 2, 3}}));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->rtp.payload_type, 109);
}

TEST(DownTrack, DropsWhatHasNoPayloadMapping) {
  MediaSource source(video_params());
  DownTrackParams params = down_params();
  params.payloads = {{102, 122, 0}};
  Subscriber s(params);
  EXPECT_FALSE(s.push(source.push(at_ms(0), video(1, true))));
}

TEST(DownTrack, StartsBelowHalfTheSequenceSpace) {
  MediaSource source(video_params());
  Subscriber s(down_params(), MediaKind::kVideo, {0xFFFF, 0, 0});
  EXPECT_EQ(s.push(source.push(at_ms(0), video(1, true)))->index, 0x7FFFU);
}

TEST(DownTrack, IndexCountsTheWrapsOfTheSequence) {
  MediaSource source(video_params());
  Subscriber s(down_params(), MediaKind::kVideo, {0x7FFE, 0, 0});
  std::uint64_t expected = 0x7FFE;
  for (std::uint32_t i = 0; i < 70'000; ++i, ++expected) {
    const auto sent = s.push(source.push(at_ms(i), video(static_cast<std::uint16_t>(40'000 + i), i == 0)));
    ASSERT_TRUE(sent);
    ASSERT_EQ(sent->index, expected);
  }
}

TEST(DownTrack, AMuteLeavesNoGapAndNeedsAKeyFrame) {
  MediaSource source(video_params());
  Subscriber s;
  const auto before = s.push(source.push(at_ms(0), video(10, true)));
  s.down.set_muted(true);
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
  EXPECT_FALSE(s.push(source.push(at_ms(33), video(11))));
  s.down.set_muted(false);
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  EXPECT_FALSE(s.push(source.push(at_ms(66), video(12))));
  const auto after = s.push(source.push(at_ms(99), video(13, true)));
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->index, before->index + 1);
  EXPECT_EQ(after->rtp.rtp_ts - before->rtp.rtp_ts, 3 * 3000U);  // Time goes on.
  const auto b = parse_vp8_descriptor(before->payload);
  const auto a = parse_vp8_descriptor(after->payload);
  EXPECT_EQ(a->picture_id, b->picture_id + 1);
  EXPECT_EQ(a->tl0_pic_idx, b->tl0_pic_idx + 1);
  EXPECT_FALSE(s.push(source.push(at_ms(100), video(9))));  // From before the pause.
}

TEST(DownTrack, AnUpstreamLossKeepsItsPlace) {
  MediaSource source(video_params());
  Subscriber s;
  const auto a = s.push(source.push(at_ms(0), video(10, true)));
  const auto c = s.push(source.push(at_ms(2), video(12)));
  const auto b = s.push(source.push(at_ms(90), video(11)));
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ(c->index, a->index + 2);
  EXPECT_EQ(b->index, a->index + 1);
  EXPECT_EQ(b->payload[7], 11);
}

TEST(DownTrack, PaddingClosesItsGapOrFillsIt) {
  MediaSource source(video_params());
  Subscriber s;
  const auto a = s.push(source.push(at_ms(0), video(10, true)));
  EXPECT_FALSE(s.push(source.push(at_ms(1), {.seq = 11, .padding = 100})));
  const auto b = s.push(source.push(at_ms(2), video(12)));
  const auto d = s.push(source.push(at_ms(3), video(14)));
  const auto filler = s.push(source.push(at_ms(4), {.seq = 13, .padding = 100}));
  ASSERT_TRUE(a && b && d && filler);
  EXPECT_EQ(b->index, a->index + 1);
  EXPECT_EQ(d->index, b->index + 2);
  EXPECT_EQ(filler->index, b->index + 1);
  EXPECT_TRUE(filler->payload.empty());
}

TEST(DownTrack, AnotherPublisherStreamNeedsAKeyFrameAndContinues) {
  MediaSource source(video_params());
  Subscriber s;
  const auto before = s.push(source.push(at_ms(0), video(10, true)));
  RtpFields other = video(30'000);
  other.ssrc = kSsrc + 1;
  EXPECT_FALSE(s.push(source.push(at_ms(50), other)));
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  other = video(30'001, true);
  other.ssrc = kSsrc + 1;
  const auto after = s.push(source.push(at_ms(100), other));
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->index, before->index + 1);
  EXPECT_EQ(after->rtp.rtp_ts, before->rtp.rtp_ts + 9000);
}

TEST(DownTrack, AnotherCodecNeedsAKeyFrame) {
  MediaSource source(video_params());
  Subscriber s;
  ASSERT_TRUE(s.push(source.push(at_ms(0), video(10, true))));
  EXPECT_FALSE(s.push(source.push(at_ms(1), {.seq = 11, .payload_type = 102, .payload = {0x41, 0x9A}})));
  const auto sent = s.push(source.push(
      at_ms(2),
      {.seq = 12, .rtp_ts = 3000, .payload_type = 102, .payload = from_hex("78 0002 6742 0002 68ce 0002 6588")}));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->rtp.payload_type, 122);
}

// An encoder that begins anew gives its key frame any picture id.
TEST(DownTrack, APictureIdThatJumpsBackAtAKeyFrameIsContinued) {
  for (const auto& [before, after] : {std::pair{20'000, 10'000}, std::pair{100, 20'000}, std::pair{300, 300}}) {
    MediaSource source(video_params());
    Subscriber s;
    const auto push = [&](std::uint16_t seq, int picture_id, bool keyframe) {
      RtpFields fields = video(seq, keyframe);
      fields.payload = make_vp8({.picture_id = static_cast<std::uint16_t>(picture_id), .keyframe = keyframe});
      return s.push(source.push(at_ms(seq * 33), fields));
    };
    ASSERT_TRUE(push(1, before, true));
    for (std::uint16_t seq = 2; seq <= 50; ++seq) ASSERT_TRUE(push(seq, before + seq - 1, false));
    const int last = parse_vp8_descriptor(push(51, before + 50, false)->payload)->picture_id;
    for (std::uint16_t seq = 52; seq < 100; ++seq) {
      const auto sent = push(seq, after + seq - 52, seq == 52);
      ASSERT_TRUE(sent) << before << " " << seq;
      EXPECT_EQ(sent->rtp.seq, 100 + seq - 1);
      EXPECT_EQ(parse_vp8_descriptor(sent->payload)->picture_id, (last + seq - 51) & 0x7FFF);
    }
    EXPECT_FALSE(push(50, before + 49, false));
  }
}

TEST(DownTrack, WhatComesLateFromBeforeAJumpOfThePictureIdChangesNothing) {
  MediaSource source(video_params());
  Subscriber s;
  const auto push = [&](std::uint16_t seq, std::uint16_t picture_id, bool keyframe) {
    RtpFields fields = video(seq, keyframe);
    fields.payload = make_vp8({.picture_id = picture_id, .keyframe = keyframe});
    return s.push(source.push(at_ms(seq * 33), fields));
  };
  ASSERT_TRUE(push(1, 20'000, true));
  ASSERT_TRUE(push(3, 10'000, true));
  EXPECT_FALSE(push(2, 20'001, false));
  for (std::uint16_t seq = 4; seq < 50; ++seq) ASSERT_TRUE(push(seq, 10'000 + seq - 3, false)) << seq;
}

// A packet of a picture; the first of a key frame says that it is one.
RtpFields part(std::uint16_t seq, std::uint16_t picture, bool first, bool keyframe, bool last) {
  return {.seq = seq,
          .rtp_ts = picture * 3000U,
          .marker = last,
          .payload = make_vp8({.picture_id = picture,
                               .frame_start = first,
                               .keyframe = keyframe && first,
                               .body = static_cast<std::uint8_t>(seq)})};
}

std::vector<std::uint64_t> take_backlog(Subscriber& s, const Track& track) {
  std::vector<std::uint64_t> indexes;
  OutPacket out;
  while (s.down.rewrite_backlog(track, out)) indexes.push_back(out.index);
  return indexes;
}

TEST(DownTrack, AKeyFrameWhoseFirstPacketComesLateIsAStart) {
  MediaSource source(video_params());
  Subscriber s;
  EXPECT_FALSE(s.push(source.push(at_ms(0), part(9, 1, true, false, true))));
  EXPECT_FALSE(s.push(source.push(at_ms(1), part(11, 2, false, true, false))));
  EXPECT_FALSE(s.push(source.push(at_ms(2), part(12, 2, false, true, true))));
  EXPECT_FALSE(s.push(source.push(at_ms(40), part(13, 3, true, false, true))));
  EXPECT_FALSE(s.down.has_backlog());
  EXPECT_FALSE(s.push(source.push(at_ms(41), part(10, 2, true, true, false))));
  EXPECT_EQ(take_backlog(s, source.track()), (std::vector<std::uint64_t>{100, 101, 102, 103}));
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
  const auto next = s.push(source.push(at_ms(73), part(14, 4, true, false, true)));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->rtp.seq, 104);
}

TEST(DownTrack, ABacklogIsSentOnce) {
  MediaSource source(video_params());
  Subscriber s;
  const auto second = source.push(at_ms(1), part(11, 2, false, true, false));
  const auto first = source.push(at_ms(2), part(10, 2, true, true, false));
  // These two come before the fan-out, and are in the buffer already.
  const auto fourth = source.push(at_ms(3), part(13, 3, true, false, true));
  const auto third = source.push(at_ms(3), part(12, 2, false, true, true));
  EXPECT_FALSE(s.push(second));
  EXPECT_FALSE(s.push(first));
  EXPECT_EQ(take_backlog(s, source.track()), (std::vector<std::uint64_t>{100, 101}));
  EXPECT_EQ(s.push(fourth)->rtp.seq, 103);
  EXPECT_EQ(s.push(third)->rtp.seq, 102);
  EXPECT_FALSE(s.push(third));
}

TEST(DownTrack, H264StartsWithAllOfTheAccessUnit) {
  MediaSource source(video_params());
  Subscriber s;
  const auto h264 = [&](std::uint16_t seq, std::uint32_t rtp_ts, const char* payload, bool marker = false) {
    return source.push(
        at_ms(seq),
        {.seq = seq, .rtp_ts = rtp_ts, .payload_type = 102, .marker = marker, .payload = from_hex(payload)});
  };
  EXPECT_FALSE(s.push(h264(1, 1000, "65 88", true)));  // Alone.
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  EXPECT_FALSE(s.push(h264(2, 4000, "68 ce")));
  EXPECT_FALSE(s.push(h264(3, 4000, "67 42")));
  EXPECT_FALSE(s.down.has_backlog());
  EXPECT_FALSE(s.push(h264(4, 4000, "7c 85 88")));
  EXPECT_EQ(take_backlog(s, source.track()), (std::vector<std::uint64_t>{100, 101, 102}));
  EXPECT_EQ(s.push(h264(5, 4000, "7c 45 00", true))->rtp.seq, 103);
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
}

TEST(DownTrack, WantsNoKeyFrameOfACodecThatItDoesNotKnow) {
  MediaSource source(video_params());
  DownTrackParams params = down_params();
  params.payloads = {{102, 122, 0}};
  Subscriber s(params);
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
  EXPECT_FALSE(s.push(source.push(at_ms(0), video(1, true))));
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
  EXPECT_FALSE(s.push(source.push(at_ms(1), {.seq = 2, .payload_type = 102, .payload = {0x41, 0x9A}})));
  EXPECT_EQ(s.down.keyframe_wanted(), 0);
}

RtpFields of_encoding(std::uint8_t encoding, std::uint16_t seq, std::uint32_t rtp_ts, bool keyframe,
                      std::uint16_t picture_id) {
  RtpFields fields = video(seq, keyframe);
  fields.ssrc = kSsrc + encoding;
  fields.rtp_ts = rtp_ts;
  fields.payload = make_vp8({.picture_id = picture_id, .tl0_pic_idx = 200, .key_idx = 3, .keyframe = keyframe});
  return fields;
}

TEST(DownTrack, ASwitchContinuesEverything) {
  MediaSource source(video_params(2));
  Subscriber s;
  const auto low = s.push(source.push(at_ms(0), of_encoding(0, 10, 1000, true, 0x7FFF), 0));
  EXPECT_FALSE(s.push(source.push(at_ms(5), of_encoding(1, 900, 777'000, false, 50), 1)));
  EXPECT_EQ(s.down.keyframe_wanted(), 1);
  const auto high = s.push(source.push(at_ms(40), of_encoding(1, 901, 780'000, true, 51), 1));
  EXPECT_EQ(s.down.keyframe_wanted(), std::nullopt);
  EXPECT_EQ(s.down.current_encoding(), 1);
  EXPECT_FALSE(s.push(source.push(at_ms(41), of_encoding(0, 11, 4000, false, 0), 0)));
  const auto next = s.push(source.push(at_ms(73), of_encoding(1, 902, 783'000, false, 52), 1));
  ASSERT_TRUE(low && high && next);
  EXPECT_EQ(high->index, low->index + 1);
  EXPECT_EQ(next->index, low->index + 2);
  EXPECT_EQ(high->rtp.rtp_ts, low->rtp.rtp_ts + 3600);  // 40 ms by arrival.
  EXPECT_EQ(next->rtp.rtp_ts, high->rtp.rtp_ts + 3000);
  const auto a = parse_vp8_descriptor(low->payload);
  const auto b = parse_vp8_descriptor(high->payload);
  EXPECT_EQ(a->picture_id, 0x7FFF);
  EXPECT_EQ(b->picture_id, 0);
  EXPECT_EQ(b->tl0_pic_idx, a->tl0_pic_idx + 1);
  EXPECT_EQ(b->key_idx, a->key_idx + 1);
}

TEST(DownTrack, ASwitchFollowsThePublishersClockWhenItIsKnown) {
  MediaSource source(video_params(2));
  Subscriber s;
  (void)source.push(at_ms(0), of_encoding(0, 1, 1000, false, 1), 0);
  (void)source.push(at_ms(0), of_encoding(1, 1, 500'000, false, 1), 1);
  SenderReport report;
  report.ntp = 1000ULL << 32;
  for (const auto& [ssrc, rtp_ts] : {std::pair{kSsrc, 1000U}, std::pair{kSsrc + 1, 500'000U}}) {
    report.ssrc = ssrc;
    report.rtp_ts = rtp_ts;
    ASSERT_TRUE(source.track().handle_sender_report(at_ms(0), report));
  }
  // Captured 33 ms apart, but the second comes 150 ms later.
  const auto low = s.push(source.push(at_ms(10), of_encoding(0, 2, 4000, true, 2), 0));
  const auto high = s.push(source.push(at_ms(160), of_encoding(1, 2, 506'000, true, 3), 1));
  ASSERT_TRUE(low && high);
  EXPECT_EQ(high->rtp.rtp_ts, low->rtp.rtp_ts + 3000);
}

TEST(DownTrack, ASwitchWithinOnePictureStillMovesTime) {
  MediaSource source(video_params(2));
  Subscriber s;
  const auto low = s.push(source.push(at_ms(0), of_encoding(0, 1, 1000, true, 1), 0));
  const auto high = s.push(source.push(at_ms(0), of_encoding(1, 1, 5000, true, 1), 1));
  ASSERT_TRUE(low && high);
  EXPECT_EQ(high->rtp.rtp_ts, low->rtp.rtp_ts + 1);
}

TEST(DownTrack, SendsExtensionsByTheSubscribersIds) {
  MediaSource source(video_params());
  DownTrackParams params = down_params();
  params.extensions = {.mid = 1, .video_orientation = 6};
  Subscriber s(params);
  RtpFields fields = video(1, true);
  // The publisher's mid "1" as 4, orientation as 13, transport sequence as 3.
  fields.extensions = from_hex("bede 0002 40 31 d0 01 31 0001 00");
  const auto packet = source.push(at_ms(0), fields);
  OutPacket out;
  ASSERT_TRUE(packet && s.down.rewrite(at_ms(0), *packet, out));
  EXPECT_EQ(to_hex(out.header().subspan(12)),
            "bede0001"
            "1037"
            "6001");
  EXPECT_EQ(out.header()[0], 0x90);
}

TEST(DownTrack, ReportsByThePublishersClock) {
  MediaSource source(video_params());
  Subscriber s(down_params(), MediaKind::kVideo, {0, 0, 12'345});
  const WallClock utc{std::chrono::seconds(1'700'000'000)};
  EXPECT_FALSE(s.down.sender_report(at_ms(0), utc, source.track()));
  ASSERT_TRUE(s.push(source.push(at_ms(1000), video(1, true))));
  EXPECT_FALSE(s.down.sender_report(at_ms(1000), utc, source.track()));
  SenderReport report;
  report.ssrc = kSsrc;
  report.ntp = 50ULL << 32;
  report.rtp_ts = 90'000;
  source.track().handle_sender_report(at_ms(2000), report);
  const auto ours = s.down.sender_report(at_ms(2500), utc, source.track());
  ASSERT_TRUE(ours);
  EXPECT_EQ(ours->ssrc, kOutSsrc);
  EXPECT_EQ(ours->ntp, (50ULL << 32) + (1ULL << 31));
  EXPECT_EQ(ours->rtp_ts, 90'000U + 45'000 + 12'345);
  EXPECT_EQ(ours->packet_count, 1U);
  EXPECT_EQ(ours->octet_count, 10U);
}

// fixtures/odd 05: after a mute by replaceTrack(null) the packets go on where they stopped, the publisher's clock has
// run.
TEST(DownTrack, ReportsFollowThePacketsAfterASilence) {
  MediaSource source(video_params());
  Subscriber s;
  const WallClock utc{std::chrono::seconds(1'700'000'000)};
  SenderReport report;
  report.ssrc = kSsrc;
  std::uint16_t seq = 1;
  std::uint32_t rtp_ts = 0;
  const auto send = [&](std::int64_t from, std::int64_t until) {
    for (std::int64_t ms = from; ms < until; ms += 33) {
      RtpFields fields = video(seq, seq == 1);
      fields.rtp_ts = rtp_ts;
      rtp_ts += 2970;
      ++seq;
      ASSERT_TRUE(s.push(source.push(at_ms(ms + 20), fields)));  // 20 ms on the way.
    }
  };
  const auto publisher_reports = [&](std::int64_t ms, std::int64_t rtp_ms) {
    report.ntp = static_cast<std::uint64_t>(ms + 100'000) * (1ULL << 32) / 1000;
    report.rtp_ts = static_cast<std::uint32_t>(rtp_ms * 90);
    source.track().handle_sender_report(at_ms(ms + 20), report);
  };
  const auto ahead_ms = [&](std::int64_t ms) -> std::optional<int> {
    const auto ours = s.down.sender_report(at_ms(ms), utc, source.track());
    s.down.note_report();
    if (!ours) return std::nullopt;
    return static_cast<std::int32_t>(ours->rtp_ts - (rtp_ts - 2970)) / 90;
  };
  send(0, 5000);
  publisher_reports(2200, 2200);
  ASSERT_TRUE(ahead_ms(5000));
  for (std::int64_t ms = 6000; ms < 15'000; ms += 1000) EXPECT_FALSE(ahead_ms(ms)) << ms;
  publisher_reports(7200, 7200);
  publisher_reports(12'200, 12'200);
  send(15'000, 16'500);
  EXPECT_LE(std::abs(ahead_ms(16'500).value_or(9999)), 60);
  const std::int64_t silence = 10'000;
  send(16'500, 17'500);
  publisher_reports(17'200, 17'200 - silence);
  EXPECT_LE(std::abs(ahead_ms(17'500).value_or(9999)), 60);
  rtp_ts -= 0x7FFF'FFFF;
  send(17'500, 18'500);
  EXPECT_LE(std::abs(ahead_ms(18'500).value_or(9999)), 60);
}

TEST(DownTrack, ReportsByOurClockWhenThePublisherNeverReports) {
  MediaSource source(video_params());
  Subscriber s;
  const WallClock utc{std::chrono::seconds(1'700'000'000)};
  const auto sent = s.push(source.push(at_ms(0), video(1, true)));
  EXPECT_FALSE(s.down.sender_report(at_ms(9'999), utc, source.track()));
  const auto report = s.down.sender_report(at_ms(10'000), utc, source.track());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->ntp, to_ntp(utc));
  EXPECT_EQ(report->rtp_ts, sent->rtp.rtp_ts + 900'000);
}

// Loss, reordering, padding and mutes at once: an index is never used for two packets, and without loss there is no
// gap.
TEST(DownTrack, NeverUsesAnIndexTwice) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    MediaSource source(video_params());
    Subscriber s;
    std::vector<RtpFields> stream;
    for (std::uint16_t seq = 0; seq < 2000; ++seq) {
      if (random() % 6 == 0) {
        stream.push_back({.seq = seq, .padding = 50});
      } else {
        stream.push_back(video(seq, random() % 50 == 0));
      }
    }
    for (std::size_t i = 0; i + 5 < stream.size(); ++i) {
      if (random() % 8 == 0) std::swap(stream[i], stream[i + 1 + random() % 4]);
    }
    std::set<std::uint64_t> used;
    std::int64_t now = 0;
    for (const RtpFields& fields : stream) {
      ++now;
      if (random() % 300 == 0) s.down.set_muted(!s.down.muted());
      if (random() % 20 == 0) continue;
      if (const auto sent = s.push(source.push(at_ms(now), fields))) {
        ASSERT_TRUE(used.insert(sent->index).second) << "seed " << seed;
      }
      for (const std::uint64_t index : take_backlog(s, source.track())) {
        ASSERT_TRUE(used.insert(index).second) << "seed " << seed;
      }
    }
    EXPECT_GT(used.size(), 200U);
  }
}

}  // namespace
}  // namespace noir
