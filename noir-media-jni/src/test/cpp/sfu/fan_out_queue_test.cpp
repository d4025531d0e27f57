#include "sfu/fan_out_queue.hpp"

#include <gtest/gtest.h>

#include <map>

#include "sfu/connection.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

/// A track with subscribers that only count.
struct Flood : PublishedTrack {
  Flood(std::uint32_t group, std::size_t receivers) : PublishedTrack(params(), TrackOrigin{}) {
    lane->group = group;
    subscribers.resize(receivers, nullptr);
  }
  static TrackParams params() {
    TrackParams params;
    params.kind = MediaKind::kVideo;
    params.encodings.resize(1);
    return params;
  }
  void push(FanOutQueue& queue, std::int64_t ms, int packets) {
    if (fresh.empty()) queue.add(*this);
    for (int i = 0; i < packets; ++i) {
      MediaPacket packet;
      packet.arrival = at_ms(ms);
      packet.marker = true;
      packet.ext_seq = next_++;
      add_fresh(packet);
    }
  }
  std::uint64_t next_ = 0;
};

/// Serves a whole round; how many packets each track got rid of.
std::map<const PublishedTrack*, std::size_t> serve(FanOutQueue& queue) {
  std::map<const PublishedTrack*, std::size_t> served;
  for (; PublishedTrack* track = queue.track(); queue.next_track()) {
    served[track] += track->going.size();
    track->going.clear();
  }
  return served;
}

TEST(FanOutQueue, TakesLittleWorkWhole) {
  FanOutQueue queue;
  Flood a(0, 30);
  Flood b(0, 2);
  EXPECT_FALSE(queue.begin(at_ms(0)));
  EXPECT_EQ(queue.next_due(), kNever);
  a.push(queue, 0, 100);
  b.push(queue, 0, 5);
  EXPECT_EQ(queue.next_due(), Instant::min());
  ASSERT_TRUE(queue.begin(at_ms(0)));
  EXPECT_TRUE(queue.begin(at_ms(0)));
  EXPECT_TRUE(queue.begun().empty());
  const auto served = serve(queue);
  EXPECT_EQ(served.at(&a), 100U);
  EXPECT_EQ(served.at(&b), 5U);
  EXPECT_FALSE(queue.begin(at_ms(0)));
}

TEST(FanOutQueue, RoomsShareAndSoDoTheirPublishers) {
  FanOutQueue queue;
  Flood one(1, 10);
  Flood two(1, 20);
  Flood three(1, 40);
  Flood other(2, 10);
  std::map<const PublishedTrack*, std::size_t> work;
  for (int ms = 0; ms < 20; ++ms) {
    for (Flood* flood : {&one, &two, &three, &other}) flood->push(queue, ms, 500);
    ASSERT_TRUE(queue.begin(at_ms(ms)));
    for (const auto& [track, packets] : serve(queue)) work[track] += packets * track->subscribers.size();
  }
  const std::size_t quantum = 20 * FanOutQueue::kQuantum;
  EXPECT_NEAR(static_cast<double>(work[&other]), static_cast<double>(quantum), 200);
  for (const Flood* flood : {&one, &two, &three}) {
    EXPECT_NEAR(static_cast<double>(work[flood]), static_cast<double>(quantum) / 3, 600);
  }
}

