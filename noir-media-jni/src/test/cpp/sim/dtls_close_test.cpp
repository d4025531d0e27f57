#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// `client.leave()` of ion-sdk-js closes the peer connections and keeps the WebSocket: this is all we hear of it.
TEST(DtlsCloseTest, CloseNotifyEndsTheTransportAndItsTracks) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(1));
  publisher.client->close();
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kClosed); }, milliseconds(100)));
  EXPECT_EQ(publisher.states.back().reason, CloseReason::kDtlsClosed);
  EXPECT_EQ(room.sfu().counters().transports, 1U);
  EXPECT_EQ(room.sfu().counters().tracks, 0U);
  EXPECT_EQ(room.sfu().counters().down_tracks, 0U);
  EXPECT_EQ(room.sfu().remove_track(room.now(), video.id).error(), ErrorCode::kNotFound);
  EXPECT_EQ(room.sfu().remove_down_track(room.now(), down.id).error(), ErrorCode::kNotFound);
  EXPECT_TRUE(subscriber.is(TransportState::kConnected));
}

TEST(DtlsCloseTest, ClosingByCommandTellsTheClientAndNobodyElse) {
  SimRoom room;
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  ASSERT_TRUE(room.sfu().close_transport(room.now(), subscriber.transport).ok());
  EXPECT_TRUE(room.run_until([&] { return subscriber.client->dtls().state() == DtlsState::kClosed; }, seconds(1)));
  EXPECT_FALSE(subscriber.is(TransportState::kClosed));
  EXPECT_EQ(room.sfu().counters().transports, 0U);
}

TEST(DtlsCloseTest, ForgedAlertsCloseNothing) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
  const std::vector<std::uint8_t> close_notify{21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0};
  const std::vector<std::uint8_t> fatal{21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};
  for (int i = 0; i < 100; ++i) {
    room.inject(publisher.addresses[0], close_notify);
    room.inject(publisher.addresses[0], fatal);
    room.run_for(milliseconds(10));
  }
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_GE(down.recorded().frames, 25U);
}

}  // namespace
}  // namespace noir
