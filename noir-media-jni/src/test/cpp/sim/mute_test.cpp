#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class MuteTest : public ::testing::Test {
 protected:
  void set_muted(const SimDownTrack& down, bool muted) {
    ASSERT_TRUE(room_.sfu().set_down_track(room_.now(), down.id, {.muted = muted}).ok());
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_video(publisher_);
  SimTrack audio_ = room_.publish_audio(publisher_);
};

TEST_F(MuteTest, StopsAndGoesOnWithAKeyFrameAndWithoutAGap) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(2));
  set_muted(down, true);
  room_.run_for(milliseconds(50));
  const std::uint64_t packets = down.recorded().packets;
  const std::uint64_t keyframes = down.recorded().keyframes;
  room_.run_for(seconds(3));
  EXPECT_EQ(down.recorded().packets, packets);
  set_muted(down, false);
  const Instant unmuted = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return down.recorded().keyframes > keyframes; }));
  EXPECT_LE(room_.now() - unmuted, milliseconds(100));
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames, 115U);
  EXPECT_EQ(down.recorded().nacked, 0U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
}

TEST_F(MuteTest, AudioGoesOnAtOnce) {
  const SimDownTrack down = room_.subscribe(subscriber_, audio_);
  room_.run_for(seconds(1));
  set_muted(down, true);
  room_.run_for(seconds(1));
  const std::uint64_t packets = down.recorded().packets;
  set_muted(down, false);
  room_.run_for(milliseconds(100));
  EXPECT_GE(down.recorded().packets - packets, 4U);
  EXPECT_EQ(down.recorded().lost, 0U);
}

TEST_F(MuteTest, LeavesOthersAlone) {
  SimEnd& other = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack muted = room_.subscribe(subscriber_, video_);
  const SimDownTrack heard = room_.subscribe(other, video_);
  room_.run_for(seconds(1));
  set_muted(muted, true);
  room_.run_for(seconds(5));
  EXPECT_GE(heard.recorded().frames, 170U);
  EXPECT_LE(heard.recorded().longest_freeze, milliseconds(50));
}

TEST_F(MuteTest, CanBeToggledQuickly) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(1));
  for (int i = 0; i < 50; ++i) {
    set_muted(down, i % 2 == 0);
    room_.run_for(milliseconds(70));
  }
  room_.run_for(seconds(2));
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(down.recorded().payload_errors, 0U);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_GE(down.recorded().frames, 80U);
}

}  // namespace
}  // namespace noir
