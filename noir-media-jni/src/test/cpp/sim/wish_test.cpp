#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Wishes of subscribers, at home and on another loop: 160, 320 and 640 pixels have 1, 2 and 4 packets a frame.
class WishTest : public ::testing::TestWithParam<LoopIndex> {
 protected:
  void wish(const SimDownTrack& down, const DownTrackWish& wish) {
    ASSERT_TRUE(room_.sfu(down.loop).set_down_track(room_.now(), down.id, wish).ok());
  }
  // Packets a frame, over the next two seconds.
  double packets_per_frame(const SimDownTrack& down) {
    const RecordedMedia before = down.recorded();
    room_.run_for(seconds(2));
    return static_cast<double>(down.recorded().packets - before.packets) /
           static_cast<double>(down.recorded().frames - before.frames);
  }

  SimRoom room_{7, {}, 2};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher, 0);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber, GetParam());
};

TEST_P(WishTest, TheSmallestLayerThatFillsTheSizeIsSent) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_simulcast(publisher_));
  room_.run_for(seconds(3));
  EXPECT_NEAR(packets_per_frame(down), 4, 0.3);
  struct Case {
    std::uint16_t width;
    std::uint16_t height;
    double packets;
  };
  for (const Case& c : {Case{100, 75, 1}, Case{160, 120, 1}, Case{161, 10, 2}, Case{10, 161, 2}, Case{640, 480, 4},
                        Case{50, 50, 1}, Case{4000, 3000, 4}, Case{100, 75, 1}, Case{0, 0, 4}}) {
    wish(down, {.width = c.width, .height = c.height});
    room_.run_for(seconds(1));
    EXPECT_NEAR(packets_per_frame(down), c.packets, 0.3) << c.width << "x" << c.height;
  }
  EXPECT_EQ(down.recorded().broken_frames, 0U);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(120));
}

TEST_P(WishTest, TheMaximumThatIsAskedForCounts) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_simulcast(publisher_));
  room_.run_for(seconds(3));
  wish(down, {.max_spatial = 1, .width = 640, .height = 480});
  room_.run_for(seconds(1));
  EXPECT_NEAR(packets_per_frame(down), 2, 0.3);
  wish(down, {.max_spatial = 1, .width = 16, .height = 12});
  room_.run_for(seconds(1));
  EXPECT_NEAR(packets_per_frame(down), 1, 0.3);
}

TEST_P(WishTest, AWishThatComesBeforeTheFirstPictureCounts) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  wish(down, {.width = 100, .height = 75});
  room_.run_for(seconds(4));
  EXPECT_NEAR(packets_per_frame(down), 1, 0.3);
}

TEST_P(WishTest, HidingAndShowingAllTheTimeDoesNotCostAKeyFrameEach) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(3));
  const std::uint32_t before = video.source->keyframes();
  for (int i = 0; i < 300; ++i) {  // For 30 s, in which the publisher could be made to make 60.
    wish(down, {.muted = i % 2 == 0});
    room_.run_for(milliseconds(100));
  }
  EXPECT_LE(video.source->keyframes() - before, 30U);
  EXPECT_GE(video.source->keyframes() - before, 8U);
  // Who has settled gets the next one soon.
  wish(down, {.muted = true});
  room_.run_for(seconds(10));
  wish(down, {});
  const std::uint64_t frames = down.recorded().frames;
  room_.run_for(milliseconds(300));
  EXPECT_GT(down.recorded().frames, frames);
}

TEST_P(WishTest, AKeyFrameThatDoesNotComeIsAskedForAgainSoonHoweverManyHaveBeenWaitedFor) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(3));
  for (int i = 0; i < 6; ++i) {
    for (SyntheticSource* source : video.encodings) source->ignore_keyframe_requests(1);
    const bool large = i % 2 != 0;
    wish(down, large ? DownTrackWish{.width = 640, .height = 480} : DownTrackWish{.width = 100, .height = 75});
    room_.run_for(milliseconds(900));
    for (SyntheticSource* source : video.encodings) source->ignore_keyframe_requests(0);
    EXPECT_NEAR(packets_per_frame(down), large ? 4 : 1, 0.3) << i;
  }
}

TEST_P(WishTest, WhatIsOutOfSightTakesNothingAndAsksForNothing) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  const auto keyframes = [&] {
    std::uint32_t sum = 0;
    for (const SyntheticSource* source : video.encodings) sum += source->keyframes();
    return sum;
  };
  room_.run_for(seconds(3));
  wish(down, {.muted = true, .width = 640, .height = 480});
  room_.run_for(milliseconds(700));
  const std::uint64_t packets = down.recorded().packets;
  const std::uint32_t before = keyframes();
  subscriber_.client->request_keyframe(down.recorder->params().ssrc);
  room_.run_for(seconds(5));
  EXPECT_EQ(down.recorded().packets, packets);
  EXPECT_EQ(keyframes(), before);
  wish(down, {.width = 640, .height = 480});
  room_.run_for(milliseconds(500));
  EXPECT_NEAR(packets_per_frame(down), 4, 0.5);
}

// A line that is measured: the allocator shares it by the same sizes.
TEST_P(WishTest, ASizeCountsOnAMeasuredLine) {
  room_.number_packets();
  SimEnd& numbered = room_.join_connected(TransportRole::kSubscriber, GetParam());
  const SimDownTrack down = room_.subscribe(numbered, room_.publish_simulcast(publisher_), true);
  wish(down, {.width = 320, .height = 240});
  room_.run_for(seconds(6));
  ASSERT_TRUE(room_.sfu(down.loop).bandwidth(room_.now(), numbered.transport));
  EXPECT_NEAR(packets_per_frame(down), 2, 0.3);
  wish(down, {.width = 640, .height = 480});
  room_.run_for(seconds(3));
  EXPECT_NEAR(packets_per_frame(down), 4, 0.3);
  wish(down, {.width = 10, .height = 10});
  room_.run_for(seconds(1));
  EXPECT_NEAR(packets_per_frame(down), 1, 0.3);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
}

TEST_P(WishTest, AMeasuredLineIsSharedAnewAtOnce) {
  room_.number_packets();
  SimEnd& numbered = room_.join_connected(TransportRole::kSubscriber, GetParam());
  const SimDownTrack down = room_.subscribe(numbered, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(6));
  for (int i = 0; i < 5; ++i) {
    wish(down, {.width = 10, .height = 10});
    room_.run_for(seconds(3) + milliseconds(97) * i);
    wish(down, {.width = 640, .height = 480});
    room_.run_for(milliseconds(250));  // A round trip, a timer's slot, a picture's time.
    EXPECT_NEAR(packets_per_frame(down), 4, 0.1) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(AtHomeAndElsewhere, WishTest, ::testing::Values(LoopIndex{0}, LoopIndex{1}));

}  // namespace
}  // namespace noir
