#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SimulcastTest : public ::testing::Test {
 protected:
  void set_highest(const SimDownTrack& down, int encoding) {
    ASSERT_TRUE(room_.sfu().set_down_track(room_.now(), down.id, {.max_spatial = encoding}).ok());
  }
  // Packets a frame, over the next two seconds.
  double packets_per_frame(const SimDownTrack& down) {
    const RecordedMedia before = down.recorded();
    room_.run_for(seconds(2));
    return static_cast<double>(down.recorded().packets - before.packets) /
           static_cast<double>(down.recorded().frames - before.frames);
  }
  static void expect_continuous(const RecordedMedia& media) {
    EXPECT_EQ(media.lost, 0U);
    EXPECT_EQ(media.nacked, 0U);
    EXPECT_EQ(media.broken_frames, 0U);
    EXPECT_EQ(media.picture_id_gaps, 0U);
    EXPECT_EQ(media.timestamp_errors, 0U);
    EXPECT_EQ(media.payload_errors, 0U);
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_simulcast(publisher_);
};

TEST_F(SimulcastTest, SubscriberGetsTheBestEncoding) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(3));
  EXPECT_NEAR(packets_per_frame(down), 4, 0.3);
  expect_continuous(down.recorded());
}

TEST_F(SimulcastTest, TellsWhichSsrcsTheRidsHave) {
  const SimTrack repaired = room_.publish_simulcast(publisher_, true);
  (void)room_.subscribe(subscriber_, repaired);
  room_.net().set_link(publisher_.addresses[0], room_.server(), {.loss = 0.05});
  room_.run_for(seconds(5));
  for (std::size_t i = 0; i < repaired.encodings.size(); ++i) {
    EncodingLearned last;
    std::size_t told = 0;
    for (const Event& event : room_.events()) {
      const auto* learned = std::get_if<EncodingLearned>(&event);
      if (learned == nullptr || learned->track != repaired.id || learned->encoding != i) continue;
      last = *learned;
      ++told;
    }
    EXPECT_EQ(last.ssrc, repaired.encodings[i]->params().ssrc);
    EXPECT_EQ(last.rtx_ssrc, repaired.encodings[i]->params().rtx_ssrc);
    EXPECT_LE(told, 2U);
  }
}

TEST_F(SimulcastTest, SwitchesDownAndUpWithoutAGap) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(3));
  for (const auto& [highest, packets] : {std::pair{0, 1.0}, std::pair{2, 4.0}, std::pair{1, 2.0}, std::pair{0, 1.0}}) {
    set_highest(down, highest);
    room_.run_for(seconds(1));
    EXPECT_NEAR(packets_per_frame(down), packets, 0.3) << highest;
  }
  expect_continuous(down.recorded());
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(120));
}

TEST_F(SimulcastTest, FallsBackWhenTheBestEncodingStops) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(3));
  video_.encodings[2]->set_paused(room_.now(), true);
  room_.run_for(seconds(4));
  EXPECT_NEAR(packets_per_frame(down), 2, 0.3);
  EXPECT_LE(down.recorded().longest_freeze, seconds(3));
  expect_continuous(down.recorded());
  video_.encodings[2]->set_paused(room_.now(), false);
  room_.run_for(seconds(3));
  EXPECT_NEAR(packets_per_frame(down), 4, 0.3);
}

TEST_F(SimulcastTest, SubscribersChooseApart) {
  SimEnd& other = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack low = room_.subscribe(subscriber_, video_);
  const SimDownTrack high = room_.subscribe(other, video_);
  set_highest(low, 0);
  room_.run_for(seconds(2));
  EXPECT_NEAR(packets_per_frame(low), 1, 0.3);
  EXPECT_NEAR(packets_per_frame(high), 4, 0.3);
}

TEST_F(SimulcastTest, SwitchesUnderLoss) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_, true);
  room_.run_for(seconds(1));
  room_.net().set_default_link({.loss = 0.03, .delay = milliseconds(20)});
  for (int i = 0; i < 12; ++i) {
    set_highest(down, i % 3);
    room_.run_for(milliseconds(900));
  }
  room_.net().set_default_link({});
  room_.run_for(seconds(3));
  const RecordedMedia& media = down.recorded();
  // What is lost just before a switch is not repaired: the key frame makes it useless.
  EXPECT_LE(media.lost, 40U);
  EXPECT_LE(media.broken_frames, 40U);
  EXPECT_EQ(media.payload_errors, 0U);
  EXPECT_EQ(media.picture_id_gaps, 0U);
  EXPECT_LE(media.longest_freeze, milliseconds(600));
  EXPECT_GE(media.frames, 380U);
}

}  // namespace
}  // namespace noir
