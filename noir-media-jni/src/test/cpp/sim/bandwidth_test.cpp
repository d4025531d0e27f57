#include <gtest/gtest.h>

#include <vector>

#include "sfu/explanation.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kPacketsOfBest = 4 * 30;  // A second, of the highest encoding; the lowest has 30.

class BandwidthTest : public ::testing::Test {
 protected:
  SimRoom& numbered_room() {
    room_.number_packets();
    return room_;
  }
  void set_line(const SimEnd& end, std::uint64_t rate_bps) {
    LinkParams link;
    link.rate_bps = rate_bps;
    link.max_queue = milliseconds(300);
    room_.net().set_link(room_.server(), end.addresses.at(0), link);
  }
  SimEnd& join_late(const LinkParams& link) {
    SimEnd& late = room_.join_connected(TransportRole::kSubscriber);
    room_.net().set_link(room_.server(), late.addresses.at(0), link);
    room_.net().set_link(late.addresses.at(0), room_.server(), {.delay = link.delay});
    return late;
  }
  /// What comes in so many seconds.
  RecordedMedia in(int time_s, const SimDownTrack& down) {
    const RecordedMedia before = down.recorded();
    room_.run_for(seconds(time_s));
    RecordedMedia now = down.recorded();
    now.packets -= before.packets;
    now.frames -= before.frames;
    now.broken_frames -= before.broken_frames;
    return now;
  }
  std::optional<BandwidthExplanation> explain(const SimEnd& end) {
    return room_.sfu().bandwidth(room_.now(), end.transport);
  }

  SimRoom room_{21};
  SimEnd& publisher_ = numbered_room().join_connected(TransportRole::kPublisher);
  SimEnd& thin_ = room_.join_connected(TransportRole::kSubscriber);
  SimEnd& wide_ = room_.join_connected(TransportRole::kSubscriber);
};

TEST_F(BandwidthTest, HearsWhatBecomesOfEveryPacket) {
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_video(publisher_), true);
  room_.run_for(seconds(5));
  EXPECT_GT(down.recorded().frames, 140U);
  const auto explained = explain(thin_);
  ASSERT_TRUE(explained);
  EXPECT_GT(explained->reports, 30U);
  EXPECT_EQ(explained->mismatched_reports, 0U);
  EXPECT_EQ(explained->loss_permille, 0);
  EXPECT_NEAR(static_cast<double>(explained->delivered_bps), static_cast<double>(explained->sent_bps),
              static_cast<double>(explained->sent_bps) / 10);
  EXPECT_FALSE(explain(publisher_));
}

TEST_F(BandwidthTest, AThinLineGetsALowerLayerAndComesBack) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  const SimDownTrack thin = room_.subscribe(thin_, video, true);
  const SimDownTrack wide = room_.subscribe(wide_, video, true);
  room_.run_for(seconds(6));
  EXPECT_GE(in(2, thin).packets, 2 * kPacketsOfBest * 9 / 10);

  set_line(thin_, 600'000);
  room_.run_for(seconds(3));
  const RecordedMedia narrow = in(10, thin);
  EXPECT_GE(narrow.frames, 10U * 15);
  EXPECT_LE(narrow.packets, 10 * kPacketsOfBest / 2 + 30);
  EXPECT_LE(narrow.longest_freeze, seconds(1));
  EXPECT_GE(in(2, wide).packets, 2 * kPacketsOfBest * 9 / 10);

  set_line(thin_, 0);
  room_.run_for(seconds(8));
  EXPECT_GE(in(2, thin).packets, 2 * kPacketsOfBest * 9 / 10);
  EXPECT_EQ(wide.recorded().broken_frames, 0U);
  EXPECT_EQ(thin.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(thin.recorded().timestamp_errors, 0U);
}

// What the first probes take to show that there is room for more is no reason to hold it down for any longer.
TEST_F(BandwidthTest, WhoComesLateToAGoodLineSoonHasTheBestLayer) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  room_.subscribe(wide_, video, true);
  room_.run_for(seconds(3));
  for (const milliseconds delay : {milliseconds(5), milliseconds(50), milliseconds(100)}) {
    SimEnd& late = join_late({.delay = delay});
    const SimDownTrack down = room_.subscribe(late, video, true);
    room_.run_for(seconds(1));
    EXPECT_GE(in(1, down).packets, kPacketsOfBest * 9 / 10) << delay.count() << " ms";
    EXPECT_LE(down.recorded().longest_freeze, milliseconds(100)) << delay.count() << " ms";
  }
}

