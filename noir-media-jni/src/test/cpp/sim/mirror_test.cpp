#include <gtest/gtest.h>

#include <cmath>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two loops: the publisher's, and another one with subscribers.
class MirrorTest : public ::testing::Test {
 protected:
  static constexpr LoopIndex kHome = 0;
  static constexpr LoopIndex kAway = 1;

  static void expect_continuous(const RecordedMedia& media) {
    EXPECT_EQ(media.lost, 0U);
    EXPECT_EQ(media.broken_frames, 0U);
    EXPECT_EQ(media.picture_id_gaps, 0U);
    EXPECT_EQ(media.timestamp_errors, 0U);
    EXPECT_EQ(media.payload_errors, 0U);
  }
  void set(const SimDownTrack& down, bool muted, int highest) {
    ASSERT_TRUE(
        room_.sfu(down.loop).set_down_track(room_.now(), down.id, {.muted = muted, .max_spatial = highest}).ok());
  }
  SfuCounters away() { return room_.sfu(kAway).counters(); }

  SimRoom room_{1, {}, 2};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher, kHome);
  SimEnd& near_ = room_.join_connected(TransportRole::kSubscriber, kHome);
  SimEnd& far_ = room_.join_connected(TransportRole::kSubscriber, kAway);
  SimEnd& far_too_ = room_.join_connected(TransportRole::kSubscriber, kAway);
};

TEST_F(MirrorTest, EverySubscriberGetsEveryFrame) {
  const SimTrack video = room_.publish_video(publisher_);
  std::vector<SimDownTrack> downs;
  for (SimEnd* end : {&near_, &far_, &far_too_}) downs.push_back(room_.subscribe(*end, video));
  room_.run_for(seconds(5));
  for (const SimDownTrack& down : downs) {
    EXPECT_GE(down.recorded().frames, 145U);
    EXPECT_EQ(down.recorded().nacked, 0U);
    expect_continuous(down.recorded());
    EXPECT_LE(down.recorder->delays().quantile(1), milliseconds(11));
  }
}

// Whatever negotiation says there: an encoding that a mirror does not have is no index into it.
TEST_F(MirrorTest, AnEncodingThatTheMirrorDoesNotHaveIsDropped) {
  SimTrack video = room_.publish_simulcast(publisher_);
  video.params.encodings.resize(1);
  const SimDownTrack down = room_.subscribe(far_, video);
  room_.run_for(seconds(3));
  EXPECT_EQ(away().bugs, 0U);
  EXPECT_GT(away().packets_forwarded, 50U);
  EXPECT_LE(away().packets_forwarded, video.encodings[0]->packets());
  EXPECT_EQ(down.recorded().payload_errors, 0U);
}

TEST_F(MirrorTest, APacketIsHandedOverOnceForAllSubscribersOfALoop) {
  const SimTrack video = room_.publish_video(publisher_);
  for (SimEnd* end : {&near_, &far_, &far_too_}) (void)room_.subscribe(*end, video);
  room_.run_for(seconds(2));
  video.source->set_paused(room_.now(), true);
  room_.run_for(milliseconds(100));
  EXPECT_EQ(room_.sfu(kHome).counters().packets_handed_over, video.source->packets());
  EXPECT_EQ(away().packets_forwarded, 2 * video.source->packets());
  EXPECT_EQ(away().mirrors, 1U);
  EXPECT_EQ(away().tracks, 0U);
  EXPECT_EQ(away().down_tracks, 2U);
}

TEST_F(MirrorTest, NothingIsHandedOverWithoutASubscriberElsewhere) {
  (void)room_.subscribe(near_, room_.publish_video(publisher_));
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu(kHome).counters().packets_handed_over, 0U);
}

class MirrorLossTest : public MirrorTest, public ::testing::WithParamInterface<bool> {};

