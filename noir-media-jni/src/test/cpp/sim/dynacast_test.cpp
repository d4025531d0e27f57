#include <gtest/gtest.h>

#include <algorithm>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint8_t kLow = 1;
constexpr std::uint8_t kMiddle = 2;
constexpr std::uint8_t kHigh = 4;

/// A publisher that sends what is wanted, with a subscriber at home or on another loop.
class DynacastTest : public ::testing::TestWithParam<LoopIndex> {
 protected:
  void wish(const SimDownTrack& down, const DownTrackWish& wish) {
    ASSERT_TRUE(room_.sfu(down.loop).set_down_track(room_.now(), down.id, wish).ok());
  }
  /// What the publisher has been told last; nothing before the first time.
  [[nodiscard]] std::optional<std::uint8_t> told() const {
    std::optional<std::uint8_t> last;
    for (const Event& event : room_.events()) {
      const auto* wanted = std::get_if<LayersWanted>(&event);
      if (wanted != nullptr && wanted->track == video_.id) last = wanted->encodings;
    }
    return last;
  }
  [[nodiscard]] std::size_t times_told() const {
    return static_cast<std::size_t>(std::count_if(room_.events().begin(), room_.events().end(), [](const Event& event) {
      return std::holds_alternative<LayersWanted>(event);
    }));
  }
  /// As a browser, whose encoder begins with a key frame.
  void obey() {
    const std::uint8_t wanted = told().value_or(0xFF);
    for (std::size_t i = 0; i < video_.encodings.size(); ++i) {
      const auto bit = static_cast<std::uint8_t>(1U << i);
      video_.encodings[i]->set_paused(room_.now(), (wanted & bit) == 0);
      if ((wanted & bit & ~obeyed_) != 0) video_.encodings[i]->request_keyframe();
    }
    obeyed_ = wanted;
  }
  void run(Duration time) {
    for (const Instant end = room_.now() + time; room_.now() < end;) {
      room_.run_for(milliseconds(50));
      obey();
    }
  }
  std::uint64_t packets_of(std::size_t encoding, Duration time) {
    const std::uint64_t before = video_.encodings.at(encoding)->packets();
    run(time);
    return video_.encodings.at(encoding)->packets() - before;
  }
  std::uint32_t keyframes() {
    std::uint32_t sum = 0;
    for (const SyntheticSource* source : video_.encodings) sum += source->keyframes();
    return sum;
  }

  SimRoom room_{11, {}, 2};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher, 0);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber, GetParam());
  SimEnd& other_ = room_.join_connected(TransportRole::kSubscriber, 0);
  SimTrack video_ = room_.publish_simulcast(publisher_);
  std::uint8_t obeyed_ = 0xFF;
};

TEST_P(DynacastTest, WhatNobodyWatchesIsNotWantedAfterAWhile) {
  run(milliseconds(4900));
  EXPECT_FALSE(told());
  run(milliseconds(1500));
  EXPECT_EQ(told(), 0);
  EXPECT_EQ(packets_of(0, seconds(2)), 0U);
  EXPECT_EQ(keyframes(), video_.encodings.size());  // Those that they began with.
}

TEST_P(DynacastTest, WhoComesGetsAPictureAtOnce) {
  run(seconds(8));
  ASSERT_EQ(told(), 0);
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(milliseconds(50));
  EXPECT_EQ(told(), kHigh);
  run(seconds(1));
  EXPECT_GE(down.recorded().frames, 25U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
  run(seconds(10));
  EXPECT_EQ(told(), kHigh);
  EXPECT_EQ(packets_of(0, seconds(1)), 0U);
  EXPECT_EQ(packets_of(1, seconds(1)), 0U);
}

TEST_P(DynacastTest, ASizeThatChangesStartsWhatItNeedsAndStopsTheRest) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  run(seconds(2));
  wish(down, {.width = 100, .height = 75});
  run(seconds(9));
  EXPECT_EQ(told(), kLow);
  EXPECT_EQ(packets_of(2, seconds(1)), 0U);
  const std::uint64_t frames = down.recorded().frames;
  wish(down, {.width = 640, .height = 480});
  room_.run_for(milliseconds(50));
  EXPECT_EQ(told(), kLow | kHigh);
  obey();
  run(seconds(1));
  const RecordedMedia before = down.recorded();
  run(seconds(1));
  EXPECT_NEAR(static_cast<double>(down.recorded().packets - before.packets), 4.0 * 30, 12);
  EXPECT_GE(down.recorded().frames, frames + 55);
  EXPECT_EQ(down.recorded().picture_id_gaps, 0U);
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(150));
  run(seconds(8));
  EXPECT_EQ(told(), kHigh);
}

TEST_P(DynacastTest, ScrollingBackAndForthTellsNobodyAnything) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  run(seconds(10));
  const std::size_t before = times_told();
  for (int i = 0; i < 10; ++i) {
    wish(down, {.muted = i % 2 == 0});
    run(seconds(1));
  }
  EXPECT_EQ(times_told(), before);
}

TEST_P(DynacastTest, AllSubscribersCountUntilTheyGo) {
  const SimDownTrack small = room_.subscribe(other_, video_);
  const SimDownTrack large = room_.subscribe(subscriber_, video_);
  wish(small, {.width = 100, .height = 75});
  run(seconds(12));
  EXPECT_EQ(told(), kLow | kHigh);
  ASSERT_TRUE(room_.sfu(large.loop).remove_down_track(room_.now(), large.id).ok());
  run(seconds(4));
  EXPECT_EQ(told(), kLow | kHigh);
  run(seconds(4));
  EXPECT_EQ(told(), kLow);
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), other_.transport).ok());
  run(seconds(8));
  EXPECT_EQ(told(), 0);
}

// A browser leaves encodings out that do not fit its own line, whatever is wanted of it.
TEST_P(DynacastTest, WhatIsSentInsteadIsWantedToo) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(seconds(2));
  for (int i = 0; i < 240; ++i) {
    obey();
    video_.encodings[2]->set_paused(room_.now(), true);
    room_.run_for(milliseconds(50));
  }
  EXPECT_EQ(told(), kMiddle | kHigh);
  const std::uint64_t before = down.recorded().frames;
  room_.run_for(seconds(1));
  EXPECT_GE(down.recorded().frames, before + 28);
}

// On whichever loop he is who does not watch.
TEST_P(DynacastTest, ALossThatNobodySeesAsksForNoKeyFrame) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  run(seconds(3));
  wish(down, {.muted = true});
  run(seconds(2));
  const std::uint32_t before = keyframes();
  LinkParams link;
  link.loss = 1;
  room_.net().set_link(publisher_.addresses.at(0), room_.server(), link);
  room_.run_for(seconds(2));
  room_.net().set_link(publisher_.addresses.at(0), room_.server(), {});
  room_.run_for(seconds(2));
  EXPECT_EQ(keyframes(), before);
}

INSTANTIATE_TEST_SUITE_P(AtHomeAndElsewhere, DynacastTest, ::testing::Values(LoopIndex{0}, LoopIndex{1}));

}  // namespace
}  // namespace noir
