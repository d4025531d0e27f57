// The whole Sfu with real peers around it: the fuzzer says who comes, goes, publishes and when, and what strangers and
// authenticated peers send besides. Whatever it says, nothing of it is left when all have gone.

#include <gtest/gtest.h>

#include <memory>

#include "base/check.hpp"
#include "fuzz/input.hpp"
#include "sim/random_room.hpp"

namespace {

using namespace noir;

constexpr int kMaxActs = 60;  // Each takes milliseconds.

void misbehave(RandomRoom& people, fuzz::Input& input) {
  const std::uint8_t how = input.byte() % 3;
  SimEnd* end = people.anybody();
  ByteSpan piece = input.piece();
  piece = piece.first(std::min<std::size_t>(piece.size(), 1200));
  if (end == nullptr || how == 0) return people.room().inject(people.room().new_address(), piece);
  if (piece.size() < 12) return;
  if (how == 1) return end->client->send_plain_rtcp(piece);
  end->client->send_plain_rtp(piece, load_be16(piece.data() + 2));
}

void check_empty(RandomRoom& people, LoopIndex loops) {
  for (LoopIndex loop = 0; loop < loops; ++loop) {
    const SfuCounters counters = people.room().sfu(loop).counters();
    NOIR_CHECK(counters.bugs == 0);
    NOIR_CHECK(counters.transports == 0 && counters.tracks == 0 && counters.down_tracks == 0);
    NOIR_CHECK(counters.mirrors == 0 && counters.squelched_tracks == 0);
  }
  NOIR_CHECK(people.room().packets_in_use() == 0);
  NOIR_CHECK(people.reused_nonces() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  testing::GTEST_FLAG(break_on_failure) = true;  // The simulation's own expectations.
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto loops = static_cast<LoopIndex>(1 + input.byte() % 2);
  RandomRoom people(input.byte(), loops, [&] { return input.u16(); });
  for (int act = 0; act < kMaxActs && !input.empty(); ++act) {
    if (input.byte() % 3 == 0) {
      misbehave(people, input);
    } else {
      people.act();
    }
    people.run_a_little();
  }
  people.empty();
  check_empty(people, loops);
  return 0;
}
