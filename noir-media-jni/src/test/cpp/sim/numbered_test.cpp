#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// draft-holmer-rmcat-transport-wide-cc-extensions-01: one row of numbers for everything that goes to a client.
TEST(NumberedTest, NumbersAllTracksOfATransportTogether) {
  SimRoom room(3);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimTrack audio = room.publish_audio(publisher);
  const SimDownTrack seen = room.subscribe(subscriber, video, true);
  const SimDownTrack heard = room.subscribe(subscriber, audio);
  room.run_for(seconds(3));
  const ClientCounters& counters = subscriber.client->counters();
  EXPECT_EQ(counters.numbered, seen.recorded().packets + seen.recorded().rtx_padding + heard.recorded().packets);
  EXPECT_GT(counters.numbered, 300U);
  EXPECT_EQ(counters.number_gaps, 0U);
}

TEST(NumberedTest, RepeatsGetNumbersOfTheirOwn) {
  SimRoom room(4);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher), true);
  room.run_for(seconds(1));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {.loss = 0.05});
  room.run_for(seconds(5));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {});
  room.run_for(seconds(1));
  EXPECT_GT(down.recorded().rtx_packets, 20U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(subscriber.client->counters().numbered,
            down.recorded().packets + down.recorded().duplicates + down.recorded().rtx_padding);
}

// Without RTX a repeat is the same SRTP packet, so it must be the same bytes.
TEST(NumberedTest, VideoWithoutRtxHasNoNumbers) {
  SimRoom room(5);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher), false);
  room.run_for(seconds(2));
  EXPECT_GT(down.recorded().packets, 100U);
  EXPECT_EQ(subscriber.client->counters().numbered, 0U);
}

}  // namespace
}  // namespace noir