TEST_P(MirrorLossTest, IsRepairedWhereTheSubscriberIs) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(far_, video, GetParam());
  room_.run_for(seconds(1));
  room_.net().set_link(room_.server(kAway), far_.addresses[0], {.loss = 0.05, .delay = milliseconds(20)});
  room_.run_for(seconds(10));
  room_.net().set_link(room_.server(kAway), far_.addresses[0], {});
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames, 370U);
  EXPECT_GT(down.recorded().recovered, 30U);
  EXPECT_EQ(down.recorded().rtx_packets > 0, GetParam());
  EXPECT_GT(away().packets_retransmitted, 30U);
  EXPECT_EQ(publisher_.client->counters().retransmitted, 0U);
  expect_continuous(down.recorded());
}

INSTANTIATE_TEST_SUITE_P(Rtx, MirrorLossTest, ::testing::Bool());

TEST_F(MirrorTest, UpstreamLossIsRepairedForAll) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(far_, video);
  room_.run_for(seconds(1));
  room_.net().set_link(publisher_.addresses[0], room_.server(kHome), {.loss = 0.05, .delay = milliseconds(10)});
  room_.run_for(seconds(5));
  room_.net().set_link(publisher_.addresses[0], room_.server(kHome), {});
  room_.run_for(seconds(2));
  EXPECT_GT(publisher_.client->counters().retransmitted, 20U);
  EXPECT_GE(down.recorded().frames, 230U);
  expect_continuous(down.recorded());
}

TEST_F(MirrorTest, LateSubscriberStartsWithAKeyFrame) {
  const SimTrack video = room_.publish_video(publisher_);
  room_.run_for(seconds(3));
  const SimDownTrack down = room_.subscribe(far_, video);
  const Instant subscribed = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return down.recorded().frames > 0; }));
  EXPECT_LE(room_.now() - subscribed, milliseconds(120));
}

TEST_F(MirrorTest, KeyFrameRequestsAreThrottledTogether) {
  const SimTrack video = room_.publish_video(publisher_);
  std::vector<SimDownTrack> downs;
  for (SimEnd* end : {&near_, &far_, &far_too_}) downs.push_back(room_.subscribe(*end, video));
  room_.run_for(seconds(2));
  const std::uint32_t before = video.source->keyframes();
  for (int i = 0; i < 20; ++i) {
    far_.client->request_keyframe(downs[1].recorder->params().ssrc);
    far_too_.client->request_keyframe(downs[2].recorder->params().ssrc);
    near_.client->request_keyframe(downs[0].recorder->params().ssrc);
    room_.run_for(milliseconds(50));
  }
  EXPECT_GT(video.source->keyframes(), before);
  EXPECT_LE(video.source->keyframes(), before + 3);  // One in 500 ms.
}

TEST_F(MirrorTest, SubscribersChooseEncodingsApart) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack low = room_.subscribe(far_, video);
  const SimDownTrack high = room_.subscribe(far_too_, video);
  set(low, false, 0);
  room_.run_for(seconds(3));
  const RecordedMedia low_before = low.recorded();
  const RecordedMedia high_before = high.recorded();
  room_.run_for(seconds(2));
  EXPECT_NEAR(static_cast<double>(low.recorded().packets - low_before.packets) / 60, 1, 0.2);
  EXPECT_NEAR(static_cast<double>(high.recorded().packets - high_before.packets) / 60, 4, 0.3);
  set(low, false, 2);
  room_.run_for(seconds(3));
  expect_continuous(low.recorded());
  expect_continuous(high.recorded());
  EXPECT_LE(low.recorded().longest_freeze, milliseconds(120));
}

TEST_F(MirrorTest, MutedGetsNothingAndGoesOnWithAKeyFrame) {
  const SimDownTrack down = room_.subscribe(far_, room_.publish_video(publisher_));
  room_.run_for(seconds(2));
  set(down, true, 2);
  room_.run_for(milliseconds(50));
  const RecordedMedia before = down.recorded();
  room_.run_for(seconds(2));
  EXPECT_EQ(down.recorded().packets, before.packets);
  set(down, false, 2);
  const Instant unmuted = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return down.recorded().keyframes > before.keyframes; }));
  EXPECT_LE(room_.now() - unmuted, milliseconds(100));
  room_.run_for(seconds(1));
  EXPECT_EQ(down.recorded().nacked, 0U);
  expect_continuous(down.recorded());
}

