// The numbers that the bandwidth towards subscribers has to reach, each with eight seeds, all of which must hold.

#include <gtest/gtest.h>

#include <algorithm>

#include "congestion/dumbbell.hpp"
#include "congestion/scoreboard.hpp"

namespace noir::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int to_ms(Duration d) { return static_cast<int>(d / milliseconds(1)); }

int switches_between(const MediaSender& sender, Duration from, Duration to) {
  return static_cast<int>(std::count_if(sender.switches().begin(), sender.switches().end(),
                                        [&](Duration at) { return at >= from && at < to; }));
}

int percent_of_wanted(const Dumbbell& net, const MediaSender& sender, Duration from, Duration to) {
  return static_cast<int>(net.received(0).bps(from, to) * 100 / sender.wanted_bps());
}

MediaParams videos(int count) {
  MediaParams params;
  params.videos = count;
  return params;
}

constexpr int kMaxPadding = 50;  // Permille: 5 % of all bytes, in every case.

TEST(SubscriberCases, Start) {
  Scores("start").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 2'500'000);
    const MediaSender& sender = net.add_media(videos(1));
    net.run_until(seconds(20));
    const Duration reached = time_to_reach(net.received(0), sender.wanted_bps() * 8 / 10, {}, seconds(20));
    scores.at_most("80 % of what is wanted after ms", to_ms(reached), 2000);
    scores.at_least("used of what is wanted, %", percent_of_wanted(net, sender, seconds(2), seconds(20)), 90);
    scores.at_most("queue p95 ms", net.queue_ms(0.95, {}, seconds(20)), 100);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

