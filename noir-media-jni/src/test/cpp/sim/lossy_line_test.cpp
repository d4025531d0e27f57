#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sfu/explanation.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A picture of one layer on a bad line: it moves all the time.
class LossyLineTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  LossyLineTest() {
    room_.number_packets();
    const SimTrack video = room_.publish_video(room_.join_connected(TransportRole::kPublisher));
    subscriber_ = &room_.join_connected(TransportRole::kSubscriber);
    down_ = room_.subscribe(*subscriber_, video, true);
    room_.run_for(seconds(5));
  }
  void set_line(const LinkParams& link) {
    room_.net().set_link(room_.server(), subscriber_->addresses[0], link);
    room_.net().set_link(subscriber_->addresses[0], room_.server(), link);
  }

  SimRoom room_{GetParam()};
  SimEnd* subscriber_ = nullptr;
  SimDownTrack down_;
};

// What comes while the client gets no processor it reads in one go, and five percent never.
TEST_P(LossyLineTest, LossAndStalls) {
  constexpr int kSeconds = 40;
  std::mt19937_64 random(GetParam());
  const auto up_to = [&](unsigned ms) { return milliseconds(static_cast<int>(random() % ms)); };
  const std::uint64_t before = down_.recorded().frames;
  const Instant end = room_.now() + seconds(kSeconds);
  Instant from = room_.now();
  Instant until = from;
  while (room_.now() < end) {
    if (room_.now() >= until) {
      from = room_.now() + up_to(400);
      until = from + milliseconds(20) + up_to(100);
    }
    LinkParams link{.loss = 0.05};
    if (room_.now() >= from) link.delay += until - room_.now();
    set_line(link);
    room_.run_for(milliseconds(5));
  }
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(700));
  EXPECT_GE(down_.recorded().frames - before, kSeconds * 30U * 99 / 100);
  EXPECT_EQ(down_.recorded().keyframes, 1U);
}

// For a while the line takes a little less than the only layer there is, and the estimate is lower still: the picture
// is not taken away for that, to come back with a key frame seconds later.
TEST_P(LossyLineTest, ShortShortages) {
  const std::uint64_t before = down_.recorded().frames;
  for (int i = 0; i < 4; ++i) {
    set_line({.rate_bps = 850'000, .max_queue = milliseconds(300)});
    room_.run_for(milliseconds(1500));
    set_line({});
    room_.run_for(milliseconds(8500));
  }
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(700));
  EXPECT_GE(down_.recorded().frames - before, 40U * 30 * 99 / 100);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LossyLineTest, ::testing::Range<std::uint64_t>(1, 9));

/// Who comes to a call on a line of whose packets some get lost from the first one on: a voice, and a picture of one
/// layer.
class LossyStartTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static constexpr Duration kSteps = milliseconds(50);
  static constexpr Duration kTime = seconds(5);

  struct Sent {
    Duration stopped_at = kTime;  // First.
    Duration not_sent{};
  };
  /// Beyond the first second, if it takes so long to begin.
  static Sent watch(std::uint64_t seed, const LinkParams& line, std::size_t packets_per_frame) {
    SimRoom room{seed};
    room.number_packets();
    SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
    const SimTrack voice = room.publish_audio(publisher);
    SourceParams source;
    source.packets_per_frame = packets_per_frame;
    const SimTrack video = room.publish_video(publisher, source);
    room.run_for(seconds(2));
    SimEnd& late = room.join_connected(TransportRole::kSubscriber);
    room.net().set_link(room.server(), late.addresses.at(0), line);
    room.net().set_link(late.addresses.at(0), room.server(), {.delay = line.delay});
    room.subscribe(late, voice);
    room.subscribe(late, video, true);
    Sent sent;
    bool began = false;
    for (Duration at{}; at < kTime; at += kSteps) {
      room.run_for(kSteps);
      const bool sending = room.sfu().explain(room.now(), late.transport)->sent.at(1).sending;
      began |= sending || at >= seconds(1);
      if (sending || !began) continue;
      sent.stopped_at = std::min(sent.stopped_at, at);
      sent.not_sent += kSteps;
    }
    return sent;
  }
};

// 1 Mbit/s and half as much again. The start of all lines is far below, and the first reports show more loss by chance
// than the path has.
TEST_P(LossyStartTest, TheOnlyLayerIsNotTakenForIt) {
  for (const double loss : {0.05, 0.1}) {
    for (const std::size_t packets : {4, 6}) {
      for (const milliseconds delay : {milliseconds(10), milliseconds(50)}) {
        const Sent sent = watch(GetParam(), {.loss = loss, .delay = delay}, packets);
        EXPECT_EQ(sent.not_sent, Duration{}) << loss << ", " << packets << " packets a picture, " << delay.count() * 2
                                             << " ms, since " << sent.stopped_at / milliseconds(1);
      }
    }
  }
}

// A third of it gets through, hardly later than at other times.
TEST_P(LossyStartTest, ButForAFullLine) {
  for (const milliseconds queue : {milliseconds(15), milliseconds(30)}) {
    const LinkParams line{.delay = milliseconds(25), .rate_bps = 300'000, .max_queue = queue};
    const Sent sent = watch(GetParam(), line, 4);
    EXPECT_LE(sent.stopped_at, milliseconds(600)) << queue.count();
    EXPECT_GE(sent.not_sent, kTime * 8 / 10) << queue.count();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LossyStartTest, ::testing::Range<std::uint64_t>(1, 25));

}  // namespace
}  // namespace noir
