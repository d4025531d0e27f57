#include "base/packet_buffer.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace noir {
namespace {

TEST(PacketPool, GivesABufferBackWithItsLastReference) {
  PacketPool pool(64);
  std::vector<PacketRef> all;
  while (auto ref = pool.take()) all.push_back(std::move(ref));
  EXPECT_EQ(all.size(), 64U);
  PacketRef copy = all[0];
  all[0] = {};
  EXPECT_FALSE(pool.take());
  copy = {};
  EXPECT_TRUE(pool.take());
}

TEST(PacketPool, ATakenBufferIsEmpty) {
  PacketPool pool(64);
  for (int i = 0; i < 200; ++i) {
    auto ref = pool.take();
    ASSERT_TRUE(ref);
    EXPECT_TRUE(ref->bytes().empty());
    ref->set_size(100);
    EXPECT_EQ(ref->bytes().size(), 100U);
  }
  EXPECT_EQ(pool.allocated(), 64U);
}

TEST(PacketPool, TakesBackFromOtherThreads) {
  PacketPool pool(128);
  std::vector<PacketRef> half;
  for (int i = 0; i < 128; ++i) half.push_back(pool.take());
  std::thread other([refs = std::move(half)]() mutable { refs.clear(); });
  other.join();
  std::size_t count = 0;
  std::vector<PacketRef> again;
  while (auto ref = pool.take()) {
    again.push_back(std::move(ref));
    ++count;
  }
  EXPECT_EQ(count, 128U);
}

TEST(PacketRef, MovesWithoutCounting) {
  PacketPool pool(64);
  PacketRef a = pool.take();
  PacketRef b = std::move(a);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): that is what is tested.
  EXPECT_TRUE(b);
  PacketRef& same = b;
  b = same;
  EXPECT_TRUE(b);
}

}  // namespace
}  // namespace noir
