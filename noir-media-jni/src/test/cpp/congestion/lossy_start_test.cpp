// Loss from the first packet on, of a video that has one encoding, so that it is all or nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "congestion/dumbbell.hpp"
#include "congestion/scoreboard.hpp"

namespace noir::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kManySeeds = 100;  // What goes wrong does so by chance.
constexpr Duration kEnd = seconds(15);

int to_ms(Duration d) { return static_cast<int>(d / milliseconds(1)); }

MediaParams one_encoding(std::int64_t bps) {
  MediaParams params;
  params.only_bps = bps;
  return params;
}

/// Of what is wanted, in the worst 300 ms.
int least_sent_percent(const MediaSender& sender, Duration from, Duration to) {
  constexpr Duration kWhile = milliseconds(300);
  std::int64_t least = sender.wanted_bps();
  for (Duration at = from; at + kWhile <= to; at += Course::kStep) {
    least = std::min(least, sender.sent().bps(at, at + kWhile));
  }
  return static_cast<int>(least * 100 / sender.wanted_bps());
}

struct LossyStart {
  const char* name;
  std::int64_t bps;
  double loss;
  Duration round_trip;
  StallParams receiver = {};
};

// A browser that is joining: the first probes show nothing.
constexpr StallParams kBusy{milliseconds(20), milliseconds(120), milliseconds(200)};

class LossyStartCases : public ::testing::TestWithParam<LossyStart> {};

// The first reports show more by chance than the path loses: that is no reason to take the only picture away.
TEST_P(LossyStartCases, TheOnlyPictureStays) {
  const LossyStart& param = GetParam();
  Scores(param.name)
      .run(
          [&](std::uint64_t seed, Scores& scores) {
            Dumbbell net(seed, 50'000'000);
            PathParams path;
            path.delay = param.round_trip / 2;
            PathParams back = path;
            path.loss = param.loss;
            MediaParams params = one_encoding(param.bps);
            params.receiver = param.receiver;
            const MediaSender& sender = net.add_media(params, path, back);
            net.run_until(kEnd);
            const Duration sent = time_to_reach(sender.sent(), sender.wanted_bps() * 8 / 10, {}, kEnd);
            scores.at_most("sent after ms", to_ms(sent), 1000);
            scores.at_least("least sent, % of what is wanted", least_sent_percent(sender, seconds(1), kEnd), 60);
            scores.at_most("switches", static_cast<int>(sender.switches().size()), 1);
          },
          kManySeeds);
}

INSTANTIATE_TEST_SUITE_P(
    Paths, LossyStartCases,
    ::testing::Values(
        LossyStart{"5 % lost from the start, 1 Mbit/s, RTT 20 ms", 1'000'000, 0.05, milliseconds(20)},
        LossyStart{"5 % lost from the start, 1 Mbit/s, RTT 100 ms", 1'000'000, 0.05, milliseconds(100)},
        LossyStart{"5 % lost from the start, 1.5 Mbit/s, RTT 20 ms", 1'500'000, 0.05, milliseconds(20)},
        LossyStart{"5 % lost from the start, 1.5 Mbit/s, RTT 100 ms", 1'500'000, 0.05, milliseconds(100)},
        LossyStart{"5 % lost from the start, 1 Mbit/s, busy receiver", 1'000'000, 0.05, milliseconds(20), kBusy},
        LossyStart{"10 % lost from the start, 1 Mbit/s, busy receiver", 1'000'000, 0.1, milliseconds(20), kBusy},
        LossyStart{"10 % lost from the start, 1 Mbit/s, RTT 20 ms", 1'000'000, 0.1, milliseconds(20)},
        LossyStart{"10 % lost from the start, 1 Mbit/s, RTT 100 ms", 1'000'000, 0.1, milliseconds(100)},
        LossyStart{"10 % lost from the start, 1.5 Mbit/s, RTT 20 ms", 1'500'000, 0.1, milliseconds(20)},
        LossyStart{"10 % lost from the start, 1.5 Mbit/s, RTT 100 ms", 1'500'000, 0.1, milliseconds(100)}));

// The other way round: the line takes a third of it and drops the rest, hardly with any delay.
void full_line(const char* name, std::int64_t rate_bps, Duration longest, Duration bar) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, rate_bps, longest);
    const MediaSender& sender = net.add_media(one_encoding(1'000'000));
    net.run_until(kEnd);
    const Duration fallen = time_to_fall(sender.sent(), rate_bps, milliseconds(300), kEnd);
    scores.at_most("below capacity after ms", to_ms(fallen) + 300, to_ms(bar));
    scores.at_most("sent from 2 s on, % of capacity",
                   static_cast<int>(sender.sent().bps(seconds(2), kEnd) * 100 / rate_bps), 100);
    scores.note("dropped from 2 s on, permille", net.dropped_permille(seconds(2), kEnd));
  });
}

TEST(FullLineCases, ALineThatTakesAThirdIsSeenAtOnce) {
  full_line("line of 300 kbit/s that drops, queue of 10 ms", 300'000, milliseconds(10), milliseconds(1000));
  full_line("line of 300 kbit/s that drops, queue of 30 ms", 300'000, milliseconds(30), milliseconds(1000));
}

TEST(FullLineCases, ALineThatTakesMostOfItIsSeenSoon) {
  full_line("line of 600 kbit/s that drops, queue of 10 ms", 600'000, milliseconds(10), milliseconds(2000));
  full_line("line of 600 kbit/s that drops, queue of 30 ms", 600'000, milliseconds(30), milliseconds(2000));
}

}  // namespace
}  // namespace noir::test