// Four pictures at their best are more than twice what the line takes.
TEST_F(BandwidthTest, WhoComesLateToAThinLineSeesEverybodyAllTheSame) {
  std::vector<SimTrack> videos{room_.publish_simulcast(publisher_)};
  for (int i = 0; i < 3; ++i) {
    videos.push_back(room_.publish_simulcast(room_.join_connected(TransportRole::kPublisher)));
  }
  for (const SimTrack& video : videos) room_.subscribe(wide_, video, true);
  room_.run_for(seconds(3));
  SimEnd& late = join_late({.delay = milliseconds(25), .rate_bps = 2'000'000, .max_queue = milliseconds(500)});
  std::vector<SimDownTrack> downs;
  for (const SimTrack& video : videos) downs.push_back(room_.subscribe(late, video, true));
  room_.run_for(seconds(5));
  for (const SimDownTrack& down : downs) {
    EXPECT_GE(down.recorded().frames, 5U * 30 * 4 / 5);
    EXPECT_LE(down.recorded().longest_freeze, seconds(1));
  }
}

TEST_F(BandwidthTest, WhoNeverReportsGetsEverything) {
  thin_.client->set_silent(true);
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(10));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
  const auto explained = room_.sfu().explain(room_.now(), thin_.transport);
  EXPECT_FALSE(explained->sent.at(0).reason) << "nothing was shared";
}

