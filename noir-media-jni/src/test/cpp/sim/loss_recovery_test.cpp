#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Shape {
  const char* name;
  LinkParams link;
  bool rtx;
  bool numbers = false;  // Over the transport, reported by the subscriber.
};

class LossRecoveryTest : public ::testing::TestWithParam<Shape> {};

TEST_P(LossRecoveryTest, EveryFrameComesInTheEnd) {
  SimRoom room(42);
  if (GetParam().numbers) room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack down = room.subscribe(subscriber, video, GetParam().rtx);
  room.run_for(seconds(1));
  room.net().set_default_link(GetParam().link);
  room.run_for(seconds(20));
  room.net().set_default_link({});
  room.run_for(seconds(2));
  const RecordedMedia& media = down.recorded();
  EXPECT_GE(media.frames, 660U);
  EXPECT_EQ(media.lost, 0U);
  EXPECT_EQ(media.broken_frames, 0U);
  EXPECT_EQ(media.picture_id_gaps, 0U);
  EXPECT_EQ(media.timestamp_errors, 0U);
  EXPECT_EQ(media.payload_errors, 0U);
  EXPECT_EQ(down.recorder->missing(), 0U);
  EXPECT_EQ(room.sfu().counters().bugs, 0U);
  if (GetParam().link.loss > 0) {
    EXPECT_GT(publisher.client->counters().retransmitted, 50U);   // Upstream loss repaired by the server's NACKs,
    EXPECT_GT(room.sfu().counters().packets_retransmitted, 50U);  // downstream loss by the client's.
    EXPECT_GT(media.recovered, 50U);
    EXPECT_EQ(media.rtx_packets > 0, GetParam().rtx);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, LossRecoveryTest,
    ::testing::Values(Shape{"loss", {.loss = 0.05}, false}, Shape{"heavy_loss", {.loss = 0.1}, true},
                      Shape{"loss_with_rtx", {.loss = 0.05}, true},
                      Shape{"heavy_loss_numbered", {.loss = 0.1}, true, true},
                      Shape{"loss_numbered", {.loss = 0.05}, true, true},
                      Shape{"far_away", {.loss = 0.05, .delay = milliseconds(60)}, false},
                      Shape{"reordered", {.jitter = milliseconds(15)}, false},
                      Shape{"doubled", {.duplicate = 0.2}, false},
                      Shape{"everything",
                            {.loss = 0.05, .duplicate = 0.05, .delay = milliseconds(30), .jitter = milliseconds(30)},
                            true},
                      Shape{"everything_numbered",
                            {.loss = 0.05, .duplicate = 0.05, .delay = milliseconds(30), .jitter = milliseconds(30)},
                            true,
                            true}),
    [](const auto& shape) { return shape.param.name; });

TEST(NackTest, AnswersRepeatedNacksNotMoreOftenThanTheyHelp) {
  SimRoom room(7);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
  room.net().set_link(room.server(), subscriber.addresses[0], {.loss = 0.05, .delay = milliseconds(5)});
  room.run_for(seconds(10));
  // Each lost packet is asked for about once, so there are hardly more answers than losses.
  EXPECT_LE(room.sfu().counters().packets_retransmitted, down.recorded().nacked);
  EXPECT_LE(down.recorded().nacked, room.sfu().counters().packets_forwarded / 10);
}

TEST(NackTest, ReportsLossToThePublisher) {
  SimRoom room(3);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  (void)room.publish_video(publisher);
  room.net().set_link(publisher.addresses[0], room.server(), {.loss = 0.2});
  room.run_for(seconds(5));
  ASSERT_TRUE(publisher.client->counters().last_report_block);
  EXPECT_GE(publisher.client->counters().receiver_reports, 3U);
  EXPECT_NE(publisher.client->counters().last_report_block->last_sr, 0U);
}

// A browser does not always ask again for what it has been sent again: that this got lost, too, its reports say.
TEST(LossRecovery, RepairsThatGetLostAreSentAgainUnasked) {
  SimRoom room(11);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher), true);
  down.recorder->set_most_nacks(1);
  room.run_for(seconds(1));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {.loss = 0.1});
  room.run_for(seconds(30));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {});
  room.run_for(seconds(2));
  EXPECT_GT(down.recorded().rtx_packets, 100U);
  EXPECT_LE(down.recorded().lost, 1U);  // Four repairs of the same packet.
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(700));
}

}  // namespace
}  // namespace noir
