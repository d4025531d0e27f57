#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "forward/twcc_recorder.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Counts = std::array<std::uint64_t, 3>;

class QualityTest : public ::testing::Test {
 protected:
  SfuQuality quality() { return room_.sfu().quality(room_.now()); }
  std::vector<LayerSwitch> take_switches() {
    const auto taken = room_.sfu().take_layer_switches();
    return {taken.begin(), taken.end()};
  }
  SimEnd& join_numbered() {
    room_.number_packets();
    return room_.join_connected(TransportRole::kSubscriber);
  }
  void set_line(const SimEnd& end, std::uint64_t rate_bps) {
    LinkParams link;
    link.rate_bps = rate_bps;
    link.max_queue = milliseconds(300);
    room_.net().set_link(room_.server(), end.addresses.at(0), link);
  }
  void set_highest(const SimDownTrack& down, int encoding) {
    ASSERT_TRUE(room_.sfu().set_down_track(room_.now(), down.id, {.max_spatial = encoding}).ok());
  }

  SimRoom room_{51};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
};

TEST_F(QualityTest, EachCopyOfAPacketIsTimed) {
  SimEnd& other = room_.join_connected(TransportRole::kSubscriber);
  const SimTrack audio = room_.publish_audio(publisher_);
  const SimTrack video = room_.publish_video(publisher_);
  for (SimEnd* end : {&subscriber_, &other}) {
    room_.subscribe(*end, audio);
    room_.subscribe(*end, video);
  }
  room_.run_for(seconds(2));
  EXPECT_GT(quality().delays.total(), 500U);
  EXPECT_EQ(quality().delays.total(), room_.sfu().counters().packets_forwarded);
  EXPECT_EQ(quality().delays.counts()[0], quality().delays.total()) << "in no time";
  EXPECT_EQ(quality().delays.sum(), 0U);
  EXPECT_EQ(quality().paced_delays.total(), 0U);
}

