#include <gtest/gtest.h>

#include <random>

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

}  // namespace
}  // namespace noir
