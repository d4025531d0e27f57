// Threads that get no processor for a while, ours and the receiver's, where nothing is congested: no queue.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "congestion/dumbbell.hpp"
#include "congestion/scoreboard.hpp"

namespace noir::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kSettled = seconds(15);
constexpr Duration kEnd = seconds(60);

int to_ms(Duration d) { return static_cast<int>(d / milliseconds(1)); }

MediaParams videos(int count) {
  MediaParams params;
  params.videos = count;
  return params;
}

void score_delays(const MediaSender& sender, Scores& scores) {
  std::vector<Duration> delays = sender.pacing_delays();
  std::sort(delays.begin(), delays.end());
  scores.at_most("in the pacer p99 ms", to_ms(delays[delays.size() * 99 / 100]), 2);
}

int least_percent(const MediaSender& sender) {
  std::int64_t least = sender.controller().estimate_bps();
  for (const auto& [at, estimate] : sender.estimates()) {
    if (at > kSettled) least = std::min(least, estimate);
  }
  return static_cast<int>(least * 100 / sender.wanted_bps());
}

int switches_later(const MediaSender& sender) {
  return static_cast<int>(
      std::count_if(sender.switches().begin(), sender.switches().end(), [](Duration at) { return at > kSettled; }));
}

int full_after_ms(const Dumbbell& net, const MediaSender& sender) {
  return to_ms(time_to_reach(net.received(0), sender.wanted_bps() * 8 / 10, {}, kEnd));
}

// What is wanted is sent all the time, and at once.
void nothing_happens(const std::string& name, const MediaParams& params) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 50'000'000);
    const MediaSender& sender = net.add_media(params);
    net.run_until(kEnd);
    score_delays(sender, scores);
    scores.at_most("80 % of what is wanted after ms", full_after_ms(net, sender), 8000);
    scores.at_least("least estimate, % of what is wanted", least_percent(sender), 100);
    scores.at_most("switches", switches_later(sender), 0);
  });
}

constexpr StallParams kLoop{milliseconds(5), milliseconds(150), milliseconds(500)};
constexpr StallParams kReceiver{milliseconds(20), milliseconds(120), milliseconds(400)};
// More threads than processors, at both ends.
constexpr StallParams kShared{milliseconds(2), milliseconds(25), milliseconds(30)};

class StallCases : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] std::string name(const std::string& what) const { return what + ", " + std::to_string(GetParam()); }
  MediaParams params_ = videos(GetParam());
};

// All that came meanwhile leaves at once, with the right times.
TEST_P(StallCases, LoopBeforeItReadsTheClock) {
  params_.loop = kLoop;
  nothing_happens(name("late loop"), params_);
}

// Packets leave later than their times.
TEST_P(StallCases, LoopBeforeItSends) {
  params_.loop = kLoop;
  params_.stalls_late = true;
  nothing_happens(name("late sends"), params_);
}

// Packets are taken for later than they are, and all for the same.
TEST_P(StallCases, Receiver) {
  params_.receiver = kReceiver;
  nothing_happens(name("late receiver"), params_);
}

// Probes fail here: what is shown is only that nothing waits for a queue that is none.
TEST_P(StallCases, BusyMachine) {
  params_.receiver = kShared;
  params_.loop = kShared;
  Scores(name("busy machine")).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 50'000'000);
    const MediaSender& sender = net.add_media(params_);
    net.run_until(kEnd);
    score_delays(sender, scores);
    scores.note("80 % of what is wanted after ms", full_after_ms(net, sender));
    scores.note("least estimate, % of what is wanted", least_percent(sender));
    scores.note("switches", switches_later(sender));
  });
}

INSTANTIATE_TEST_SUITE_P(Videos, StallCases, ::testing::Values(1, 6));

}  // namespace
}  // namespace noir::test
