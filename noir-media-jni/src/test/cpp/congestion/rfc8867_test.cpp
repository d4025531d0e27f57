// The cases of RFC 8867, in half the time. The RFC sets no bars; these are ours. A flow is a subscriber who sees
// several videos in three encodings, instead of one video of any bitrate: what it can send goes in steps. Queue of 300
// ms, 50 ms each way and up to 30 ms of jitter where nothing else is said, as in its section 4.

#include <gtest/gtest.h>

#include "congestion/dumbbell.hpp"
#include "congestion/scoreboard.hpp"

namespace noir::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMaxPadding = 50;

MediaParams videos(int count, Duration begin = {}) {
  MediaParams params;
  params.videos = count;
  params.begin = begin;
  return params;
}

PathParams jittery(Duration delay = milliseconds(50)) {
  PathParams path;
  path.delay = delay;
  path.jitter = milliseconds(30);
  return path;
}

struct Phase {
  Duration until{};
  std::int64_t bps = 0;
};

// Runs through the phases; in each, from five seconds after its start, figures are taken.
void run_phases(Dumbbell& net, std::initializer_list<Phase> phases, Scores& scores, int least_used) {
  Duration at{};
  for (const Phase& phase : phases) {
    if (at > Duration::zero()) net.set_rate(phase.bps);
    net.run_until(phase.until);
    const std::string name = "to " + std::to_string(phase.until / seconds(1)) + " s: ";
    scores.at_least(name + "used %", net.used_percent(at + seconds(5), phase.until), least_used);
    scores.note(name + "queue p95 ms", net.queue_ms(0.95, at + seconds(5), phase.until));
    scores.at_most(name + "dropped permille", net.dropped_permille(at + seconds(5), phase.until), 20);
    at = phase.until;
  }
  scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
}

TEST(Rfc8867, Section5_1_VariableCapacity) {
  Scores("RFC 8867 5.1").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 1'000'000);
    (void)net.add_media(videos(4), jittery());
    run_phases(net, {{seconds(20), 0}, {seconds(30), 2'500'000}, {seconds(40), 600'000}, {seconds(50), 1'000'000}},
               scores, 25);
  });
}

TEST(Rfc8867, Section5_2_VariableCapacityWithTwoFlows) {
  Scores("RFC 8867 5.2").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 4'000'000);
    for (int i = 0; i < 2; ++i) (void)net.add_media(videos(4), jittery());
    run_phases(net,
               {{seconds(12), 0},
                {seconds(25), 2'000'000},
                {seconds(37), 3'500'000},
                {seconds(50), 1'000'000},
                {seconds(62), 2'000'000}},
               scores, 40);
  });
}