TEST(FanOutQueue, WhatIsLittleWaitsForOneQuantumOfAFloodAtMost) {
  FanOutQueue queue;
  Flood flood(1, 100);
  Flood small(2, 3);
  flood.push(queue, 0, 10'000);
  small.push(queue, 0, 6);
  ASSERT_TRUE(queue.begin(at_ms(1)));
  EXPECT_EQ(queue.track(), &small);
  const auto served = serve(queue);
  EXPECT_EQ(served.at(&small), 6U);
  EXPECT_EQ(served.at(&flood), 40U);
  EXPECT_EQ(flood.fresh.size(), 9960U);
  EXPECT_EQ(flood.fresh.front().ext_seq, 40U);  // In order.
}

TEST(FanOutQueue, WhoHasLittleIsLetIntoARound) {
  FanOutQueue queue;
  Flood flood(1, 100);
  Flood small(2, 3);
  Flood more(2, 3);
  more.lane = small.lane;
  flood.push(queue, 0, 1000);
  ASSERT_TRUE(queue.begin(at_ms(1)));
  for (int i = 0; i < 30; ++i) queue.next_subscriber();
  small.push(queue, 1, 6);
  more.push(queue, 1, 6);
  flood.push(queue, 1, 1);
  ASSERT_TRUE(queue.begin(at_ms(1)));
  ASSERT_EQ(queue.begun().size(), 2U);
  ASSERT_EQ(queue.track(), &small);
  EXPECT_EQ(queue.subscriber(), 0U);
  EXPECT_EQ(queue.served(flood), 30U);
  queue.remove_subscriber(flood, 7);
  EXPECT_EQ(queue.served(flood), 29U);
  ASSERT_TRUE(queue.begin(at_ms(1)));
  EXPECT_TRUE(queue.begun().empty());
  small.going.clear();
  more.going.clear();
  queue.next_track();
  queue.next_track();
  ASSERT_EQ(queue.track(), &flood);
  EXPECT_EQ(queue.subscriber(), 29U);
  // But not for ever.
  more.push(queue, 2, static_cast<int>(FanOutQueue::kLittle / 3));
  small.push(queue, 2, 1);
  ASSERT_TRUE(queue.begin(at_ms(2)));
  EXPECT_EQ(queue.begun(), (std::vector<PublishedTrack*>{&small}));
}

TEST(FanOutQueue, APacketForMoreSubscribersThanAQuantumGoesOutInTheEnd) {
  FanOutQueue queue;
  Flood crowd(1, 3 * FanOutQueue::kQuantum);
  Flood quiet(1, 1);
  crowd.push(queue, 0, 3);
  quiet.push(queue, 0, 1);
  std::size_t packets = 0;
  for (int round = 0; round < 50; ++round) {
    if (!queue.begin(at_ms(1))) break;
    packets += serve(queue)[&crowd];
  }
  EXPECT_EQ(packets, 3U);
}

TEST(FanOutQueue, SaysWhatHasWaitedForTooLong) {
  FanOutQueue queue;
  Flood flood(1, 100);
  flood.push(queue, 0, 10'000);
  ASSERT_TRUE(queue.begin(at_ms(250)));
  EXPECT_TRUE(queue.late().empty());
  (void)serve(queue);
  ASSERT_TRUE(queue.begin(at_ms(251)));
  ASSERT_EQ(queue.late().size(), 1U);
  EXPECT_EQ(queue.late()[0], &flood);
  flood.fresh.clear();
  (void)serve(queue);
  EXPECT_FALSE(queue.begin(at_ms(252)));
}

TEST(FanOutQueue, GoesOnWhereItWasWhenTracksAndSubscribersGo) {
  FanOutQueue queue;
  Flood a(0, 5);
  Flood b(0, 5);
  Flood c(0, 5);
  for (Flood* flood : {&a, &b, &c}) flood->push(queue, 0, 1);
  ASSERT_TRUE(queue.begin(at_ms(0)));
  queue.next_track();
  queue.next_subscriber();
  queue.next_subscriber();
  ASSERT_EQ(queue.track(), &b);
  queue.remove_subscriber(b, 0);
  EXPECT_EQ(queue.subscriber(), 1U);
  queue.remove_subscriber(b, 3);
  queue.remove_subscriber(c, 0);
  EXPECT_EQ(queue.subscriber(), 1U);
  queue.remove(a);
  EXPECT_EQ(queue.track(), &b);
  EXPECT_EQ(queue.subscriber(), 1U);
  queue.remove(b);
  EXPECT_EQ(queue.track(), &c);
  EXPECT_EQ(queue.subscriber(), 0U);
  queue.remove(c);
  EXPECT_FALSE(queue.begin(at_ms(0)));
}

}  // namespace
}  // namespace noir
