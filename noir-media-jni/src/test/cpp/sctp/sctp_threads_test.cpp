#include <gtest/gtest.h>

#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "sctp/sctp_pair.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using test::bytes_of;
using test::SctpPair;

/// Threads share one clock, as loops do. It goes on when all have had a turn: for one that the system does not let run,
/// minutes would pass otherwise.
class Clock {
 public:
  explicit Clock(std::ptrdiff_t threads) : turn_(threads, Advance{this}) {}

  Instant next() {
    turn_.arrive_and_wait();
    return Instant(milliseconds(now_ms_));
  }
  void leave() { turn_.arrive_and_drop(); }

 private:
  struct Advance {
    Clock* clock;
    void operator()() noexcept { clock->now_ms_ += 5; }
  };

  std::int64_t now_ms_ = 1'000'000;
  std::barrier<Advance> turn_;
};

/// One loop's life: a lossy connection, messages, a close.
int live(Clock& clock) {
  SctpPair pair;
  int packets = 0;
  pair.lose = [&] { return ++packets % 11 == 0; };
  pair.connect();
  const auto stream = *pair.server.association.open_channel("ion-sfu", true);
  const auto tick = [&] {
    pair.loop.handle_timeout(clock.next());
    while (pair.loop.poll_ready()) {
    }
    pair.exchange();
  };
  for (int i = 0; i < 50; ++i) {
    (void)pair.server.association.send(stream, false, bytes_of(std::to_string(i)));
    tick();
  }
  for (int i = 0; i < 100'000 && pair.client.all<SctpMessage>().size() < 50; ++i) tick();
  pair.client.association.close();
  pair.exchange();
  return static_cast<int>(pair.client.all<SctpMessage>().size());
}

TEST(SctpThreads, LoopsOnSeveralThreadsDoNotDisturbEachOther) {
  std::vector<int> received(4);
  Clock clock(static_cast<std::ptrdiff_t>(received.size()));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < received.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int life = 0; life < 3; ++life) received[i] += live(clock);
      clock.leave();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(received, std::vector<int>(4, 150));
}

std::size_t count_entries(const char* directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

/// A joined thread may still be listed for a moment.
bool has_entries(const char* directory, std::size_t count) {
  for (int i = 0; i < 1'000'000 && count_entries(directory) != count; ++i) std::this_thread::yield();
  return count_entries(directory) == count;
}

// A WAR comes and goes: what usrsctp opens it closes, and the one thread it has in spite of its promise ends.
TEST(SctpThreads, LeavesNoThreadAndNoFile) {
  { const SctpPair warm_up; }
  ASSERT_TRUE(has_entries("/proc/self/task", 1));
  const std::size_t files = count_entries("/proc/self/fd");
  {
    SctpPair pair;
    pair.connect();
    EXPECT_LE(count_entries("/proc/self/task"), 2U);
  }
  EXPECT_TRUE(has_entries("/proc/self/task", 1));
  EXPECT_EQ(count_entries("/proc/self/fd"), files);
}

}  // namespace
}  // namespace noir
