#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// ASVS 17.2.8: a client with another certificate than the signalled one gets nothing.
TEST(WrongFingerprintTest, SubscriberGetsNoMedia) {
  const Certificate other = Certificate::generate().value();
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_video(publisher);
  SimEnd& thief = room.join(TransportRole::kSubscriber, {.certificate = &other});
  const SimDownTrack down = room.subscribe(thief, video);
  room.run_for(seconds(5));
  ASSERT_TRUE(thief.is(TransportState::kClosed));
  EXPECT_EQ(thief.states.back().reason, CloseReason::kFingerprintMismatch);
  EXPECT_EQ(down.recorded().packets, 0U);
  EXPECT_FALSE(thief.client->can_send());
  EXPECT_EQ(room.sfu().counters().packets_forwarded, 0U);
  EXPECT_EQ(room.sfu().counters().down_tracks, 0U);
}

TEST(WrongFingerprintTest, PublisherIsNotForwardedWhenSignallingComesLate) {
  const Certificate other = Certificate::generate().value();
  SimRoom room;
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  SimEnd& liar = room.join(TransportRole::kPublisher, {.certificate = &other, .remote_is_known = false});
  const SimTrack video = room.publish_video(liar);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(2));  // Its handshake is over on the wire; media flows towards us.
  room.set_remote(liar);
  room.run_for(seconds(2));
  ASSERT_TRUE(liar.is(TransportState::kClosed));
  EXPECT_EQ(liar.states.back().reason, CloseReason::kFingerprintMismatch);
  EXPECT_EQ(down.recorded().packets, 0U);
  EXPECT_EQ(room.sfu().counters().tracks, 0U);
}

}  // namespace
}  // namespace noir