TEST_F(MirrorTest, ReportsCarryThePublishersClock) {
  const SimDownTrack video = room_.subscribe(far_, room_.publish_video(publisher_));
  const SimTrack audio_track = room_.publish_audio(publisher_);
  room_.run_for(milliseconds(3777));
  const SimDownTrack audio = room_.subscribe(far_, audio_track);  // Reported long before it is mirrored.
  room_.run_for(milliseconds(900));
  const auto video_s = video.recorder->newest_ntp_s();
  const auto audio_s = audio.recorder->newest_ntp_s();
  ASSERT_TRUE(video_s && audio_s);
  EXPECT_LT(std::fabs(*video_s - *audio_s), 0.040);
}

TEST_F(MirrorTest, ClosesWithItsLastDownTrack) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack first = room_.subscribe(far_, video);
  (void)room_.subscribe(far_too_, video);
  room_.run_for(seconds(1));
  ASSERT_TRUE(room_.sfu(kAway).remove_down_track(room_.now(), first.id).ok());
  EXPECT_EQ(away().mirrors, 1U);
  ASSERT_TRUE(room_.sfu(kAway).close_transport(room_.now(), far_too_.transport).ok());
  EXPECT_EQ(away().mirrors, 0U);
  room_.run_for(milliseconds(100));
  const std::uint64_t before = room_.sfu(kHome).counters().packets_handed_over;
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu(kHome).counters().packets_handed_over, before);
  EXPECT_EQ(room_.sfu(kHome).counters().tracks, 1U);
}

TEST_F(MirrorTest, EndsWithTheTrack) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(far_, video);
  room_.run_for(seconds(1));
  ASSERT_TRUE(room_.sfu(kHome).remove_track(room_.now(), video.id).ok());
  room_.run_for(milliseconds(10));
  EXPECT_EQ(away().mirrors, 0U);
  EXPECT_EQ(away().down_tracks, 0U);
  EXPECT_EQ(room_.sfu(kAway).remove_down_track(room_.now(), down.id).error(), ErrorCode::kNotFound);
}

TEST_F(MirrorTest, EndsWithThePublisher) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimTrack audio = room_.publish_audio(publisher_);
  for (SimEnd* end : {&far_, &far_too_}) {
    (void)room_.subscribe(*end, video);
    (void)room_.subscribe(*end, audio);
  }
  room_.run_for(seconds(1));
  EXPECT_EQ(away().mirrors, 2U);
  publisher_.client->close();
  room_.run_for(seconds(1));
  EXPECT_TRUE(publisher_.is(TransportState::kClosed));
  EXPECT_EQ(away().mirrors, 0U);
  EXPECT_EQ(away().down_tracks, 0U);
  EXPECT_EQ(away().transports, 2U);
}

TEST_F(MirrorTest, OfATrackThatIsGoneEndsAtOnce) {
  const SimTrack video = room_.publish_video(publisher_);
  ASSERT_TRUE(room_.sfu(kHome).remove_track(room_.now(), video.id).ok());
  const SimTrack next = room_.publish_video(publisher_);  // Takes its slot.
  (void)room_.subscribe(far_, video);
  EXPECT_EQ(away().down_tracks, 1U);
  room_.run_for(seconds(1));
  EXPECT_EQ(away().mirrors, 0U);
  EXPECT_EQ(away().down_tracks, 0U);
  EXPECT_EQ(room_.sfu(kHome).counters().packets_handed_over, 0U);
}

