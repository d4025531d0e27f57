#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// RFC 7675 §5.1.
TEST(ConsentExpiryTest, SilentClientIsDisconnectedThenClosed) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  (void)room.publish_video(publisher);
  room.run_for(seconds(10));
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  const Instant silent = room.now();
  room.net().set_default_link({.loss = 1});
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kDisconnected); }, seconds(10)));
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kClosed); }, seconds(35)));
  EXPECT_EQ(publisher.states.back().reason, CloseReason::kConsentExpired);
  EXPECT_LE(room.now() - silent, seconds(31));
  EXPECT_EQ(room.sfu().counters().transports, 0U);
  EXPECT_EQ(room.sfu().counters().tracks, 0U);
}

TEST(ConsentExpiryTest, ComesBackAfterAShortOutage) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
  room.run_for(seconds(2));
  room.net().set_link(publisher.addresses[0], room.server(), {.loss = 1});
  room.net().set_link(room.server(), publisher.addresses[0], {.loss = 1});
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kDisconnected); }, seconds(10)));
  room.net().set_link(publisher.addresses[0], room.server(), {});
  room.net().set_link(room.server(), publisher.addresses[0], {});
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kConnected); }, seconds(10)));
  const std::uint64_t frames = down.recorded().frames;
  room.run_for(seconds(5));
  EXPECT_GE(down.recorded().frames - frames, 100U);
}

TEST(ConsentExpiryTest, NothingIsSentToAClientThatIsGone) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  (void)room.subscribe(subscriber, room.publish_video(publisher));
  room.run_for(seconds(2));
  room.net().set_link(subscriber.addresses[0], room.server(), {.loss = 1});
  ASSERT_TRUE(room.run_until([&] { return subscriber.is(TransportState::kClosed); }, seconds(40)));
  const SocketAddress gone = subscriber.addresses[0];
  room.net().capture([&](const SimDatagram& d) { return d.to == gone; });
  room.run_for(seconds(5));
  EXPECT_TRUE(room.net().captured().empty());
}

TEST(ConsentExpiryTest, ClientThatNeverComesIsForgotten) {
  SimRoom room;
  SimEnd& nobody = room.join(TransportRole::kSubscriber, {.starts = false});
  ASSERT_TRUE(room.run_until([&] { return nobody.is(TransportState::kClosed); }, seconds(31)));
  EXPECT_EQ(nobody.states.back().reason, CloseReason::kHandshakeTimeout);
  EXPECT_EQ(room.sfu().counters().transports, 0U);
}

}  // namespace
}  // namespace noir
