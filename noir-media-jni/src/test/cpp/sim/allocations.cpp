// What the `Sfu` allocates for packets when nothing changes: nothing. It is measured for a whole room, with C++'s
// allocations and OpenSSL's counted while control is inside.

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <new>

#include "loop/frame_backlog.hpp"
#include "sim/sim_room.hpp"

namespace {

bool counting = false;
std::size_t allocations = 0;

void* counted(std::size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void* counted(std::size_t size, std::align_val_t alignment) {
  if (counting) ++allocations;
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}

void* openssl_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  if (counting) ++allocations;
  return std::malloc(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
  if (counting) ++allocations;
  return std::realloc(memory, size);
}
void openssl_free(void* memory, const char* /*file*/, int /*line*/) { std::free(memory); }

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}

namespace noir {
namespace {

using std::chrono::seconds;

TEST(Allocations, AreCounted) {
  counting = true;
  delete new int(1);
  counting = false;
  EXPECT_GE(std::exchange(allocations, 0), 1U);
}

class SteadyStateTest : public ::testing::TestWithParam<LoopIndex> {};

// Audio, video and simulcast, with and without RTX, over a network that loses some: packets, repairs, reports, consent.
TEST_P(SteadyStateTest, NothingIsAllocatedPerPacket) {
  SimRoom room(1, {}, GetParam());
  room.set_group(1);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const std::array tracks{room.publish_audio(publisher, 1), room.publish_video(publisher),
                          room.publish_simulcast(publisher)};
  std::vector<SimDownTrack> downs;
  for (LoopIndex i = 0; i < 4; ++i) {
    SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber, static_cast<LoopIndex>(i % GetParam()));
    for (const SimTrack& track : tracks) downs.push_back(room.subscribe(subscriber, track, i < 2));
  }
  room.net().set_default_link({.loss = 0.01, .delay = std::chrono::milliseconds(10)});
  room.run_for(seconds(20));
  const auto forwarded = [&] {
    std::uint64_t packets = 0;
    for (LoopIndex i = 0; i < GetParam(); ++i) packets += room.sfu(i).counters().packets_forwarded;
    return packets;
  };
  const std::uint64_t before = forwarded();
  room.watch_sfu([](bool enters) { counting = enters; });
  room.run_for(seconds(10));
  room.watch_sfu([](bool) {});
  const std::uint64_t packets = forwarded() - before;
  EXPECT_GT(packets, 10'000U);
  // SCTP's heartbeats do, about ten times each: one in 8 s and transport, and its answer.
  constexpr std::size_t kHeartbeats = 5 * 4;
  EXPECT_LE(std::exchange(allocations, 0), 10 * kHeartbeats) << packets;
}

// A connection whose line is slower than what comes: frames wait, are cut in the middle, get too old.
TEST(SteadyBacklogTest, NothingIsAllocatedPerPacketForTcp) {
  FrameBacklog backlog;
  const std::vector<std::uint8_t> packet(1100, 0x80);
  std::array<iovec, 16> vectors{};
  Instant now{};
  std::size_t sent = 0;
  const auto run = [&](int frames) {
    for (int frame = 0; frame < frames; ++frame) {
      now += std::chrono::milliseconds(33);
      for (int i = 0; i < 6; ++i) (void)backlog.add(now, packet);
      (void)backlog.drop_old(now);
      const std::size_t count = backlog.gather(vectors);
      std::size_t waiting = 0;
      for (std::size_t i = 0; i < count; ++i) waiting += vectors[i].iov_len;
      backlog.consume(std::min<std::size_t>(waiting, 5000));
      sent += std::min<std::size_t>(waiting, 5000);
      backlog.shrink();
    }
  };
  run(1000);
  counting = true;
  run(1000);
  counting = false;
  EXPECT_EQ(std::exchange(allocations, 0), 0U);
  EXPECT_GT(sent, 4'000'000U);
}

INSTANTIATE_TEST_SUITE_P(Loops, SteadyStateTest, ::testing::Values<LoopIndex>(1, 2));

}  // namespace
}  // namespace noir

int main(int argc, char** argv) {
  // Before OpenSSL has allocated anything.
  if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) return 2;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
