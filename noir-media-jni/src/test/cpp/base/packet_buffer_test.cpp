#include "base/packet_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
  EXPECT_LE(pool.allocated(), 64U);
}

TEST(PacketPool, HasSizesForSmallAndLargeDatagrams) {
  PacketPool pool(1000);
  for (std::size_t size = 0; size <= PacketBuffer::kCapacity; ++size) {
    const std::vector<std::uint8_t> bytes(size, static_cast<std::uint8_t>(size));
    const PacketRef ref = pool.copy_of(bytes);
    ASSERT_TRUE(ref);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), ref->bytes().begin(), ref->bytes().end()));
    EXPECT_GE(ref->storage().size(), size);
    EXPECT_LE(ref->storage().size(), std::max<std::size_t>(size + 127, 128));
  }
}

TEST(PacketPool, BuffersDoNotOverlap) {
  PacketPool pool(1000);
  std::vector<PacketRef> all;
  for (std::size_t i = 0; i < 300; ++i) {
    all.push_back(pool.take(1 + i * 5));
    ASSERT_TRUE(all.back());
    std::fill(all.back()->storage().begin(), all.back()->storage().end(), static_cast<std::uint8_t>(i));
  }
  for (std::size_t i = 0; i < 300; ++i) {
    all[i]->set_size(all[i]->storage().size());
    for (const std::uint8_t byte : all[i]->bytes()) ASSERT_EQ(byte, static_cast<std::uint8_t>(i));
  }
}

TEST(PacketPool, AtTheLimitALargerBufferWillDo) {
  PacketPool pool(32);
  (void)pool.take(1000);
  std::vector<PacketRef> all;
  while (auto ref = pool.take(10)) all.push_back(std::move(ref));
  ASSERT_EQ(all.size(), 32U);
  EXPECT_EQ(all.front()->storage().size(), 128U);
  EXPECT_GE(all.back()->storage().size(), 1000U);
  all.front() = {};
  EXPECT_FALSE(pool.take(1000)) << "free, but too small";
  EXPECT_TRUE(pool.take(10));
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
