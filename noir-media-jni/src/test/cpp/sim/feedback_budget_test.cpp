#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "forward/repair_budget.hpp"
#include "rtp/rtcp_nack.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What subscribers ask for, and what it may cost everybody else.
class FeedbackBudgetTest : public ::testing::Test {
 protected:
  void nack(SimEnd& end, std::uint32_t ssrc, std::uint16_t newest) {
    std::vector<std::uint16_t> seqs(500);
    std::iota(seqs.begin(), seqs.end(), static_cast<std::uint16_t>(newest - 499));
    std::array<std::uint8_t, 1400> bytes;
    ByteWriter out(bytes);
    ASSERT_TRUE(write_nack(out, 1, ssrc, seqs));
    end.client->send_plain_rtcp(out.written());
  }
  /// Key frames are what is counted, for more than a minute, at many subscribers.
  static SourceParams thin_video() {
    SourceParams params;
    params.packets_per_frame = 1;
    params.keyframe_packets = 2;
    params.payload_size = 200;
    return params;
  }
  std::uint64_t plis() { return publisher_.client->counters().plis; }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& hostile_ = room_.join_connected(TransportRole::kSubscriber);
  SimEnd& honest_ = room_.join_connected(TransportRole::kSubscriber);
};

TEST_F(FeedbackBudgetTest, NacksBringAQuarterOfTheMediaAtMost) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack down = room_.subscribe(hostile_, video, true);
  room_.run_for(seconds(2));
  const SfuCounters before = room_.sfu().counters();
  for (int i = 0; i < 1000; ++i) {
    nack(hostile_, down.recorder->params().ssrc, static_cast<std::uint16_t>(down.recorder->highest_ext_seq()));
    room_.run_for(milliseconds(20));
  }
  const SfuCounters after = room_.sfu().counters();
  const std::uint64_t repeated = after.packets_retransmitted - before.packets_retransmitted;
  const std::uint64_t media = after.packets_forwarded - before.packets_forwarded - repeated;
  EXPECT_GT(media, 2000U);
  EXPECT_LE(repeated, media / 4 + RepairBudget::kMostKept / 900);
}

TEST_F(FeedbackBudgetTest, PlisForEverBringFewKeyFramesAndHoldNobodyUp) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimDownTrack bad = room_.subscribe(hostile_, video);
  const SimDownTrack good = room_.subscribe(honest_, video);
  room_.run_for(seconds(2));
  const std::uint64_t before = plis();
  for (int i = 0; i < 1200; ++i) {
    hostile_.client->request_keyframe(bad.recorder->params().ssrc);
    room_.run_for(milliseconds(50));
  }
  EXPECT_LE(plis() - before, 9U);
  const std::uint64_t keyframes = good.recorded().keyframes;
  honest_.client->request_keyframe(good.recorder->params().ssrc);
  room_.run_for(milliseconds(600));
  EXPECT_GT(good.recorded().keyframes, keyframes);
}

TEST_F(FeedbackBudgetTest, ManyWhoAskTogetherDoNotGetMoreThanOneWouldEither) {
  const SimTrack video = room_.publish_video(publisher_, thin_video());
  std::vector<std::pair<SimEnd*, SimDownTrack>> crowd;
  for (int i = 0; i < 30; ++i) {
    SimEnd& end = room_.join_connected(TransportRole::kSubscriber);
    crowd.emplace_back(&end, room_.subscribe(end, video));
  }
  const SimDownTrack good = room_.subscribe(honest_, video);
  room_.run_for(seconds(20));
  const std::uint64_t before = plis();
  for (int i = 0; i < 600; ++i) {
    for (const auto& [end, down] : crowd) end->client->request_keyframe(down.recorder->params().ssrc);
    room_.run_for(milliseconds(100));
  }
  EXPECT_LE(plis() - before, 26U) << "five at once, and twenty in a minute";
  SimEnd& late = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack first = room_.subscribe(late, video);
  room_.run_for(milliseconds(600));
  EXPECT_GE(first.recorded().keyframes, 1U) << "who has nothing yet does not wait for those who ask again";
  EXPECT_EQ(good.recorded().broken_frames, 0U);
}

TEST_F(FeedbackBudgetTest, NorDoTheyOnOtherLoops) {
  SimRoom room(1, {}, 2);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher, 0);
  const SimTrack video = room.publish_video(publisher, thin_video());
  std::vector<std::pair<SimEnd*, SimDownTrack>> crowd;
  for (LoopIndex i = 0; i < 20; ++i) {
    SimEnd& end = room.join_connected(TransportRole::kSubscriber, i % 2);
    crowd.emplace_back(&end, room.subscribe(end, video));
  }
  room.run_for(seconds(20));
  const std::uint64_t before = publisher.client->counters().plis;
  for (int i = 0; i < 600; ++i) {
    for (const auto& [end, down] : crowd) end->client->request_keyframe(down.recorder->params().ssrc);
    room.run_for(milliseconds(100));
  }
  EXPECT_LE(publisher.client->counters().plis - before, 26U);
}

// fixtures/odd 19
TEST_F(FeedbackBudgetTest, WhoDoesNotKnowTheCodecAsksInVain) {
  const SimTrack video = room_.publish_video(publisher_);
  DownTrackParams params;
  params.mid = "d";
  params.ssrc = 0x77;
  params.payloads = {{106, 100, 0}};
  ASSERT_TRUE(room_.sfu().add_down_track(room_.now(), hostile_.transport, video.id, params).ok());
  room_.run_for(seconds(2));
  const std::uint64_t before = plis();
  for (int i = 0; i < 100; ++i) {
    hostile_.client->request_keyframe(params.ssrc);
    room_.run_for(milliseconds(100));
  }
  EXPECT_EQ(plis(), before);
  EXPECT_LE(before, 1U);
}

TEST_F(FeedbackBudgetTest, LossAsksForNoKeyFrameThatNobodyTakes) {
  const SimTrack video = room_.publish_video(publisher_);
  room_.run_for(seconds(1));
  for (int i = 0; i < 5; ++i) {
    room_.net().set_link(publisher_.addresses[0], room_.server(), {.loss = 1});
    room_.run_for(seconds(3));
    room_.net().set_link(publisher_.addresses[0], room_.server(), {});
    room_.run_for(seconds(1));
  }
  EXPECT_EQ(plis(), 0U);
  const SimDownTrack down = room_.subscribe(honest_, video);
  room_.run_for(seconds(1));
  EXPECT_EQ(plis(), 1U);
  room_.net().set_link(publisher_.addresses[0], room_.server(), {.loss = 1});
  room_.run_for(seconds(3));
  room_.net().set_link(publisher_.addresses[0], room_.server(), {});
  room_.run_for(seconds(1));
  EXPECT_EQ(plis(), 2U);
  EXPECT_EQ(down.recorded().keyframes, 2U);
}

}  // namespace
}  // namespace noir