TEST_F(MirrorTest, CanBeClosedAndOpenedAgainAtOnce) {
  const SimTrack video = room_.publish_video(publisher_);
  SimDownTrack down = room_.subscribe(far_, video);
  for (int i = 0; i < 20; ++i) {
    room_.run_for(milliseconds(33));
    ASSERT_TRUE(room_.sfu(kAway).remove_down_track(room_.now(), down.id).ok());
    down = room_.subscribe(far_, video);
  }
  room_.run_for(seconds(1));
  const SfuCounters home_before = room_.sfu(kHome).counters();
  const SfuCounters away_before = away();
  room_.run_for(seconds(2));
  EXPECT_EQ(away().packets_forwarded - away_before.packets_forwarded,
            room_.sfu(kHome).counters().packets_handed_over - home_before.packets_handed_over);
  EXPECT_GE(down.recorded().frames, 75U);
  expect_continuous(down.recorded());
}

TEST_F(MirrorTest, LostHandoversCostFramesAndNoMore) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(far_, video, true);
  room_.run_for(seconds(1));
  room_.drop_handovers(
      [](LoopIndex, const OutgoingHandover& h) { return h.what.index() == Handover(MirroredPacket{}).index(); });
  room_.run_for(milliseconds(400));
  room_.drop_handovers([](LoopIndex, const OutgoingHandover&) { return false; });
  far_.client->request_keyframe(down.recorder->params().ssrc);  // As a browser does whose NACKs are not answered.
  room_.run_for(seconds(4));
  EXPECT_GE(down.recorded().frames, 120U);
  EXPECT_EQ(down.recorded().payload_errors, 0U);
  EXPECT_LE(down.recorded().longest_freeze, seconds(1));
  EXPECT_EQ(down.recorder->missing(), 0U);
}

TEST_F(MirrorTest, RefusedDownTracksLeaveNothing) {
  const SimTrack video = room_.publish_video(publisher_);
  DownTrackParams params;
  params.ssrc = 7;
  params.payloads = {{96, 100, 0}};
  Sfu& sfu = room_.sfu(kAway);
  const TrackOrigin origin{kHome, video.id};
  EXPECT_EQ(sfu.add_mirrored_down_track(room_.now(), 12345, origin, video.params, params).error(),
            ErrorCode::kNotFound);
  const SimEnd& other = room_.join_connected(TransportRole::kPublisher, kAway);
  EXPECT_EQ(sfu.add_mirrored_down_track(room_.now(), other.transport, origin, video.params, params).error(),
            ErrorCode::kWrongState);
  EXPECT_EQ(sfu.add_mirrored_down_track(room_.now(), far_.transport, origin, {}, params).error(),
            ErrorCode::kInvalidArgument);
  params.ssrc = 0;
  EXPECT_EQ(sfu.add_mirrored_down_track(room_.now(), far_.transport, origin, video.params, params).error(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(away().mirrors, 0U);
  EXPECT_EQ(away().down_tracks, 0U);
}

TEST_F(MirrorTest, HandoversForNobodyAreIgnored) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(far_, video);
  room_.run_for(seconds(1));
  // Mistaken for a mirror, a track of this loop; a mirror asked for by whom it does not belong to.
  const SimEnd& other = room_.join_connected(TransportRole::kPublisher, kAway);
  const SimTrack own = {
      kAway, *room_.sfu(kAway).add_track(room_.now(), other.transport, video.params), {}, nullptr, {}};
  Sfu& sfu = room_.sfu(kAway);
  sfu.handle_handover(room_.now(), kHome, MirrorEnded{video.id, own.id});
  sfu.handle_handover(room_.now(), kHome, MirrorEnded{video.id + 1, own.id});
  sfu.handle_handover(room_.now(), kHome, MirroredPacket{video.id, 4711, {}});
  sfu.handle_handover(room_.now(), kHome, MirroredClock{video.id, 4711, 0, {}, {}});
  sfu.handle_handover(room_.now(), kHome, MirrorResumed{video.id, own.id});
  sfu.handle_handover(room_.now(), kHome, KeyframeWanted{4711, 0});
  sfu.handle_handover(room_.now(), kHome, MirrorClosed{own.id, 1});
  room_.run_for(seconds(1));
  EXPECT_EQ(away().tracks, 1U);
  EXPECT_EQ(away().mirrors, 1U);
  EXPECT_GE(down.recorded().frames, 55U);
}

}  // namespace
}  // namespace noir
