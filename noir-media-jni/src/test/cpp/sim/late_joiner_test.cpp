#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LateJoinerTest, GetsAKeyFrameAtOnce) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_video(publisher);
  room.run_for(seconds(10));
  EXPECT_EQ(video.source->keyframes(), 1U);  // Nobody asked.
  SimEnd& late = room.join_connected(TransportRole::kSubscriber);
  const Instant joined = room.now();
  const SimDownTrack down = room.subscribe(late, video);
  ASSERT_TRUE(room.run_until([&] { return down.recorded().first_frame_at.has_value(); }));
  EXPECT_LE(room.now() - joined, milliseconds(100));
  EXPECT_EQ(down.recorded().keyframes, 1U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
  EXPECT_EQ(video.source->keyframes(), 2U);
}

TEST(LateJoinerTest, AsksBeforeTheSubscriberIsConnectedOnlyOnce) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_video(publisher);
  room.run_for(seconds(1));
  SimEnd& late = room.join(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(late, video);
  ASSERT_TRUE(room.run_until([&] { return down.recorded().first_frame_at.has_value(); }));
  EXPECT_EQ(publisher.client->counters().plis, 1U);
}

TEST(LateJoinerTest, ManyTogetherCostFewKeyFrames) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_video(publisher);
  room.run_for(seconds(1));
  std::vector<SimEnd*> ends;
  for (int i = 0; i < 10; ++i) ends.push_back(&room.join_connected(TransportRole::kSubscriber));
  const std::uint64_t before = publisher.client->counters().plis;
  const Instant start = room.now();
  std::vector<SimDownTrack> downs;
  for (SimEnd* end : ends) {
    downs.push_back(room.subscribe(*end, video));
    room.run_for(milliseconds(100));
  }
  room.run_for(seconds(1));
  const auto elapsed_ms = std::chrono::duration_cast<milliseconds>(room.now() - start).count();
  EXPECT_LE(publisher.client->counters().plis - before, static_cast<std::uint64_t>(elapsed_ms / 500 + 1));
  for (const SimDownTrack& down : downs) {
    ASSERT_TRUE(down.recorded().first_frame_at);
    EXPECT_EQ(down.recorded().broken_frames, 0U);
  }
}

TEST(LateJoinerTest, PliOfTheSubscriberReachesThePublisherThrottled) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
  room.run_for(seconds(2));
  const std::uint64_t before = publisher.client->counters().plis;
  for (int i = 0; i < 100; ++i) {
    subscriber.client->request_keyframe(down.recorder->params().ssrc);
    room.run_for(milliseconds(20));
  }
  room.run_for(seconds(1));
  EXPECT_GE(publisher.client->counters().plis - before, 3U);
  EXPECT_LE(publisher.client->counters().plis - before, 5U);
}

}  // namespace
}  // namespace noir
