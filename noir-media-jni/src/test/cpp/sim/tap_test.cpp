#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kVp8Descriptor = 6;  // Of a synthetic source.
constexpr std::size_t kVp8KeyHeader = 10;
constexpr std::size_t kVp8Header = 3;

SyntheticContent content_at(ByteSpan bytes, std::size_t at) {
  ByteReader in(bytes.subspan(std::min(at, bytes.size())));
  SyntheticContent content;
  content.frame = in.u32();
  content.packet = in.u16();
  content.packets = in.u16();
  content.sent = Instant(Duration(static_cast<std::int64_t>(in.u64())));
  EXPECT_TRUE(in.ok());
  return content;
}

// What a picture is made of: each packet's bytes, in order and as they were sent.
SyntheticContent check_picture(const SimTap::Frame& frame, const SourceParams& source) {
  const std::size_t each = source.payload_size - kVp8Descriptor;
  const SyntheticContent first = content_at(frame.bytes, frame.key ? kVp8KeyHeader : kVp8Header);
  EXPECT_EQ(frame.bytes.size(), each * first.packets);
  EXPECT_EQ(frame.bytes.at(0), frame.key ? 0x10 : 0x11);
  for (std::size_t i = 1; i < first.packets; ++i) {
    const SyntheticContent packet = content_at(frame.bytes, i * each);
    EXPECT_EQ(packet.frame, first.frame);
    EXPECT_EQ(packet.packet, i);
    EXPECT_EQ(frame.bytes.at((i + 1) * each - 1), packet.filler(each - SyntheticContent::kSize - 1));
  }
  return first;
}

class TapTest : public ::testing::Test {
 protected:
  void set_uplink(const LinkParams& link) { room_.net().set_link(publisher_.addresses[0], room_.server(), link); }

  // All pictures from the first one on, a key frame, but for those that a gap in the middle may take.
  void expect_pictures(TapId tap, const SimTrack& track, std::size_t at_least, bool whole = true) {
    const SimTap& tapped = room_.tapped(tap);
    ASSERT_GE(tapped.frames.size(), at_least);
    EXPECT_TRUE(tapped.frames[0].key);
    std::uint32_t next = check_picture(tapped.frames[0], track.source->params()).frame;
    for (const SimTap::Frame& frame : tapped.frames) {
      const SyntheticContent content = check_picture(frame, track.source->params());
      if (whole || frame.lost == 0) {
        EXPECT_EQ(content.frame, next);
        EXPECT_EQ(frame.lost, 0U);
      } else {
        EXPECT_TRUE(frame.key);
        EXPECT_GT(content.frame, next);
      }
      next = content.frame + 1;
      EXPECT_EQ(frame.size, frame.key ? (FrameSize{640, 480}) : FrameSize{});
    }
  }

  [[nodiscard]] static Duration late(const SimTap::Frame& frame, const SyntheticContent& content) {
    return frame.captured - (content.sent.time_since_epoch() + SimRoom::kUtcMinusMonotonic);
  }

  SimRoom room_{42};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
};

TEST_F(TapTest, GivesEveryPictureFromAKeyFrameOnThatItAsksFor) {
  const SimTrack video = room_.publish_video(publisher_);
  room_.run_for(seconds(2));
  const TapId tap = room_.tap(video);
  room_.run_for(seconds(3));
  expect_pictures(tap, video, 85);
  EXPECT_EQ(publisher_.client->counters().plis, 1U);
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
}

TEST_F(TapTest, AudioAndVideoOfAPeerAreOnOneTimeline) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimTrack audio = room_.publish_audio(publisher_);
  set_uplink({.delay = milliseconds(40), .jitter = milliseconds(30)});
  room_.run_for(seconds(6));
  const TapId pictures = room_.tap(video);
  const TapId sounds = room_.tap(audio);
  room_.run_for(seconds(10));
  expect_pictures(pictures, video, 285);
  const auto& sound = room_.tapped(sounds).frames;
  ASSERT_GE(sound.size(), 495U);
  std::vector<Duration> lates;
  std::uint32_t next = content_at(sound[0].bytes, 1).frame;
  for (const SimTap::Frame& frame : sound) {
    const SyntheticContent content = content_at(frame.bytes, 1);
    EXPECT_EQ(content.frame, next++);
    lates.push_back(late(frame, content));
  }
  for (const SimTap::Frame& frame : room_.tapped(pictures).frames) {
    lates.push_back(late(frame, check_picture(frame, video.source->params())));
  }
  const auto [least, most] = std::minmax_element(lates.begin(), lates.end());
  EXPECT_LE(*most - *least, milliseconds(20));
  EXPECT_LE(*most, milliseconds(71));
}

