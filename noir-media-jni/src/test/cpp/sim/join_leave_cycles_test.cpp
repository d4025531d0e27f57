#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void expect_empty(const SfuCounters& counters) {
  EXPECT_EQ(counters.transports, 0U);
  EXPECT_EQ(counters.tracks, 0U);
  EXPECT_EQ(counters.down_tracks, 0U);
  EXPECT_EQ(counters.bugs, 0U);
}

TEST(JoinLeaveCyclesTest, TwoHundredLeaveNothingBehind) {
  SimRoom room;
  std::uint32_t buffers = 0;
  for (int cycle = 0; cycle < 200; ++cycle) {
    SimEnd& publisher = room.join(TransportRole::kPublisher);
    SimEnd& subscriber = room.join(TransportRole::kSubscriber);
    ASSERT_TRUE(room.sfu().open_channel(room.now(), subscriber.transport, "ion-sfu", true).ok());
    const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
    (void)room.subscribe(subscriber, room.publish_audio(publisher));
    ASSERT_TRUE(room.run_until([&] { return down.recorded().frames >= 3; })) << "cycle " << cycle;
    if (cycle % 3 == 0) publisher.client->close();
    if (cycle % 3 == 1) room.run_for(milliseconds(cycle));
    (void)room.sfu().close_transport(room.now(), publisher.transport);
    (void)room.sfu().close_transport(room.now(), subscriber.transport);
    room.drop(publisher);
    room.drop(subscriber);
    room.run_for(milliseconds(20));
    if (cycle == 20) buffers = room.sfu().counters().packet_buffers;
  }
  room.run_for(seconds(1));
  expect_empty(room.sfu().counters());
  EXPECT_LE(room.sfu().counters().packet_buffers, buffers + 64);
  EXPECT_EQ(room.sfu().next_timeout(), kNever);
}

TEST(JoinLeaveCyclesTest, SubscribersComeAndGoUnderARunningPublisher) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& witness = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack seen = room.subscribe(witness, video);
  for (int cycle = 0; cycle < 50; ++cycle) {
    SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
    const SimDownTrack down = room.subscribe(subscriber, video);
    ASSERT_TRUE(room.run_until([&] { return down.recorded().frames >= 3; })) << "cycle " << cycle;
    if (cycle % 2 == 0) {
      EXPECT_TRUE(room.sfu().remove_down_track(room.now(), down.id).ok());
    }
    EXPECT_TRUE(room.sfu().close_transport(room.now(), subscriber.transport).ok());
    room.drop(subscriber);
  }
  EXPECT_EQ(room.sfu().counters().transports, 2U);
  EXPECT_EQ(room.sfu().counters().down_tracks, 1U);
  EXPECT_EQ(seen.recorded().broken_frames, 0U);
  EXPECT_LE(seen.recorded().longest_freeze, milliseconds(50));
}

TEST(JoinLeaveCyclesTest, TracksComeAndGoOnOneTransport) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  for (int cycle = 0; cycle < 100; ++cycle) {
    const SimTrack video = room.publish_video(publisher);
    const SimDownTrack down = room.subscribe(subscriber, video);
    ASSERT_TRUE(room.run_until([&] { return down.recorded().frames >= 3; })) << "cycle " << cycle;
    video.source->set_paused(room.now(), true);
    EXPECT_TRUE(room.sfu().remove_track(room.now(), video.id).ok());
    subscriber.client->stop_receiving(down.recorder->params().ssrc);
  }
  EXPECT_EQ(room.sfu().counters().tracks, 0U);
  EXPECT_EQ(room.sfu().counters().down_tracks, 0U);
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
}

}  // namespace
}  // namespace noir
