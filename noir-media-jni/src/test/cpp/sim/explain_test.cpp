#include <gtest/gtest.h>

#include <array>

#include "forward/layer_filter.hpp"
#include "rtp/rtcp_receiver_report.hpp"
#include "sfu/explanation.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ExplainTest : public ::testing::Test {
 protected:
  SimRoom& numbered_room() {
    room_.number_packets();
    return room_;
  }
  TransportExplanation explain(const SimEnd& end) {
    const auto explained = room_.sfu().explain(room_.now(), end.transport);
    EXPECT_TRUE(explained);
    return explained.value_or(TransportExplanation{});
  }
  /// What a client without transport-wide reports says of a down track.
  void report(SimEnd& from, const ReportBlock& block) {
    std::array<std::uint8_t, 64> bytes{};
    ByteWriter out(bytes);
    ASSERT_TRUE(write_receiver_report(out, 1, std::span(&block, 1)));
    from.client->send_plain_rtcp(out.written());
  }

  SimRoom room_{33};
  SimEnd& publisher_ = numbered_room().join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
};

TEST_F(ExplainTest, TellsOfTheWayAndItsKeys) {
  const TransportExplanation told = explain(subscriber_);
  EXPECT_EQ(told.role, TransportRole::kSubscriber);
  EXPECT_EQ(told.state, TransportState::kConnected);
  ASSERT_TRUE(told.path);
  EXPECT_EQ(told.path->path.remote, subscriber_.addresses.at(0));
  EXPECT_TRUE(told.path->proven);
  EXPECT_EQ(told.srtp, SrtpProfile::kAeadAes128Gcm);
  EXPECT_NE(told.dtls_suite.find("_WITH_AES_128_GCM_SHA256"), std::string_view::npos) << told.dtls_suite;
  EXPECT_FALSE(told.dtls_client);
  EXPECT_FALSE(room_.sfu().explain(room_.now(), subscriber_.transport + 1000));
}

TEST_F(ExplainTest, TellsWhatComesOfEachEncoding) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  room_.run_for(seconds(1));  // The key frames that the encodings begin with are over.
  room_.subscribe(subscriber_, video, true);
  room_.run_for(seconds(2));
  const TransportExplanation told = explain(publisher_);
  ASSERT_EQ(told.received.size(), 1U);
  EXPECT_TRUE(told.sent.empty());
  const ReceivedExplanation& track = told.received[0];
  EXPECT_EQ(track.id, video.id);
  EXPECT_EQ(track.kind, MediaKind::kVideo);
  ASSERT_EQ(track.encodings.size(), 3U);
  for (const EncodingExplanation& encoding : track.encodings) {
    EXPECT_TRUE(encoding.active);
    EXPECT_GT(encoding.packets, 80U);
    EXPECT_EQ(encoding.lost, 0);
    EXPECT_GT(encoding.bitrate, 10'000U);
    ASSERT_TRUE(encoding.since_keyframe);
    EXPECT_LE(*encoding.since_keyframe, seconds(3));
  }
  EXPECT_EQ(track.encodings[2].rid, "f");
  EXPECT_GT(track.encodings[2].keyframe_requests, 0U);
}

TEST_F(ExplainTest, TellsWhyAThinLineGetsLess) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(5));
  TransportExplanation told = explain(subscriber_);
  ASSERT_TRUE(told.bandwidth);
  ASSERT_EQ(told.sent.size(), 1U);
  EXPECT_EQ(told.sent[0].id, down.id);
  EXPECT_TRUE(told.sent[0].sending);
  EXPECT_EQ(told.sent[0].encoding, 2);
  EXPECT_EQ(told.sent[0].reason, AllocationReason::kWanted);
  EXPECT_EQ(told.sent[0].offered.size(), 3U);
  EXPECT_EQ(told.sent[0].wanted, LayerFilter::kAll);
  const std::uint64_t best = told.sent[0].offered.back().bitrate;

  LinkParams link;
  link.rate_bps = best / 2;
  link.max_queue = milliseconds(300);
  room_.net().set_link(room_.server(), subscriber_.addresses.at(0), link);
  room_.run_for(seconds(8));
  told = explain(subscriber_);
  EXPECT_LT(told.sent[0].encoding, 2);
  EXPECT_NE(told.sent[0].reason, AllocationReason::kWanted);
  EXPECT_LT(told.bandwidth->estimate_bps, static_cast<std::int64_t>(best));
}

TEST_F(ExplainTest, TellsWhatTheSubscriberReportsAndAsksFor) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_video(publisher_), true);
  room_.run_for(seconds(4));
  const std::uint32_t ssrc = down.recorder->params().ssrc;
  const SentExplanation before = explain(subscriber_).sent.at(0);
  EXPECT_TRUE(before.reported);
  EXPECT_EQ(before.lost, 0);
  EXPECT_GE(before.round_trip, milliseconds(9));  // The network takes 5 ms each way.
  EXPECT_LE(before.round_trip, milliseconds(15));
  ReportBlock block;
  block.ssrc = ssrc;
  block.fraction_lost = 26;
  block.cumulative_lost = 7;
  block.jitter = 900;
  report(subscriber_, block);
  subscriber_.client->request_keyframe(ssrc);
  room_.run_for(milliseconds(30));
  const SentExplanation told = explain(subscriber_).sent.at(0);
  EXPECT_TRUE(told.reported);
  EXPECT_EQ(told.fraction_lost, 26);
  EXPECT_EQ(told.lost, 7);
  EXPECT_EQ(told.jitter_ticks, 900U);
  EXPECT_EQ(told.clock_rate, 90'000U);
  EXPECT_EQ(told.keyframe_requests, 1U);
  EXPECT_EQ(told.nacked, 0U);
  ASSERT_TRUE(told.since_keyframe);
  EXPECT_LE(*told.since_keyframe, seconds(5));
  EXPECT_GT(told.packets, 50U);
}

TEST_F(ExplainTest, TellsThatWhatIsNotWantedIsPaused) {
  const SimDownTrack down = room_.subscribe(subscriber_, room_.publish_video(publisher_), true);
  room_.run_for(seconds(2));
  ASSERT_TRUE(room_.sfu().set_down_track(room_.now(), down.id, {.muted = true}));
  room_.run_for(seconds(1));
  const SentExplanation told = explain(subscriber_).sent.at(0);
  EXPECT_TRUE(told.muted);
  EXPECT_FALSE(told.sending);
  EXPECT_EQ(told.encoding, SentExplanation::kNone);
  EXPECT_EQ(told.reason, AllocationReason::kNotWanted);
}

}  // namespace
}  // namespace noir
