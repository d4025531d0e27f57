#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A publisher on the first of two loops; the subscriber is on the same one or, by way of a mirror, on the other.
class SquelchTest : public ::testing::TestWithParam<LoopIndex> {
 protected:
  void set_squelched(const SimTrack& track, bool squelched) {
    ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), track.id, squelched).ok());
  }
  SfuCounters counters() { return room_.sfu().counters(); }
  std::uint64_t plis() { return publisher_.client->counters().plis; }
  static void expect_continuous(const RecordedMedia& media) {
    EXPECT_EQ(media.nacked, 0U);
    EXPECT_EQ(media.lost, 0U);
    EXPECT_EQ(media.broken_frames, 0U);
    EXPECT_EQ(media.picture_id_gaps, 0U);
    EXPECT_EQ(media.timestamp_errors, 0U);
    EXPECT_EQ(media.payload_errors, 0U);
  }

  SimRoom room_{1, {}, 2};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber, GetParam());
};

INSTANTIATE_TEST_SUITE_P(HomeAndAway, SquelchTest, ::testing::Values(LoopIndex{0}, LoopIndex{1}));

TEST_P(SquelchTest, EveryPacketIsEitherForwardedOrCounted) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  for (const int ms : {1003, 1017, 777}) {
    room_.run_for(milliseconds(ms));
    set_squelched(video, true);
    const std::uint64_t before = counters().packets_squelched;
    room_.run_for(milliseconds(ms));
    EXPECT_GT(counters().packets_squelched, before + 80);
    video.source->set_paused(room_.now(), true);
    room_.run_for(milliseconds(200));
    set_squelched(video, false);
    room_.run_for(milliseconds(50));  // The request gets there before a frame that would wait for it.
    video.source->set_paused(room_.now(), false);
  }
  video.source->set_paused(room_.now(), true);
  room_.run_for(milliseconds(200));
  EXPECT_EQ(down.recorded().packets + counters().packets_squelched, video.source->packets());
  expect_continuous(down.recorded());
}

TEST_P(SquelchTest, NothingReachesTheSubscriberAndTheOtherTrackGoesOn) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimTrack audio = room_.publish_audio(publisher_);
  const SimDownTrack seen = room_.subscribe(subscriber_, video, true);
  const SimDownTrack heard = room_.subscribe(subscriber_, audio);
  room_.run_for(seconds(2));
  set_squelched(video, true);
  EXPECT_EQ(counters().squelched_tracks, 1U);
  room_.run_for(milliseconds(50));
  const RecordedMedia before = seen.recorded();
  const std::uint64_t heard_before = heard.recorded().packets;
  room_.run_for(seconds(3));
  EXPECT_EQ(seen.recorded().packets, before.packets);
  EXPECT_EQ(seen.recorded().rtx_packets, before.rtx_packets);
  EXPECT_GE(heard.recorded().packets - heard_before, 148U);
  EXPECT_EQ(subscriber_.client->counters().unexpected_rtp, 0U);
}

// What its congestion control lives on comes as ever.
TEST_P(SquelchTest, ThePublisherIsReportedAndAskedForNoKeyFrame) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(2));
  set_squelched(video, true);
  room_.run_for(milliseconds(50));
  const std::uint64_t plis_before = plis();
  const std::uint64_t reports = publisher_.client->counters().receiver_reports;
  const std::size_t received = publisher_.client->twcc().received();
  const std::uint64_t sent = video.source->packets();
  for (int i = 0; i < 8; ++i) {
    subscriber_.client->request_keyframe(down.recorder->params().ssrc);
    room_.run_for(milliseconds(500));
  }
  EXPECT_EQ(plis(), plis_before);
  EXPECT_GE(publisher_.client->counters().receiver_reports - reports, 3U);
  EXPECT_EQ(publisher_.client->counters().last_report_block->fraction_lost, 0);
  EXPECT_NEAR(static_cast<double>(publisher_.client->twcc().received() - received),
              static_cast<double>(video.source->packets() - sent), 20);
  EXPECT_EQ(publisher_.client->twcc().lost(), 0U);
}