void fall(const char* name, int count) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 3'000'000);
    const MediaSender& sender = net.add_media(videos(count));
    net.run_until(seconds(10));
    net.set_rate(700'000);
    net.run_until(seconds(30));
    const Duration fallen = time_to_fall(sender.sent(), 700'000, seconds(10), seconds(30));
    scores.at_most("below capacity after ms", to_ms(fallen), 1000);
    scores.at_most("queue p95 ms", net.queue_ms(0.95, seconds(13), seconds(30)), 100);
    scores.at_most("dropped permille", net.dropped_permille(seconds(13), seconds(30)), 10);
    // One change of a video in four seconds is the most that is not flapping.
    scores.at_most("switches", switches_between(sender, seconds(13), seconds(30)), 17 * count / 4);
    scores.note("used %", net.used_percent(seconds(13), seconds(30)));
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, FallWithOneVideo) { fall("fall, one video", 1); }
TEST(SubscriberCases, FallWithFourVideos) { fall("fall, four videos", 4); }

TEST(SubscriberCases, Rise) {
  Scores("rise").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 500'000);
    const MediaSender& sender = net.add_media(videos(1));
    net.run_until(seconds(15));
    net.set_rate(3'000'000);
    net.run_until(seconds(30));
    const Duration reached = time_to_reach(net.received(0), sender.wanted_bps() * 8 / 10, seconds(15), seconds(30));
    scores.at_most("80 % of what is wanted after ms", to_ms(reached), 8000);
    scores.at_most("queue p95 ms", net.queue_ms(0.95, seconds(3), seconds(30)), 100);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

// Twelve videos: steps of seven percent of the capacity, so that it is the estimate that is seen and not the encodings.
TEST(SubscriberCases, Steady) {
  Scores("steady").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 5'000'000);
    (void)net.add_media(videos(12));
    net.run_until(seconds(40));
    scores.at_least("used %", net.used_percent(seconds(10), seconds(40)), 85);
    scores.at_most("queue p50 ms", net.queue_ms(0.5, seconds(10), seconds(40)), 25);
    scores.note("queue p95 ms", net.queue_ms(0.95, seconds(10), seconds(40)));
    scores.at_most("dropped permille", net.dropped_permille(seconds(10), seconds(40)), 10);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

// 80 % of the capacity is wanted: nothing to probe for, and nothing that makes the estimate fall below.
TEST(SubscriberCases, EnoughStaysEnough) {
  Scores("enough").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 2'100'000);
    const MediaSender& sender = net.add_media(videos(1));
    net.run_until(seconds(60));
    scores.at_least("used of what is wanted, %", percent_of_wanted(net, sender, seconds(5), seconds(60)), 95);
    scores.at_most("switches", switches_between(sender, seconds(5), seconds(60)), 4);
    std::vector<Duration> delays = sender.pacing_delays();
    std::sort(delays.begin(), delays.end());
    scores.note("in the pacer p99 ms", to_ms(delays[delays.size() * 99 / 100]));
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, UncongestedIsNotPaced) {
  Scores("uncongested").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 50'000'000);
    const MediaSender& sender = net.add_media(videos(1));
    net.run_until(seconds(30));
    std::vector<Duration> delays = sender.pacing_delays();
    std::sort(delays.begin(), delays.end());
    scores.at_most("in the pacer p99 ms", to_ms(delays[delays.size() * 99 / 100]), 2);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, RandomLoss) {
  Scores("10 % random loss").run([](std::uint64_t seed, Scores& scores) {
    PathParams path;
    path.loss = 0.1;
    Dumbbell net(seed, 2'500'000);
    const MediaSender& sender = net.add_media(videos(1), path);
    net.run_until(seconds(40));
    scores.at_least("used of what is wanted, %", percent_of_wanted(net, sender, seconds(10), seconds(40)), 70);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, BurstsOfLossJitterAndReordering) {
  Scores("bad wireless").run([](std::uint64_t seed, Scores& scores) {
    PathParams path;
    path.to_bad = 0.005;
    path.to_good = 0.1;
    path.loss_in_bad = 0.5;
    path.jitter = milliseconds(15);
    path.reorder = 0.01;
    path.duplicate = 0.005;
    Dumbbell net(seed, 2'500'000);
    const MediaSender& sender = net.add_media(videos(1), path);
    net.run_until(seconds(40));
    scores.at_least("used of what is wanted, %", percent_of_wanted(net, sender, seconds(10), seconds(40)), 70);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, FairnessAmongSubscribers) {
  Scores("four subscribers").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 4'000'000);
    for (int i = 0; i < 4; ++i) (void)net.add_media(videos(3));
    net.run_until(seconds(100));
    scores.at_least("Jain %", net.jain_percent(seconds(20), seconds(100)), 90);
    scores.note("used %", net.used_percent(seconds(20), seconds(100)));
    scores.note("queue p95 ms", net.queue_ms(0.95, seconds(20), seconds(100)));
    scores.at_most("dropped permille", net.dropped_permille(seconds(20), seconds(100)), 20);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, FairnessAgainstTcp) {
  Scores("one TCP").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 3'000'000);
    (void)net.add_media(videos(4));
    net.add_tcp();
    net.run_until(seconds(60));
    const std::int64_t ours = net.received(0).bps(seconds(20), seconds(60));
    const std::int64_t theirs = net.received(1).bps(seconds(20), seconds(60));
    const auto share = static_cast<int>(ours * 100 / (ours + theirs));
    scores.at_least("share %", share, 25);
    scores.at_most("share, most %", share, 75);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

// Never more than twice the capacity for a second, whatever the feedback is like.
void bad_feedback(const char* name, const PathParams& back, bool steps) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 1'000'000);
    PathParams path = back;
    if (path.blocked_from != kNever) {  // Given from the start of a run.
      path.blocked_from = net.start() + (back.blocked_from - Instant{});
      path.blocked_until = net.start() + (back.blocked_until - Instant{});
    }
    (void)net.add_media(videos(4), {}, path);
    net.run_until(seconds(15));
    if (steps) net.set_rate(500'000);
    net.run_until(seconds(30));
    scores.at_most("worst second, % of capacity", net.worst_second_percent(0, {}, seconds(30)), 200);
    scores.note("used %", net.used_percent(seconds(5), seconds(30)));
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, LateFeedback) {
  PathParams back;
  back.delay = milliseconds(600);
  back.jitter = milliseconds(300);
  bad_feedback("late feedback", back, true);
}

TEST(SubscriberCases, LossyFeedback) {
  PathParams back;
  back.loss = 0.4;
  back.reorder = 0.2;
  back.reorder_by = milliseconds(150);
  back.duplicate = 0.1;
  bad_feedback("lossy feedback", back, true);
}

TEST(SubscriberCases, MissingFeedback) {
  PathParams back;
  back.blocked_from = Instant{seconds(8)};
  back.blocked_until = Instant{seconds(12)};
  bad_feedback("missing feedback", back, false);
}

// A line that takes no video at all, or reports that stay away: without a voice nothing is left to be reported.
void comes_back(const char* name, bool audio, std::int64_t rate_bps, bool blocked) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 3'000'000);
    PathParams back;
    if (blocked) {
      back.blocked_from = net.start() + seconds(10);
      back.blocked_until = net.start() + seconds(20);
    }
    MediaParams params = videos(1);
    params.audio = audio;
    const MediaSender& sender = net.add_media(params, {}, back);
    net.run_until(seconds(10));
    net.set_rate(rate_bps);
    net.run_until(seconds(20));
    net.set_rate(3'000'000);
    net.run_until(seconds(40));
    const Duration reached = time_to_reach(net.received(0), sender.wanted_bps() * 8 / 10, seconds(20), seconds(40));
    scores.at_most("80 % of what is wanted after ms", to_ms(reached), 12'000);
    scores.at_most("queue p95 ms", net.queue_ms(0.95, seconds(20), seconds(40)), 100);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(SubscriberCases, ComesBackAfterALineThatTookNoVideo) {
  comes_back("line of 60 kbit/s, with a voice", true, 60'000, false);
  comes_back("line of 60 kbit/s, no voice", false, 60'000, false);
}

TEST(SubscriberCases, ComesBackAfterReportsStayedAway) {
  comes_back("no reports for 10 s, with a voice", true, 3'000'000, true);
  comes_back("no reports for 10 s, no voice", false, 3'000'000, true);
}

TEST(SubscriberCases, NoFeedbackAtAll) {
  PathParams back;
  back.loss = 1;
  bad_feedback("no feedback", back, false);
}

}  // namespace
}  // namespace noir::test