TEST_F(QualityTest, WhatALoopTakesShowsInTheDelays) {
  room_.subscribe(subscriber_, room_.publish_audio(publisher_));
  room_.run_for(seconds(1));
  const SfuQuality before = quality();
  room_.set_price(microseconds(0), microseconds(300));
  room_.run_for(seconds(1));
  const SfuQuality after = quality();
  const std::uint64_t packets = after.delays.total() - before.delays.total();
  EXPECT_GE(packets, 49U);
  for (const std::size_t bucket : {0, 1, 2}) {  // Up to 200 µs.
    EXPECT_EQ(after.delays.counts().at(bucket), before.delays.counts().at(bucket));
  }
  EXPECT_GE(after.delays.sum() - before.delays.sum(), 300'000 * packets);
  EXPECT_LT(after.delays.sum() - before.delays.sum(), 600'000 * packets) << "some are behind a report";
}

TEST_F(QualityTest, OnAMirrorTheWayFromItsHomeCounts) {
  SimRoom room(52, {}, 2);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher, 0);
  room.subscribe(room.join_connected(TransportRole::kSubscriber, 1), room.publish_audio(publisher));
  room.run_for(seconds(1));
  EXPECT_EQ(room.sfu(1).quality(room.now()).delays.total(), room.sfu(1).counters().packets_forwarded);
  EXPECT_GT(room.sfu(1).counters().packets_forwarded, 40U);
  EXPECT_EQ(room.sfu(0).quality(room.now()).audio_tracks, 1U);
  EXPECT_EQ(room.sfu(1).quality(room.now()).audio_tracks, 0U) << "a mirror is no track";
}

TEST_F(QualityTest, AThinLineShows) {
  SimEnd& thin = join_numbered();
  const SimDownTrack down = room_.subscribe(thin, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(6));
  const SfuQuality wide = quality();
  EXPECT_EQ(wide.estimates.total(), 1U) << "the other one has reported nothing";
  EXPECT_GE(wide.feedback, 40U);
  EXPECT_EQ(wide.feedback_unmatched, 0U);
  (void)take_switches();

  set_line(thin, 300'000);
  room_.run_for(seconds(5));
  const SfuQuality narrow = quality();
  EXPECT_EQ(narrow.estimates.counts()[1] + narrow.estimates.counts()[2], 1U) << "100 to 500 kbit/s";
  EXPECT_LT(narrow.estimates.sum(), wide.estimates.sum());
  EXPECT_GT(narrow.paced_delays.total(), wide.paced_delays.total());
  EXPECT_GT(narrow.switches_down[0], wide.switches_down[0]);
  const auto switches = take_switches();
  ASSERT_FALSE(switches.empty());
  EXPECT_EQ(switches[0].subscriber, thin.transport);
  EXPECT_EQ(switches[0].track, down.id);
  ASSERT_TRUE(switches[0].from);
  EXPECT_EQ(switches[0].from->spatial, 2);
  EXPECT_FALSE(switches[0].up());
  EXPECT_EQ(switches[0].cause, SwitchCause::kLine);

  set_line(thin, 0);
  room_.run_for(seconds(8));
  EXPECT_GT(quality().switches_up[0], narrow.switches_up[0]);
  EXPECT_EQ(quality().switches_up[1] + quality().switches_down[1], 0U) << "nobody has asked for anything";
}

TEST_F(QualityTest, ALineThatTakesNothingFreezesThePicture) {
  SimEnd& thin = join_numbered();
  (void)room_.subscribe(thin, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  EXPECT_EQ(quality().freezes[0], 0U);
  set_line(thin, 60'000);
  room_.run_for(seconds(8));
  EXPECT_EQ(quality().freezes[0], 1U);
  const auto switches = take_switches();
  ASSERT_FALSE(switches.empty());
  EXPECT_FALSE(switches.back().to) << "to nothing";
  set_line(thin, 0);
  room_.run_for(seconds(10));
  const auto back = take_switches();
  ASSERT_FALSE(back.empty());
  EXPECT_FALSE(back.front().from);
  EXPECT_TRUE(back.front().up());
}

TEST_F(QualityTest, SwitchesAreCountedByTheirCause) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack down = room_.subscribe(subscriber_, video);
  room_.run_for(seconds(3));
  const SfuQuality before = quality();
  set_highest(down, 0);
  room_.run_for(seconds(1));
  EXPECT_EQ(quality().switches_down[1] - before.switches_down[1], 1U);
  set_highest(down, 2);
  room_.run_for(seconds(7));
  EXPECT_EQ(quality().switches_up[1] - before.switches_up[1], 1U);
  const SfuQuality asked = quality();

  video.encodings[2]->set_paused(room_.now(), true);
  room_.run_for(seconds(4));
  const SfuQuality after = quality();
  EXPECT_EQ(after.switches_down[2] - asked.switches_down[2], 1U);
  EXPECT_EQ(after.switches_down[1], asked.switches_down[1]);
  EXPECT_EQ(after.freezes, (Counts{})) << "whoever gets less still sees something";
}

// A minute of somebody who cannot decide: what is kept for who asks has an end, what is counted has none.
TEST_F(QualityTest, OfVeryManySwitchesAFewAreKept) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_simulcast(publisher_));
  room_.run_for(seconds(3));
  (void)take_switches();
  for (int i = 0; i < 120; ++i) {
    set_highest(down, i % 2 == 0 ? 0 : 2);
    room_.run_for(milliseconds(1500));
  }
  EXPECT_EQ(take_switches().size(), LayerSwitches::kMost);
  EXPECT_TRUE(take_switches().empty());
  const SfuQuality after = quality();
  EXPECT_GT(after.switches_up[1] + after.switches_down[1], LayerSwitches::kMost);
}

TEST_F(QualityTest, FeedbackOnWhatWasNeverSentIsCounted) {
  SimEnd& liar = join_numbered();
  (void)room_.subscribe(liar, room_.publish_video(publisher_), true);
  room_.run_for(seconds(1));
  liar.client->set_silent(true);
  room_.run_for(milliseconds(200));
  const SfuQuality before = quality();
  for (int i = 0; i < 3; ++i) {
    TwccRecorder nothing_of_ours;
    for (std::uint16_t seq = 40'000; seq < 40'010; ++seq) nothing_of_ours.handle_packet(room_.now(), seq, 1);
    std::array<std::uint8_t, 256> bytes{};
    ByteWriter out(bytes);
    (void)nothing_of_ours.poll(nothing_of_ours.next_timeout(), 1, out);
    liar.client->send_plain_rtcp(out.written());
    room_.run_for(milliseconds(50));
  }
  EXPECT_EQ(quality().feedback - before.feedback, 3U);
  EXPECT_EQ(quality().feedback_unmatched - before.feedback_unmatched, 3U);
}

TEST_F(QualityTest, APictureThatItsClientCannotShowIsOneFreeze) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_video(publisher_));
  room_.run_for(seconds(2));
  const std::uint64_t before = quality().freezes[1];
  for (int i = 0; i < 4; ++i) {
    subscriber_.client->request_keyframe(down.recorder->params().ssrc);
    room_.run_for(milliseconds(200));
  }
  EXPECT_EQ(quality().freezes[1] - before, 1U) << "it asks until it gets one";
  room_.run_for(seconds(1));
  subscriber_.client->request_keyframe(down.recorder->params().ssrc);
  room_.run_for(milliseconds(200));
  EXPECT_EQ(quality().freezes[1] - before, 2U);
}

TEST_F(QualityTest, WhatGetsLostOnTheWayToUsIsExpectedAndNotReceived) {
  LinkParams link;
  link.loss = 0.1;
  room_.net().set_link(publisher_.addresses.at(0), room_.server(), link);
  const SimTrack audio = room_.publish_audio(publisher_);
  const SimTrack video = room_.publish_video(publisher_);
  room_.run_for(seconds(10));
  const SfuQuality lossy = quality();
  EXPECT_EQ(lossy.audio_tracks, 1U);
  EXPECT_EQ(lossy.video_tracks, 1U);
  const std::uint64_t lost = lossy.packets_expected - lossy.packets_received;
  EXPECT_GT(lost, lossy.packets_expected / 50) << "video is repeated when it is lost";
  EXPECT_LT(lost, lossy.packets_expected / 5);
  EXPECT_GT(lossy.octets_received, lossy.packets_received * 40);

  ASSERT_TRUE(room_.sfu().remove_track(room_.now(), audio.id).ok());
  EXPECT_EQ(quality().packets_expected, lossy.packets_expected) << "counters go on when a track is gone";
  EXPECT_EQ(quality().packets_received, lossy.packets_received);
  EXPECT_EQ(quality().audio_tracks, 0U);
}

}  // namespace
}  // namespace noir