TEST_P(SquelchTest, LossUpstreamAsksForNoKeyFrame) {
  const SimTrack video = room_.publish_video(publisher_);
  (void)room_.subscribe(subscriber_, video);
  room_.run_for(seconds(1));
  set_squelched(video, true);
  room_.run_for(milliseconds(50));
  const std::uint64_t before = plis();
  room_.net().set_link(publisher_.addresses[0], room_.server(), {.loss = 0.9, .delay = milliseconds(10)});
  room_.run_for(seconds(6));
  EXPECT_EQ(plis(), before);
  // Repairs, which come under the same number, were given up all the same.
  EXPECT_GT(publisher_.client->counters().nacked, 1000U);
  EXPECT_GT(publisher_.client->counters().last_report_block->fraction_lost, 20);
}

TEST_P(SquelchTest, GoesOnWithAKeyFrameAndWithoutAGap) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(2));
  set_squelched(video, true);
  room_.run_for(seconds(3));
  const RecordedMedia before = down.recorded();
  const std::uint64_t plis_before = plis();
  set_squelched(video, false);
  EXPECT_EQ(counters().squelched_tracks, 0U);
  const Instant unsquelched = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return down.recorded().keyframes > before.keyframes; }));
  EXPECT_LE(room_.now() - unsquelched, milliseconds(100));
  EXPECT_EQ(plis(), plis_before + 1);
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames - before.frames, 58U);
  expect_continuous(down.recorded());
}

TEST_P(SquelchTest, AStillScreenIsAskedForItsKeyFrameAtOnce) {
  SourceParams still;
  still.frame_interval = seconds(5);
  const SimTrack video = room_.publish_video(publisher_, still);
  (void)room_.subscribe(subscriber_, video);
  room_.run_for(seconds(1));
  set_squelched(video, true);
  room_.run_for(seconds(1));
  const std::uint64_t before = plis();
  set_squelched(video, false);
  room_.run_for(milliseconds(50));
  EXPECT_EQ(plis(), before + 1);
}

TEST_P(SquelchTest, WithoutASubscriberNobodyIsAsked) {
  const SimTrack video = room_.publish_video(publisher_);
  set_squelched(video, true);
  room_.run_for(seconds(1));
  set_squelched(video, false);
  room_.run_for(seconds(1));
  EXPECT_EQ(plis(), 0U);
}

TEST_P(SquelchTest, AudioGoesOnAtOnce) {
  const SimTrack audio = room_.publish_audio(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, audio);
  room_.run_for(seconds(1));
  set_squelched(audio, true);
  room_.run_for(seconds(3));
  const std::uint64_t packets = down.recorded().packets;
  set_squelched(audio, false);
  room_.run_for(milliseconds(100));
  EXPECT_GE(down.recorded().packets - packets, 4U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(down.recorder->missing(), 0U);
}

TEST_P(SquelchTest, FromTheFirstPacketOn) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimTrack audio = room_.publish_audio(publisher_);
  set_squelched(video, true);
  set_squelched(audio, true);
  const SimDownTrack seen = room_.subscribe(subscriber_, video);
  const SimDownTrack heard = room_.subscribe(subscriber_, audio);
  room_.run_for(seconds(2));
  EXPECT_EQ(seen.recorded().packets + heard.recorded().packets, 0U);
  EXPECT_EQ(room_.sfu(0).counters().packets_forwarded + room_.sfu(1).counters().packets_forwarded, 0U);
  EXPECT_EQ(counters().packets_handed_over, 0U);
  EXPECT_EQ(plis(), 0U);
  set_squelched(video, false);
  set_squelched(audio, false);
  const Instant unsquelched = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return seen.recorded().frames > 0; }));
  EXPECT_LE(room_.now() - unsquelched, milliseconds(100));
  room_.run_for(seconds(2));
  EXPECT_GE(seen.recorded().frames, 58U);
  EXPECT_GE(heard.recorded().packets, 98U);
  expect_continuous(seen.recorded());
}

TEST_P(SquelchTest, SimulcastComesBackToTheBestEncoding) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(3));
  set_squelched(video, true);
  room_.run_for(seconds(3));
  set_squelched(video, false);
  room_.run_for(seconds(3));
  const RecordedMedia before = down.recorded();
  room_.run_for(seconds(2));
  EXPECT_NEAR(static_cast<double>(down.recorded().packets - before.packets) / 60, 4, 0.3);
  expect_continuous(down.recorded());
}

