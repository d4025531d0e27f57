#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// Chromium probes with padding on the media SSRC when no RTX is negotiated.
TEST(PaddingOnlyTest, IsCountedInFeedbackAndLeavesNoGap) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  SourceParams params;
  params.paddings_per_frame = 3;
  const SimTrack video = room.publish_video(publisher, params);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(10));
  EXPECT_GT(video.source->paddings(), 800U);
  const TwccTally& twcc = publisher.client->twcc();
  EXPECT_GE(twcc.received() + 40, video.source->packets());
  EXPECT_EQ(twcc.lost(), 0U);
  EXPECT_EQ(twcc.invented(), 0U);
  EXPECT_EQ(down.recorded().padding_only, 0U);
  EXPECT_EQ(down.recorded().nacked, 0U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_GE(down.recorded().frames, 298U);
}

TEST(PaddingOnlyTest, LeavesNoGapWhenSomeOfItIsLost) {
  SimRoom room(9);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  SourceParams params;
  params.paddings_per_frame = 2;
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher, params));
  room.run_for(seconds(1));
  room.net().set_default_link({.loss = 0.05});
  room.run_for(seconds(10));
  room.net().set_default_link({});
  room.run_for(seconds(2));
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
  EXPECT_GE(down.recorded().frames, 380U);
}

// 100 ms after the first packet that is not reported yet, so with a frame every 33 ms each 133 ms.
TEST(PaddingOnlyTest, FeedbackIsNeitherRareNorDense) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  (void)room.publish_video(publisher);
  room.run_for(seconds(10));
  EXPECT_GE(publisher.client->twcc().messages(), 70U);
  EXPECT_LE(publisher.client->twcc().messages(), 250U);
}

TEST(PaddingOnlyTest, FeedbackTellsWhatWasLost) {
  SimRoom room(5);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  room.run_for(seconds(1));
  room.net().set_link(publisher.addresses[0], room.server(), {.loss = 0.1});
  (void)room.publish_audio(publisher);
  room.run_for(seconds(10));
  const TwccTally& twcc = publisher.client->twcc();
  EXPECT_GT(twcc.received(), 400U);
  EXPECT_GT(twcc.lost(), 25U);
  EXPECT_LT(twcc.lost(), 85U);
}

}  // namespace
}  // namespace noir