TEST_F(TapTest, TimeGoesByArrivalBeforeTheFirstReportAndNeverBack) {
  const SimTrack audio = room_.publish_audio(publisher_);
  const TapId sounds = room_.tap(audio);
  set_uplink({.delay = milliseconds(40), .jitter = milliseconds(30)});
  room_.run_for(seconds(20));
  const auto& sound = room_.tapped(sounds).frames;
  ASSERT_GE(sound.size(), 990U);
  for (std::size_t i = 1; i < sound.size(); ++i) {
    EXPECT_GT(sound[i].captured, sound[i - 1].captured);
    EXPECT_LE(late(sound[i], content_at(sound[i].bytes, 1)), milliseconds(75));
    EXPECT_GE(late(sound[i], content_at(sound[i].bytes, 1)), milliseconds(0));
  }
}

struct Shape {
  const char* name;
  LinkParams link;
  bool rtx = false;
};

class RepairedTapTest : public TapTest, public ::testing::WithParamInterface<Shape> {};

TEST_P(RepairedTapTest, MissesNothingThatThePublisherSendsAgain) {
  SourceParams params;
  if (GetParam().rtx) params.rtx_payload_type = SimRoom::kVideoRtxPayloadType;
  const SimTrack video = room_.publish_video(publisher_, params);
  const TapId tap = room_.tap(video);
  room_.run_for(seconds(1));
  set_uplink(GetParam().link);
  room_.run_for(seconds(20));
  set_uplink({});
  room_.run_for(seconds(2));
  expect_pictures(tap, video, 680);
  EXPECT_GE(publisher_.client->counters().retransmitted, GetParam().link.loss > 0 ? 50U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Networks, RepairedTapTest,
                         ::testing::Values(Shape{"loss", {.loss = 0.05}}, Shape{"loss_with_rtx", {.loss = 0.05}, true},
                                           Shape{"far_away", {.loss = 0.05, .delay = milliseconds(60)}, true},
                                           Shape{"reordered", {.jitter = milliseconds(15)}},
                                           Shape{"doubled", {.duplicate = 0.2}}),
                         [](const auto& shape) { return shape.param.name; });

TEST_F(TapTest, WhatIsNotRepairedCostsThePicturesUpToTheNextKeyFrame) {
  const SimTrack video = room_.publish_video(publisher_);
  const TapId tap = room_.tap(video);
  room_.run_for(seconds(2));
  set_uplink({.loss = 1});
  room_.run_for(seconds(4));  // More packets than a publisher is asked for again.
  set_uplink({});
  room_.run_for(seconds(4));
  expect_pictures(tap, video, 170, false);
  const auto& frames = room_.tapped(tap).frames;
  const auto gaps = std::count_if(frames.begin(), frames.end(), [](const auto& frame) { return frame.lost > 0; });
  EXPECT_EQ(gaps, 1);
}

TEST_F(TapTest, TwoGetTheSameAndOneThatIsRemovedNothingMore) {
  const SimTrack video = room_.publish_video(publisher_);
  const TapId first = room_.tap(video);
  const TapId second = room_.tap(video);
  room_.run_for(seconds(2));
  ASSERT_TRUE(room_.sfu().remove_tap(first).ok());
  const std::size_t count = room_.tapped(first).frames.size();
  EXPECT_EQ(room_.tapped(second).frames.size(), count);
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.tapped(first).frames.size(), count);
  EXPECT_FALSE(room_.tapped(first).ended);
  expect_pictures(second, video, 85);
  EXPECT_EQ(room_.sfu().remove_tap(first).error(), ErrorCode::kNotFound);
}