TEST_P(SquelchTest, CanBeToggledQuicklyUnderLoss) {
  room_.net().set_default_link({.loss = 0.02, .delay = milliseconds(15)});
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video, true);
  room_.run_for(seconds(1));
  for (int i = 0; i < 50; ++i) {
    set_squelched(video, i % 2 == 0);
    room_.run_for(milliseconds(90));
  }
  room_.net().set_default_link({});
  room_.run_for(milliseconds(500));
  // As a browser does. A key frame whose first packet had to be repaired is of no use: the rest has been let go by
  // then.
  subscriber_.client->request_keyframe(down.recorder->params().ssrc);
  room_.run_for(seconds(3));
  EXPECT_GE(down.recorded().frames, 95U);
  EXPECT_EQ(down.recorded().payload_errors, 0U);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorder->missing(), 0U);
  EXPECT_EQ(room_.sfu(0).counters().bugs + room_.sfu(1).counters().bugs, 0U);
}

// Of another capture, say, on the same track.
TEST_P(SquelchTest, AnotherSsrcMeanwhileIsSquelchedToo) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(1));
  set_squelched(video, true);
  room_.run_for(milliseconds(50));
  const std::uint64_t packets = down.recorded().packets;
  video.source->set_paused(room_.now(), true);
  SourceParams other = video.source->params();
  other.ssrc += 0x01000000U;
  SyntheticSource& next = publisher_.client->publish(room_.now(), other);
  room_.run_for(seconds(2));
  EXPECT_GT(next.packets(), 200U);
  EXPECT_EQ(down.recorded().packets, packets);
  set_squelched(video, false);
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames, 85U);
  expect_continuous(down.recorded());
}

TEST_P(SquelchTest, WhatNobodyNegotiatedIsRefusedAndCounted) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  // As a client whose section was answered `inactive` and that sends all the same; and a rid nobody agreed to.
  SourceParams denied = video.source->params();
  denied.ssrc = 7;
  denied.mid = "denied";
  const SyntheticSource& section = publisher_.client->publish(room_.now(), denied);
  const SimTrack simulcast = room_.publish_simulcast(publisher_);
  SourceParams unknown = simulcast.source->params();
  unknown.ssrc = 8;
  unknown.rid = "x";
  const SyntheticSource& encoding = publisher_.client->publish(room_.now(), unknown);
  room_.run_for(seconds(2));
  EXPECT_GT(section.packets(), 230U);
  EXPECT_NEAR(static_cast<double>(counters().packets_refused),
              static_cast<double>(section.packets() + encoding.packets()), 16);
  EXPECT_EQ(counters().dropped_rtp, 0U);
  EXPECT_EQ(counters().packets_squelched, 0U);
  EXPECT_EQ(subscriber_.client->counters().unexpected_rtp, 0U);
  EXPECT_GE(down.recorded().frames, 58U);
  expect_continuous(down.recorded());
  EXPECT_EQ(publisher_.client->twcc().lost(), 0U);
}

TEST_P(SquelchTest, EndsWithTheTrackAndNamesTracksOfThisLoopOnly) {
  const SimTrack first = room_.publish_video(publisher_);
  const SimTrack second = room_.publish_audio(publisher_);
  (void)room_.subscribe(subscriber_, first);
  for (const SimTrack& track : {first, second, second}) set_squelched(track, true);
  EXPECT_EQ(counters().squelched_tracks, 2U);
  ASSERT_TRUE(room_.sfu().remove_track(room_.now(), first.id).ok());
  EXPECT_EQ(counters().squelched_tracks, 1U);
  EXPECT_EQ(room_.sfu().set_squelched(room_.now(), first.id, false).error(), ErrorCode::kNotFound);
  EXPECT_EQ(room_.sfu(1).set_squelched(room_.now(), second.id, true).error(), ErrorCode::kNotFound);
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), publisher_.transport).ok());
  EXPECT_EQ(counters().squelched_tracks, 0U);
}

}  // namespace
}  // namespace noir