// Nothing of video gets through, so nothing is left whose reports would say that the line is better again.
TEST_F(BandwidthTest, VideoComesBackAfterALineThatTookNone) {
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  set_line(thin_, 60'000);
  room_.run_for(seconds(5));
  EXPECT_LE(in(5, down).frames, 5U);
  set_line(thin_, 0);
  room_.run_for(seconds(10));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
}

TEST_F(BandwidthTest, VideoComesBackBesideAVoice) {
  const SimDownTrack voice = room_.subscribe(thin_, room_.publish_audio(publisher_));
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  set_line(thin_, 60'000);
  room_.run_for(seconds(5));
  const std::uint64_t before = voice.recorded().packets;
  EXPECT_LE(in(5, down).frames, 5U);
  EXPECT_GE(voice.recorded().packets - before, 5U * 50 * 9 / 10);
  set_line(thin_, 0);
  room_.run_for(seconds(10));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
}

TEST_F(BandwidthTest, WhoFallsSilentIsHeardAgain) {
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  thin_.client->set_silent(true);
  room_.run_for(seconds(6));
  EXPECT_EQ(in(2, down).frames, 0U);
  thin_.client->set_silent(false);
  room_.run_for(seconds(10));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
}

// Without RTX video is not numbered, so that nobody reports it: what the voice beside it shows is not about it.
TEST_F(BandwidthTest, VideoThatIsNotNumberedIsNotPaused) {
  (void)room_.subscribe(thin_, room_.publish_audio(publisher_));
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_simulcast(publisher_), false);
  room_.run_for(seconds(4));
  set_line(thin_, 60'000);
  room_.run_for(seconds(6));
  set_line(thin_, 0);
  room_.run_for(seconds(2));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
}

// Who has been given nothing yet can be asked all the same.
TEST_F(BandwidthTest, AVideoThatComesWhileTheLineTakesNoneIsSeenOnceItDoes) {
  const SimTrack first = room_.publish_simulcast(publisher_);
  const SimTrack second = room_.publish_simulcast(publisher_);
  const SimDownTrack gone = room_.subscribe(thin_, first, true);
  room_.run_for(seconds(4));
  set_line(thin_, 60'000);
  room_.run_for(seconds(6));
  ASSERT_TRUE(room_.sfu().remove_down_track(room_.now(), gone.id).ok());
  const SimDownTrack down = room_.subscribe(thin_, second, true);
  room_.run_for(seconds(4));
  set_line(thin_, 0);
  room_.run_for(seconds(10));
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
}

TEST_F(BandwidthTest, KeyframesDoNotOverflowAThinLine) {
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_video(publisher_), true);
  room_.run_for(seconds(3));
  set_line(thin_, 500'000);
  room_.run_for(seconds(1));
  EXPECT_TRUE(explain(thin_)->paced);
  room_.run_for(seconds(10));
  EXPECT_LT(explain(thin_)->estimate_bps, 500'000);
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
}

// Four fifths less than what was sent: what overflows then says nothing of what is sent afterwards, and is not to be
// sent again into the full queue.
TEST_F(BandwidthTest, AVeryThinLineGetsTheLowestLayer) {
  (void)room_.subscribe(thin_, room_.publish_audio(publisher_));
  const SimDownTrack thin = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(6));
  const LinkParams link{.rate_bps = 400'000, .max_queue = milliseconds(200)};
  room_.net().set_link(room_.server(), thin_.addresses.at(0), link);
  room_.run_for(seconds(3));
  EXPECT_GE(in(10, thin).frames, 10U * 25);
  EXPECT_LE(thin.recorded().longest_freeze, seconds(2));
}

// draft-alvestrand-rmcat-remb-03 §2.2.
std::vector<std::uint8_t> remb(std::uint32_t kbps) {
  std::uint32_t mantissa = kbps * 1000;
  std::uint32_t exponent = 0;
  for (; mantissa >= 1U << 18U; mantissa >>= 1U) ++exponent;
  std::vector<std::uint8_t> bytes(24);
  ByteWriter out(bytes);
  out.u32(0x8FCE0005);
  out.u32(1);
  out.u32(0);
  out.u32(0x52454D42);
  out.u32(1U << 24U | exponent << 18U | mantissa);
  out.u32(1);
  return bytes;
}

/// Clients that do not number packets.
class ReportedLineTest : public BandwidthTest {
 protected:
  void say(std::uint32_t kbps, int for_s) {
    for (int i = 0; i < for_s; ++i) {
      silent_.client->send_plain_rtcp(remb(kbps));
      room_.run_for(seconds(1));
    }
  }
  SimRoom& old_room() {
    room_.number_packets(false);
    return room_;
  }
  SimEnd& silent_ = old_room().join_connected(TransportRole::kSubscriber);
};

TEST_F(ReportedLineTest, WhoEstimatesItselfGetsNoMore) {
  const SimDownTrack down = room_.subscribe(silent_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  EXPECT_FALSE(room_.sfu().explain(room_.now(), silent_.transport)->bandwidth);
  say(450, 4);
  const std::uint64_t before = down.recorded().packets;
  say(450, 5);
  EXPECT_LE(down.recorded().packets - before, 5 * kPacketsOfBest / 2);
  EXPECT_GE(down.recorded().packets - before, 5U * 25);
  EXPECT_EQ(room_.sfu().explain(room_.now(), silent_.transport)->bandwidth->limit, BandwidthLimit::kReceiver);
  say(3000, 8);
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
  EXPECT_LE(down.recorded().longest_freeze, seconds(1));
}

// Receivers say half as much again as what they get, and no more.
TEST_F(ReportedLineTest, WhoGetsLittleIsTriedWithMore) {
  const SimDownTrack down = room_.subscribe(silent_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  say(450, 4);
  for (int i = 0; i < 40; ++i) {
    const auto sent = room_.sfu().explain(room_.now(), silent_.transport)->bandwidth;
    say(sent ? static_cast<std::uint32_t>(sent->sent_bps * 3 / 2000) : 3000, 1);
  }
  EXPECT_GE(in(2, down).packets, 2 * kPacketsOfBest * 9 / 10);
}

TEST_F(ReportedLineTest, WhoseReportsShowLossGetsLess) {
  const SimDownTrack down = room_.subscribe(silent_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(4));
  LinkParams lossy;
  lossy.rate_bps = 700'000;
  lossy.max_queue = milliseconds(200);
  room_.net().set_link(room_.server(), silent_.addresses.at(0), lossy);
  room_.run_for(seconds(10));
  EXPECT_LE(in(5, down).packets, 5 * kPacketsOfBest * 6 / 10);
  EXPECT_EQ(room_.sfu().explain(room_.now(), silent_.transport)->bandwidth->limit, BandwidthLimit::kLoss);
}

TEST_F(ReportedLineTest, WhoHasOneLayerKeepsItWhateverIsReported) {
  const SimDownTrack down = room_.subscribe(silent_, room_.publish_video(publisher_), true);
  room_.run_for(seconds(4));
  LinkParams lossy;
  lossy.loss = 0.15;
  room_.net().set_link(room_.server(), silent_.addresses.at(0), lossy);
  const std::uint64_t before = room_.sfu().counters().packets_forwarded;
  room_.run_for(seconds(20));
  EXPECT_GE(room_.sfu().counters().packets_forwarded - before, 20 * kPacketsOfBest * 95 / 100);
  EXPECT_GT(down.recorded().frames, 100U);
}

TEST_F(BandwidthTest, ScreensAreNeverPaused) {
  SourceParams source;
  source.screen = true;
  const SimDownTrack down = room_.subscribe(thin_, room_.publish_video(publisher_, source), true);
  room_.run_for(seconds(3));
  set_line(thin_, 500'000);
  room_.run_for(seconds(5));
  EXPECT_LT(explain(thin_)->estimate_bps, 500'000);
  EXPECT_GE(in(5, down).packets, 5 * kPacketsOfBest / 3);
}

// What overflows is dropped here, and goes on with a key frame of the lower encoding: that this one is waited for must
// not count as something the track lost to the line, and that the next layer is therefore held back.
TEST_F(BandwidthTest, WhoWaitsForAKeyframeIsNotHeldDown) {
  const SimDownTrack thin = room_.subscribe(thin_, room_.publish_simulcast(publisher_), true);
  room_.run_for(seconds(6));
  LinkParams link{.rate_bps = 500'000, .max_queue = milliseconds(50)};
  room_.net().set_link(room_.server(), thin_.addresses.at(0), link);
  room_.run_for(seconds(2));
  EXPECT_GE(in(10, thin).frames, 10U * 25);
  EXPECT_LE(thin.recorded().longest_freeze, seconds(1));
}

}  // namespace
}  // namespace noir