TEST_F(TapTest, GetsNothingOfASquelchedTrack) {
  const SimTrack video = room_.publish_video(publisher_);
  const TapId tap = room_.tap(video);
  room_.run_for(seconds(1));
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), video.id, true).ok());
  const std::size_t count = room_.tapped(tap).frames.size();
  room_.run_for(seconds(3));
  EXPECT_EQ(room_.tapped(tap).frames.size(), count);
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), video.id, false).ok());
  room_.run_for(seconds(1));
  const auto& frames = room_.tapped(tap).frames;
  ASSERT_GT(frames.size(), count + 20);
  EXPECT_TRUE(frames[count].key);
  EXPECT_EQ(frames[count].lost, 0U);
}

TEST_F(TapTest, EndsWithItsTrack) {
  const SimTrack video = room_.publish_video(publisher_);
  const SimTrack audio = room_.publish_audio(publisher_);
  const TapId pictures = room_.tap(video);
  const TapId sounds = room_.tap(audio);
  room_.run_for(seconds(1));
  ASSERT_TRUE(room_.sfu().remove_track(room_.now(), video.id).ok());
  room_.run_for(milliseconds(1));
  EXPECT_TRUE(room_.tapped(pictures).ended);
  EXPECT_FALSE(room_.tapped(sounds).ended);
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), publisher_.transport).ok());
  room_.run_for(milliseconds(1));
  EXPECT_TRUE(room_.tapped(sounds).ended);
  EXPECT_EQ(room_.sfu().remove_tap(sounds).error(), ErrorCode::kNotFound);
  EXPECT_EQ(room_.sfu().add_tap(room_.now(), audio.id).error(), ErrorCode::kNotFound);
}

TEST_F(TapTest, HasNoMoreThanEightOfATrack) {
  const SimTrack video = room_.publish_video(publisher_);
  for (int i = 0; i < 8; ++i) (void)room_.tap(video);
  EXPECT_EQ(room_.sfu().add_tap(room_.now(), video.id).error(), ErrorCode::kLimitExceeded);
}

TEST_F(TapTest, OfSimulcastTakesTheBestThatIsSent) {
  const SimTrack video = room_.publish_simulcast(publisher_);
  room_.run_for(seconds(1));
  const TapId tap = room_.tap(video);
  room_.run_for(seconds(3));
  const auto& frames = room_.tapped(tap).frames;
  ASSERT_GT(frames.size(), 80U);
  EXPECT_EQ(frames[0].size, (FrameSize{640, 480}));
  const std::size_t best = frames.size();
  video.encodings[2]->set_paused(room_.now(), true);
  room_.run_for(seconds(4));
  ASSERT_GT(frames.size(), best + 60);
  EXPECT_EQ(std::count_if(frames.begin() + static_cast<std::ptrdiff_t>(best), frames.end(),
                          [](const auto& frame) { return frame.key; }),
            1);
  EXPECT_EQ(std::find_if(frames.begin() + static_cast<std::ptrdiff_t>(best), frames.end(),
                         [](const auto& frame) { return frame.key; })
                ->size.width,
            320);
  const std::size_t lower = frames.size();
  video.encodings[2]->set_paused(room_.now(), false);
  room_.run_for(seconds(6));
  const auto again = std::find_if(frames.begin() + static_cast<std::ptrdiff_t>(lower), frames.end(),
                                  [](const auto& frame) { return frame.key; });
  ASSERT_NE(again, frames.end());
  EXPECT_EQ(again->size.width, 640);
  for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_GT(frames[i].captured, frames[i - 1].captured);
}

TEST(MirroredTap, LivesOnTheTracksOwnLoop) {
  SimRoom room(1, {}, 2);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& far = room.join_connected(TransportRole::kSubscriber, 1);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack down = room.subscribe(far, video);
  room.run_for(seconds(1));
  const TapId tap = room.tap(video);
  room.run_for(seconds(2));
  EXPECT_GT(room.tapped(tap).frames.size(), 55U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
}

}  // namespace
}  // namespace noir
