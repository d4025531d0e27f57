#include "loop/handover_exchange.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <deque>
#include <optional>
#include <thread>

namespace noir {
namespace {

/// As much of a loop as takes part in the hand-over.
struct Side {
  std::shared_ptr<LoopShare> share = std::make_shared<LoopShare>(4 * HandoverQueue::kCapacity);
  std::optional<HandoverExchange> exchange{std::in_place, *share};

  void send(LoopIndex to, Handover handover) {
    std::array<OutgoingHandover, 1> one{OutgoingHandover{to, std::move(handover)}};
    exchange->send(one);
  }
  MirroredPacket packet(TrackId number) {
    MirroredPacket packet{number, 1, {}};
    packet.packet.buffer = share->pool.take();
    return packet;
  }
  std::size_t receive() {
    std::size_t count = 0;
    exchange->receive([&](LoopIndex, Handover&&) { ++count; });
    return count;
  }
  /// Waits as a loop does; true when it was woken.
  bool wait(int timeout_ms) {
    if (!exchange->begin_wait()) timeout_ms = 0;
    pollfd bell{share->wakeup.fd(), POLLIN, 0};
    const bool woken = ::poll(&bell, 1, timeout_ms) == 1;
    exchange->end_wait();
    if (woken) (void)share->wakeup.take();
    return woken;
  }
};

void connect(Side& a, Side& b) {
  const auto a_to_b = std::make_shared<HandoverQueue>();
  const auto b_to_a = std::make_shared<HandoverQueue>();
  a.exchange->connect(1, b.share, b_to_a, a_to_b);
  b.exchange->connect(0, a.share, a_to_b, b_to_a);
}

struct HandoverExchangeTest : ::testing::Test {
  HandoverExchangeTest() { connect(a, b); }
  Side a;
  Side b;
};

TEST_F(HandoverExchangeTest, KnowsItsPeers) {
  EXPECT_TRUE(a.exchange->connects_to(1));
  EXPECT_FALSE(a.exchange->connects_to(0));
  EXPECT_FALSE(a.exchange->connects_to(2));
}

TEST_F(HandoverExchangeTest, TellsWhoHandedOver) {
  a.send(1, KeyframeWanted{7, 0});
  std::vector<LoopIndex> from;
  b.exchange->receive([&](LoopIndex index, Handover&&) { from.push_back(index); });
  EXPECT_EQ(from, std::vector<LoopIndex>{0});
}

TEST_F(HandoverExchangeTest, WakesWhoSleepsAndNobodyElse) {
  a.send(1, KeyframeWanted{});
  pollfd bell{b.share->wakeup.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&bell, 1, 0), 0);  // It was awake.
  EXPECT_FALSE(b.exchange->begin_wait());
  b.exchange->end_wait();
  EXPECT_EQ(b.receive(), 1U);
  EXPECT_TRUE(b.exchange->begin_wait());
  a.send(1, KeyframeWanted{});
  a.send(1, KeyframeWanted{});
  b.exchange->end_wait();
  EXPECT_EQ(::poll(&bell, 1, 0), 1);
  EXPECT_FALSE(b.share->wakeup.take());  // Its run goes on: nothing for Java.
  EXPECT_EQ(::poll(&bell, 1, 0), 0);
  EXPECT_EQ(b.receive(), 2U);
}

// Whoever can send to a socket of a loop can make strays.
TEST_F(HandoverExchangeTest, StraysLeaveRoomForTheRest) {
  for (std::size_t i = 0; i < HandoverQueue::kCapacity; ++i) {
    a.send(1, StrayDatagram{Path{}, a.share->pool.take()});
    a.send(1, StrayPathTaken{});
    a.send(1, StrayPathLost{});
  }
  EXPECT_EQ(a.exchange->dropped(), 3 * HandoverQueue::kCapacity - HandoverQueue::kCapacity / 2);
  const std::uint64_t strays = a.exchange->dropped();
  for (TrackId i = 0; i < HandoverQueue::kCapacity / 2; ++i) a.send(1, a.packet(i));
  EXPECT_EQ(a.exchange->dropped(), strays);
  EXPECT_EQ(b.receive(), HandoverQueue::kCapacity);
}

TEST_F(HandoverExchangeTest, FullQueueDropsPacketsAndKeepsTheRest) {
  constexpr std::size_t kTooMany = HandoverQueue::kCapacity + 10;
  for (TrackId i = 0; i < kTooMany; ++i) a.send(1, a.packet(i));
  EXPECT_EQ(a.exchange->dropped(), 10U);
  EXPECT_FALSE(a.exchange->keeps());
  a.send(1, MirrorEnded{1, 1});
  a.send(1, MirrorOpened{2, 2});
  a.send(1, MirrorResumed{3, 3});
  EXPECT_TRUE(a.exchange->keeps());
  EXPECT_EQ(a.exchange->dropped(), 10U);
  EXPECT_EQ(b.receive(), HandoverQueue::kCapacity);
  a.exchange->send({});
  EXPECT_FALSE(a.exchange->keeps());
  std::vector<std::size_t> kinds;
  b.exchange->receive([&](LoopIndex, Handover&& handover) { kinds.push_back(handover.index()); });
  EXPECT_EQ(kinds, (std::vector<std::size_t>{Handover(MirrorEnded{}).index(), Handover(MirrorOpened{}).index(),
                                             Handover(MirrorResumed{}).index()}));
}

TEST_F(HandoverExchangeTest, NothingIsKeptForWhoHasEnded) {
  for (std::size_t i = 0; i < HandoverQueue::kCapacity; ++i) a.send(1, a.packet(1));
  a.send(1, MirrorEnded{1, 1});
  b.exchange.reset();
  a.send(1, MirrorEnded{2, 1});
  a.exchange->send({});
  EXPECT_FALSE(a.exchange->keeps());
  // What waited in the queue has gone back too.
  std::vector<PacketRef> all;
  while (auto ref = a.share->pool.take()) all.push_back(std::move(ref));
  EXPECT_EQ(all.size(), a.share->pool.allocated());
}

// The sanitizers watch.
TEST(HandoverExchangeEndTest, PoolsOutliveTheirBuffersInAnyOrder) {
  for (const bool sender_first : {true, false}) {
    std::optional<Side> a(std::in_place);
    std::optional<Side> b(std::in_place);
    connect(*a, *b);
    for (TrackId i = 0; i < 10; ++i) {
      a->send(1, a->packet(i));
      b->send(0, b->packet(i));
    }
    MediaPacket held;
    b->exchange->receive(
        [&](LoopIndex, Handover&& handover) { held = std::move(std::get<MirroredPacket>(handover).packet); });
    b->send(0, b->packet(1));
    if (sender_first) {
      a.reset();
      held = {};
      b->send(0, b->packet(2));
      b.reset();
    } else {
      held = {};
      b.reset();
      a->send(1, a->packet(3));
      a.reset();
    }
  }
}

/// A loop's thread: hands packets over, holds what it gets for a while, sleeps when there is nothing.
void take_part(Side& side, LoopIndex other, int rounds, int expected, std::atomic<int>& received) {
  std::deque<MediaPacket> held;
  const auto take = [&] {
    side.exchange->receive([&](LoopIndex, Handover&& handover) {
      held.push_back(std::move(std::get<MirroredPacket>(handover).packet));
      if (held.size() > 100) held.pop_front();
      ++received;
    });
  };
  for (int round = 0; round < rounds; ++round) {
    std::vector<OutgoingHandover> out;
    for (TrackId i = 0; i < 6; ++i) out.push_back({other, side.packet(i)});
    side.exchange->send(out);
    take();
    if (round % 16 == 0) (void)side.wait(1);
  }
  constexpr int kLongMs = 20'000;  // Only a lost wake-up takes so long, and fails.
  bool woken = true;
  while (received < expected && woken) {
    woken = side.wait(kLongMs) || !side.exchange->begin_wait();
    side.exchange->end_wait();
    take();
  }
  EXPECT_EQ(received, expected);
}

TEST(HandoverExchangeThreadsTest, NoPacketAndNoWakeUpGetsLost) {
  constexpr int kRounds = 500;  // Less than fills a queue.
  static_assert(kRounds * 6 <= static_cast<int>(HandoverQueue::kCapacity));
  std::optional<Side> a(std::in_place);
  std::optional<Side> b(std::in_place);
  connect(*a, *b);
  const int expected = kRounds * 6;
  std::atomic<int> at_a{0};
  std::atomic<int> at_b{0};
  std::thread first([&] {
    take_part(*a, 1, kRounds, expected, at_a);
    a.reset();  // While the other one may still be at work.
  });
  std::thread second([&] {
    take_part(*b, 0, kRounds, expected, at_b);
    b.reset();
  });
  first.join();
  second.join();
}

}  // namespace
}  // namespace noir
