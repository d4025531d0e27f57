#include "loop/handover_queue.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace noir {
namespace {

bool push(HandoverQueue& queue, TrackId number) {
  Handover handover = KeyframeWanted{number, 0};
  return queue.push(handover);
}

std::vector<TrackId> drain(HandoverQueue& queue) {
  std::vector<TrackId> numbers;
  queue.drain([&](Handover&& handover) { numbers.push_back(std::get<KeyframeWanted>(handover).track); });
  return numbers;
}

TEST(HandoverQueue, ShowsWhatWasPublishedInOrder) {
  HandoverQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.publish());
  EXPECT_TRUE(push(queue, 1));
  EXPECT_TRUE(push(queue, 2));
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.publish());
  EXPECT_FALSE(queue.publish());
  EXPECT_TRUE(push(queue, 3));
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(drain(queue), (std::vector<TrackId>{1, 2}));
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.publish());
  EXPECT_EQ(drain(queue), (std::vector<TrackId>{3}));
}

TEST(HandoverQueue, RefusesWhenFullUntilSomethingWasTaken) {
  PacketPool pool(64);
  HandoverQueue queue;
  for (TrackId i = 0; i < HandoverQueue::kCapacity; ++i) ASSERT_TRUE(push(queue, i));
  Handover handover = MirroredPacket{1, 2, {}};
  std::get<MirroredPacket>(handover).packet.buffer = pool.take();
  EXPECT_FALSE(queue.push(handover));
  EXPECT_TRUE(std::get<MirroredPacket>(handover).packet.buffer);
  EXPECT_TRUE(queue.publish());
  EXPECT_EQ(drain(queue).size(), HandoverQueue::kCapacity);
  EXPECT_TRUE(queue.push(handover));
}

TEST(HandoverQueue, GoesRound) {
  HandoverQueue queue;
  for (TrackId i = 0; i < 5 * HandoverQueue::kCapacity; i += 3) {
    for (TrackId k = 0; k < 3; ++k) ASSERT_TRUE(push(queue, i + k));
    (void)queue.publish();
    ASSERT_EQ(drain(queue), (std::vector<TrackId>{i, i + 1, i + 2}));
  }
}

TEST(HandoverQueue, KeepsNoBufferOfWhatWasTaken) {
  PacketPool pool(64);
  std::vector<PacketRef> all;
  while (auto ref = pool.take()) all.push_back(std::move(ref));
  HandoverQueue queue;
  Handover handover = MirroredPacket{1, 2, {}};
  std::get<MirroredPacket>(handover).packet.buffer = std::move(all.back());
  all.pop_back();
  ASSERT_TRUE(queue.push(handover));
  (void)queue.publish();
  EXPECT_FALSE(pool.take());
  queue.drain([](Handover&&) {});  // Nobody wants it.
  EXPECT_TRUE(pool.take());
}

TEST(HandoverQueue, KeepsItsOrderBetweenTwoThreads) {
  constexpr TrackId kCount = 200'000;
  HandoverQueue queue;
  std::thread producer([&] {
    for (TrackId i = 0; i < kCount;) {
      if (push(queue, i)) {
        if (++i % 7 == 0) (void)queue.publish();
      } else {
        (void)queue.publish();
        std::this_thread::yield();
      }
    }
    (void)queue.publish();
  });
  TrackId next = 0;
  bool ordered = true;
  while (next < kCount) {
    const TrackId before = next;
    queue.drain([&](Handover&& handover) { ordered &= std::get<KeyframeWanted>(handover).track == next++; });
    if (next == before) std::this_thread::yield();
  }
  producer.join();
  EXPECT_TRUE(ordered);
}

}  // namespace
}  // namespace noir
