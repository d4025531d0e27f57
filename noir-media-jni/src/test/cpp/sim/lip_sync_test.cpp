#include <gtest/gtest.h>

#include <cmath>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// Sender reports map the rewritten timestamps back to the publisher's clock, so audio and video stay together.
TEST(LipSyncTest, ReportsOfAudioAndVideoNameTheSameCaptureTime) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video_track = room.publish_video(publisher);
  const SimDownTrack video = room.subscribe(subscriber, video_track);
  room.run_for(std::chrono::milliseconds(777));
  const SimDownTrack audio = room.subscribe(subscriber, room.publish_audio(publisher));
  room.run_for(seconds(8));
  EXPECT_GE(video.recorded().sender_reports, 5U);
  EXPECT_GE(audio.recorded().sender_reports, 5U);
  const auto video_s = video.recorder->newest_ntp_s();
  const auto audio_s = audio.recorder->newest_ntp_s();
  ASSERT_TRUE(video_s && audio_s);
  // Newest frames may differ by a frame interval of video.
  EXPECT_LT(std::fabs(*video_s - *audio_s), 0.040);
}

}  // namespace
}  // namespace noir
