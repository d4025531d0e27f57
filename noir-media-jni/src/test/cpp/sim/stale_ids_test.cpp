#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

class StaleIdsTest : public ::testing::Test {
 protected:
  void expect_all_stale() {
    Sfu& sfu = room_.sfu();
    const Instant now = room_.now();
    EXPECT_EQ(sfu.set_remote(now, publisher_id_, {"ufragger", "password-of-twenty-two-characters", {}}).error(),
              ErrorCode::kNotFound);
    EXPECT_EQ(sfu.restart_ice(now, publisher_id_, "ufragger", "password-of-twenty-two-characters").error(),
              ErrorCode::kNotFound);
    EXPECT_EQ(sfu.set_extensions(publisher_id_, {}).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.close_transport(now, publisher_id_).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.add_track(now, publisher_id_, {}).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.open_channel(now, publisher_id_, "x", true).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.send(now, publisher_id_, 1, false, {}).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.remove_track(now, track_id_).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.add_down_track(now, subscriber_.transport, track_id_, {}).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.remove_down_track(now, down_track_id_).error(), ErrorCode::kNotFound);
    EXPECT_EQ(sfu.set_down_track(now, down_track_id_, {}).error(), ErrorCode::kNotFound);
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_video(publisher_);
  SimDownTrack down_ = room_.subscribe(subscriber_, video_);
  TransportId publisher_id_ = publisher_.transport;
  TrackId track_id_ = video_.id;
  DownTrackId down_track_id_ = down_.id;
};

TEST_F(StaleIdsTest, AreNotFound) {
  room_.run_for(seconds(1));
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), publisher_id_).ok());
  expect_all_stale();
  room_.run_for(seconds(1));
}

TEST_F(StaleIdsTest, AreNotFoundWhenTheirSlotsAreUsedAgain) {
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), publisher_id_).ok());
  SimEnd& next = room_.join_connected(TransportRole::kPublisher);
  const SimTrack video = room_.publish_video(next);
  (void)room_.subscribe(subscriber_, video);
  EXPECT_NE(next.transport, publisher_id_);
  EXPECT_NE(video.id, track_id_);
  expect_all_stale();
}

TEST_F(StaleIdsTest, WrongRolesAndWrongParametersAreRefused) {
  Sfu& sfu = room_.sfu();
  const Instant now = room_.now();
  TrackParams params;
  params.codecs = {{96, Codec::kVp8, 90'000}};
  params.encodings = {EncodingParams{}};
  EXPECT_EQ(sfu.add_track(now, subscriber_.transport, params).error(), ErrorCode::kWrongState);
  EXPECT_EQ(sfu.add_track(now, publisher_id_, {}).error(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(sfu.add_down_track(now, publisher_id_, track_id_, {}).error(), ErrorCode::kWrongState);
  EXPECT_FALSE(sfu.open_transport(now, {TransportRole::kPublisher, "x", "y"}).ok());
  EXPECT_EQ(sfu.add_track(now, 0, params).error(), ErrorCode::kNotFound);
  EXPECT_EQ(sfu.add_track(now, 0xFFFFFFFF, params).error(), ErrorCode::kNotFound);
}

TEST(LimitsTest, TransportsAndTracksAreBounded) {
  SfuLimits limits;
  limits.max_transports = 2;
  limits.max_tracks_per_transport = 1;
  limits.max_down_tracks_per_transport = 1;
  SimRoom room(1, limits);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  EXPECT_EQ(room.sfu().open_transport(room.now(), {TransportRole::kPublisher, "abcdef", std::string(24, 'p')}).error(),
            ErrorCode::kLimitExceeded);
  const SimTrack video = room.publish_video(publisher);
  (void)room.subscribe(subscriber, video);
  TrackParams track;
  track.codecs = {{96, Codec::kVp8, 90'000}};
  track.encodings = {EncodingParams{}};
  EXPECT_EQ(room.sfu().add_track(room.now(), publisher.transport, track).error(), ErrorCode::kLimitExceeded);
  DownTrackParams down;
  down.ssrc = 77;
  EXPECT_EQ(room.sfu().add_down_track(room.now(), subscriber.transport, video.id, down).error(),
            ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace noir
