#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// One room asks for more than a loop can do; another one has a call on that loop.
class OverloadTest : public ::testing::Test {
 protected:
  SourceParams flood(std::size_t packets_in_10_ms) {
    SourceParams params;
    params.frame_interval = milliseconds(10);
    params.packets_per_frame = params.keyframe_packets = packets_in_10_ms;
    params.payload_size = 200;
    return params;
  }
  /// What the call has shown before does not count.
  void begin() { frames_before_ = call_.recorded().frames; }
  void expect_a_good_call(seconds time) {
    const auto frames = static_cast<std::uint64_t>(time.count()) * 30;
    EXPECT_GE(call_.recorded().frames - frames_before_ + 6, frames);
    EXPECT_LE(call_.recorded().longest_freeze, milliseconds(100));
    EXPECT_EQ(call_.recorded().broken_frames, 0U);
    EXPECT_GE(publisher_.client->counters().receiver_reports + 2, static_cast<std::uint64_t>(time.count()));
    EXPECT_GE(call_.recorded().sender_reports + 3, static_cast<std::uint64_t>(time.count()));
    EXPECT_EQ(room_.sfu().counters().bugs, 0U);
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimEnd& hostile_ = room_.join_connected(TransportRole::kPublisher);
  SimTrack video_ = room_.publish_video(publisher_);
  SimDownTrack call_ = room_.subscribe(subscriber_, video_);
  std::uint64_t frames_before_ = 0;
};

TEST_F(OverloadTest, AFloodInOneRoomLeavesAnotherAlone) {
  std::vector<SimEnd*> crowd;
  for (int i = 0; i < 30; ++i) crowd.push_back(&room_.join_connected(TransportRole::kSubscriber));
  const SimTrack bad = room_.publish_video(hostile_, flood(16));
  for (SimEnd* end : crowd) (void)room_.subscribe(*end, bad);
  room_.run_for(milliseconds(300));
  // 48 000 packets a second, and time for 20 000.
  begin();
  const std::uint64_t asked = hostile_.client->counters().plis;
  room_.set_price(microseconds(5), microseconds(50));
  room_.run_for(seconds(4));
  expect_a_good_call(seconds(4));
  const SfuCounters counters = room_.sfu().counters();
  EXPECT_GT(counters.packets_late, 0U);
  const SfuQuality quality = room_.sfu().quality(room_.now());
  EXPECT_GT(quality.freezes.at(static_cast<std::size_t>(FreezeCause::kLate)), 0U);
  EXPECT_GT(quality.delays.counts().back(), 0U) << "of the flood's own room";
  // The loop does what it can: the flood's own room gets what is left.
  EXPECT_GT(counters.packets_forwarded, 50'000U);
  EXPECT_EQ(room_.dropped_by_socket(), 0U);
  EXPECT_GT(hostile_.client->counters().plis, asked) << "what was dropped cannot be decoded without a key frame";
  // What waits, and what is kept for repairs: 250 ms of the flood, and a second of it, of which there is one copy.
  EXPECT_LE(room_.packets_in_use(), 2500U);
  EXPECT_TRUE(crowd[0]->is(TransportState::kConnected));
  // And afterwards all goes on as before.
  bad.source->set_paused(room_.now(), true);
  room_.run_for(seconds(1));
  const std::uint64_t late = room_.sfu().counters().packets_late;
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu().counters().packets_late, late);
}

TEST_F(OverloadTest, ComingAndGoingDoesNotBringAFloodForward) {
  std::vector<SimEnd*> crowd;
  for (int i = 0; i < 30; ++i) crowd.push_back(&room_.join_connected(TransportRole::kSubscriber));
  const SimTrack bad = room_.publish_video(hostile_, flood(8));
  std::vector<SimDownTrack> downs;
  for (SimEnd* end : crowd) downs.push_back(room_.subscribe(*end, bad));
  begin();
  room_.set_price(microseconds(5), microseconds(50));
  for (int i = 0; i < 40; ++i) {
    room_.run_for(milliseconds(100));
    auto& down = downs[static_cast<std::size_t>(i) % downs.size()];
    ASSERT_TRUE(room_.sfu().remove_down_track(room_.now(), down.id).ok());
    down = room_.subscribe(*crowd[static_cast<std::size_t>(i) % crowd.size()], bad);
  }
  expect_a_good_call(seconds(4));
}

TEST_F(OverloadTest, APublisherHasALimit) {
  room_.run_for(milliseconds(300));
  const std::uint64_t before = room_.sfu().counters().packets_unread;
  // 30 000 packets of nobody in one second.
  std::vector<std::uint8_t> packet(20, 0);
  packet[0] = 0x80;
  packet[1] = 97;
  store_be32(packet.data() + 8, 77);
  for (std::uint32_t i = 0; i < 30'000; ++i) {
    store_be16(packet.data() + 2, static_cast<std::uint16_t>(i));
    hostile_.client->send_plain_rtp(packet, i);
    if (i % 30 == 29) room_.run_for(milliseconds(1));
  }
  room_.run_for(milliseconds(20));
  const SfuCounters counters = room_.sfu().counters();
  EXPECT_GE(counters.packets_refused, 10'000U);
  EXPECT_LE(counters.packets_refused, 12'600U);
  EXPECT_EQ(counters.packets_refused + counters.packets_unread - before, 30'000U);
  room_.run_for(milliseconds(700));
  expect_a_good_call(seconds(2));
}

TEST_F(OverloadTest, AScreenOf80MegabitsIsNoFlood) {
  SourceParams screen = flood(80);
  screen.payload_size = 1100;
  const SimTrack track = room_.publish_video(hostile_, screen);
  const SimDownTrack down = room_.subscribe(subscriber_, track);
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu().counters().packets_unread, 0U);
  EXPECT_EQ(room_.sfu().counters().packets_late, 0U);
  EXPECT_GE(down.recorded().frames, 95U);
  expect_a_good_call(seconds(1));
}

// What is not the client's costs nothing after a while, though it comes from its address, and cuts it off from nothing.
TEST_F(OverloadTest, ForgedPacketsFromAClientsAddressAreDroppedUnread) {
  room_.run_for(milliseconds(500));
  const SfuCounters before = room_.sfu().counters();
  std::vector<std::uint8_t> forged(200, 0x5A);
  forged[0] = 0x80;
  forged[1] = 96;
  for (std::uint32_t i = 0; i < 34'000; ++i) {
    forged[1] = static_cast<std::uint8_t>(i % 4 == 0 ? 200 : 96);  // A sender report now and then.
    store_be16(forged.data() + 2, static_cast<std::uint16_t>(i * 7919));
    store_be32(forged.data() + 8, i % 2 == 0 ? i : video_.source->params().ssrc);
    room_.inject(publisher_.addresses[0], forged);
    if (i % 34 == 33) room_.run_for(milliseconds(1));
  }
  const SfuCounters after = room_.sfu().counters();
  EXPECT_LE(after.dropped_srtp - before.dropped_srtp, 1000U);
  EXPECT_GE(after.packets_unread - before.packets_unread, 33'000U);
  room_.run_for(milliseconds(500));
  expect_a_good_call(seconds(2));
}

}  // namespace
}  // namespace noir