// Each flow's reports share the other's bottleneck, which is not of the dumbbell's shape.
TEST(Rfc8867, Section5_3_CongestedFeedback) {
  Scores("RFC 8867 5.3").run([](std::uint64_t seed, Scores& scores) {
    Schedule schedule;
    const Instant start = schedule.now();
    Exit there;
    Exit back;
    Bottleneck forward(schedule, there, 2'000'000, milliseconds(300));
    Bottleneck backward(schedule, back, 2'000'000, milliseconds(300));
    MediaReceiver first_receiver(schedule, 0, backward);
    MediaReceiver second_receiver(schedule, 1, forward);
    MediaSender first(schedule, 0, forward, videos(4), seed * 2);
    MediaSender second(schedule, 1, backward, videos(4), seed * 2 + 1);
    VirtualPath to_first_receiver(schedule, first_receiver, jittery(), seed * 4);
    VirtualPath to_second_receiver(schedule, second_receiver, jittery(), seed * 4 + 1);
    VirtualPath to_first(schedule, first, jittery(), seed * 4 + 2);
    VirtualPath to_second(schedule, second, jittery(), seed * 4 + 3);
    there.add(0, to_first_receiver);
    there.add(1, to_second);
    back.add(1, to_second_receiver);
    back.add(0, to_first);
    const auto share = [&](const Course& course, std::int64_t bps, int from, int to) {
      return static_cast<int>(course.bps(seconds(from), seconds(to)) * 100 / bps);
    };
    schedule.run_until(start + seconds(10));
    scores.at_least("forward of 2 Mbit/s, %", share(first_receiver.received(), 2'000'000, 4, 10), 40);
    forward.set_rate(1'000'000);
    schedule.run_until(start + seconds(17));
    backward.set_rate(800'000);
    schedule.run_until(start + seconds(20));
    scores.at_least("forward of 1 Mbit/s, %", share(first_receiver.received(), 1'000'000, 14, 20), 30);
    forward.set_rate(500'000);
    schedule.run_until(start + seconds(30));
    scores.at_least("forward of 0.5 Mbit/s, %", share(first_receiver.received(), 500'000, 24, 30), 30);
    scores.at_least("backward of 0.8 Mbit/s, %", share(second_receiver.received(), 800'000, 22, 30), 30);
    forward.set_rate(2'000'000);
    schedule.run_until(start + seconds(35));
    backward.set_rate(2'000'000);
    schedule.run_until(start + seconds(50));
    scores.at_least("forward of 2 Mbit/s again, %", share(first_receiver.received(), 2'000'000, 40, 50), 40);
    scores.at_least("backward of 2 Mbit/s again, %", share(second_receiver.received(), 2'000'000, 42, 50), 40);
  });
}

TEST(Rfc8867, Section5_4_SameAlgorithm) {
  Scores("RFC 8867 5.4").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 3'500'000);
    for (int i = 0; i < 3; ++i) (void)net.add_media(videos(3, i * seconds(10)), jittery());
    net.run_until(seconds(60));
    scores.at_least("Jain %", net.jain_percent(seconds(30), seconds(60)), 75);
    scores.at_least("used %", net.used_percent(seconds(5), seconds(60)), 70);
    scores.at_most("queue p50 ms", net.queue_ms(0.5, seconds(5), seconds(60)), 100);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

TEST(Rfc8867, Section5_5_RoundTripFairness) {
  Scores("RFC 8867 5.5").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 4'000'000);
    int i = 0;
    for (const int delay : {10, 25, 50, 100, 150}) {
      PathParams back;
      back.delay = milliseconds(delay);
      (void)net.add_media(videos(3, i++ * seconds(5)), jittery(milliseconds(delay)), back);
    }
    net.run_until(seconds(90));
    scores.at_least("Jain %", net.jain_percent(seconds(30), seconds(90)), 70);
    scores.at_least("used %", net.used_percent(seconds(30), seconds(90)), 70);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

void long_tcp(const char* name, Duration queue) {
  Scores(name).run([&](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 2'000'000, queue);
    (void)net.add_media(videos(4, seconds(3)), jittery());
    net.add_tcp();
    net.run_until(seconds(60));
    const std::int64_t ours = net.received(0).bps(seconds(15), seconds(60));
    const std::int64_t theirs = net.received(1).bps(seconds(15), seconds(60));
    const auto share = static_cast<int>(ours * 100 / (ours + theirs));
    scores.at_least("share %", share, 25);
    scores.at_most("share, most %", share, 75);
  });
}

TEST(Rfc8867, Section5_6_LongTcp) { long_tcp("RFC 8867 5.6", milliseconds(300)); }
TEST(Rfc8867, Section5_6_LongTcpWithALongQueue) { long_tcp("RFC 8867 5.6, queue of 1 s", milliseconds(1000)); }

TEST(Rfc8867, Section5_7_ShortTcp) {
  Scores("RFC 8867 5.7").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 2'000'000);
    for (int i = 0; i < 2; ++i) (void)net.add_media(videos(2, seconds(2)), jittery());
    for (int i = 0; i < 10; ++i) net.add_tcp({}, 30, seconds(5) + i * milliseconds(700));
    net.run_until(seconds(60));
    std::int64_t ours = 0;
    for (std::size_t i = 0; i < 2; ++i) ours += net.received(i).bps(seconds(10), seconds(60));
    scores.at_least("media of the capacity, %", static_cast<int>(ours * 100 / 2'000'000), 25);
    scores.note("used %", net.used_percent(seconds(10), seconds(60)));
  });
}

TEST(Rfc8867, Section5_8_PauseAndResume) {
  Scores("RFC 8867 5.8").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 3'500'000);
    for (int i = 0; i < 3; ++i) {
      MediaParams params = videos(3);
      if (i == 1) {
        params.pause_from = seconds(20);
        params.pause_until = seconds(30);
      }
      (void)net.add_media(params, jittery());
    }
    net.run_until(seconds(60));
    scores.at_most("paused: kbit/s", static_cast<int>(net.received(1).bps(seconds(21), seconds(30)) / 1000), 100);
    scores.at_least("resumed: kbit/s", static_cast<int>(net.received(1).bps(seconds(40), seconds(60)) / 1000), 300);
    scores.at_least("used %", net.used_percent(seconds(5), seconds(60)), 70);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

// There are no priorities between subscribers. Within one, audio comes first: it is all there, however thin the line.
TEST(Rfc8867, Section6_1_AudioFirst) {
  Scores("RFC 8867 6.1").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 1'500'000);
    const MediaSender& sender = net.add_media(videos(3), jittery());
    net.run_until(seconds(20));
    net.set_rate(150'000);
    net.run_until(seconds(50));
    const auto audio = static_cast<int>(net.received(0).bps(seconds(25), seconds(50)) * 100 / 59'200);
    scores.at_least("received, % of audio", audio, 97);
    scores.at_most("dropped permille", net.dropped_permille(seconds(25), seconds(50)), 20);
    // A packet of 1200 octets alone takes 64 ms.
    scores.at_most("queue p95 ms", net.queue_ms(0.95, seconds(25), seconds(50)), 150);
    scores.note("shed", static_cast<int>(sender.shed_packets()));
  });
}

// Transport-wide feedback carries no ECN. What an AQM that would mark does, drops instead: a queue of 40 ms.
TEST(Rfc8867, Section6_2_ShortQueueInsteadOfEcn) {
  Scores("RFC 8867 6.2").run([](std::uint64_t seed, Scores& scores) {
    Dumbbell net(seed, 2'000'000, milliseconds(40));
    for (int i = 0; i < 2; ++i) (void)net.add_media(videos(3), jittery());
    net.run_until(seconds(60));
    scores.at_least("used %", net.used_percent(seconds(10), seconds(60)), 60);
    scores.at_most("dropped permille", net.dropped_permille(seconds(10), seconds(60)), 100);
    scores.at_most("padding permille", net.padding_permille(), kMaxPadding);
  });
}

// One flow passes two bottlenecks; at each it meets another one.
TEST(Rfc8867, Section6_3_TwoBottlenecks) {
  Scores("RFC 8867 6.3").run([](std::uint64_t seed, Scores& scores) {
    Schedule schedule;
    const Instant start = schedule.now();
    Exit after_first;
    Exit after_second;
    Exit back;
    Bottleneck first(schedule, after_first, 2'000'000, milliseconds(300));
    Bottleneck second(schedule, after_second, 2'000'000, milliseconds(300));
    VirtualPath to_senders(schedule, back, {}, seed);
    MediaReceiver through_both(schedule, 0, to_senders);
    MediaReceiver through_first(schedule, 1, to_senders);
    MediaReceiver through_second(schedule, 2, to_senders);
    VirtualPath path0(schedule, through_both, jittery(), seed * 4 + 1);
    VirtualPath path1(schedule, through_first, jittery(), seed * 4 + 2);
    VirtualPath path2(schedule, through_second, jittery(), seed * 4 + 3);
    MediaSender sender0(schedule, 0, first, videos(3), seed * 3);
    MediaSender sender1(schedule, 1, first, videos(3), seed * 3 + 1);
    MediaSender sender2(schedule, 2, second, videos(3), seed * 3 + 2);
    after_first.add(0, second);
    after_first.add(1, path1);
    after_second.add(0, path0);
    after_second.add(2, path2);
    back.add(0, sender0);
    back.add(1, sender1);
    back.add(2, sender2);
    schedule.run_until(start + seconds(60));
    const auto kbps = [](const MediaReceiver& r) {
      return static_cast<int>(r.received().bps(seconds(15), seconds(60)) / 1000);
    };
    scores.at_least("through both: kbit/s", kbps(through_both), 300);
    scores.at_least("first, all: kbit/s", kbps(through_both) + kbps(through_first), 1300);
    scores.at_least("second, all: kbit/s", kbps(through_both) + kbps(through_second), 1300);
  });
}

}  // namespace
}  // namespace noir::test
