#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sctp/sctp_pair.hpp"
#include "sctp/stopped_inside.hpp"
#include "sctp/usrsctp_process.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::bytes_of;
using test::SctpPair;
using test::StoppedInside;

TEST(SctpLock, IsNotTakenWhenThereIsNothingToDo) {
  SctpPair pair;
  pair.connect();
  const auto stream = *pair.server.association.open_channel("a", true);
  pair.run_for(seconds(5));
  const std::uint64_t before = UsrsctpProcess::instance().entries();
  const Instant next = pair.loop.next_timeout();
  for (int turn = 0; turn < 1000; ++turn) {
    if (pair.loop.next_timeout() <= pair.now) pair.loop.handle_timeout(pair.now);
    EXPECT_FALSE(pair.loop.poll_ready());
    std::vector<std::uint8_t> packet;
    EXPECT_FALSE(pair.server.association.poll_transmit(packet));
    EXPECT_FALSE(pair.server.association.poll_event());
  }
  EXPECT_EQ(pair.loop.next_timeout(), next);
  EXPECT_EQ(UsrsctpProcess::instance().entries(), before);
  ASSERT_TRUE(pair.server.association.send(stream, false, bytes_of("x")).ok());
  EXPECT_EQ(UsrsctpProcess::instance().entries(), before + 1);
}

// Timers of a quiet process: five times a second, also while it does nothing but say that it is there, however many
// turns its loops make.
TEST(SctpLock, IsTakenOncePerTick) {
  SctpPair pair;
  pair.connect();
  pair.run_for(seconds(5));
  const std::uint64_t before = UsrsctpProcess::instance().entries();
  for (int turn = 0; turn < 10'000; ++turn) {
    pair.now += milliseconds(1);
    if (pair.loop.next_timeout() <= pair.now) pair.loop.handle_timeout(pair.now);
    while (pair.loop.poll_ready()) {
    }
  }
  EXPECT_LE(UsrsctpProcess::instance().entries() - before, 60U);
}

TEST(SctpLock, IsWaitedForByNobody) {
  SctpPair pair;
  pair.connect();
  const auto stream = *pair.server.association.open_channel("a", true);
  pair.exchange();
  StoppedInside other;
  ASSERT_TRUE(pair.server.association.send(stream, false, bytes_of("first")).ok());
  ASSERT_TRUE(pair.server.association.send(stream, false, bytes_of("second")).ok());
  std::vector<std::uint8_t> packet;
  int looks = 0;
  for (int turn = 0; turn < 1000; ++turn) {
    pair.now += std::chrono::microseconds(100);
    if (pair.loop.next_timeout() > pair.now) continue;
    ++looks;
    pair.loop.handle_timeout(pair.now);
    for (int tags = 0; pair.loop.poll_ready(); ++tags) ASSERT_LT(tags, 4) << "spins";
    EXPECT_FALSE(pair.server.association.poll_transmit(packet));
  }
  EXPECT_GT(looks, 50);
  EXPECT_LT(looks, 300) << "not in each turn";
  other.go_on();
  pair.run_for(seconds(1));
  ASSERT_EQ(pair.client.all<SctpMessage>().size(), 2U);
  EXPECT_EQ(as_text(pair.client.all<SctpMessage>()[0].bytes), "first");
}

TEST(SctpLock, KeepsWhatComesMeanwhile) {
  SctpPair pair;
  pair.connect();
  const auto stream = *pair.client.association.open_channel("a", true);
  pair.exchange();
  std::vector<std::vector<std::uint8_t>> packets(3);
  for (auto& packet : packets) {
    ASSERT_TRUE(pair.client.association.send(stream, false, bytes_of("hello")).ok());
    ASSERT_TRUE(pair.client.association.poll_transmit(packet));
  }
  StoppedInside other;
  for (const auto& packet : packets) pair.server.association.handle_packet(packet);
  EXPECT_FALSE(pair.server.association.poll_event());
  EXPECT_EQ(pair.loop.next_timeout(), Instant::min()) << "at once, for there may be nobody inside by now";
  other.go_on();
  pair.run_for(milliseconds(1));
  EXPECT_EQ(pair.server.all<SctpMessage>().size(), 3U);
}

TEST(SctpLock, IsNotWaitedForByAnEnd) {
  auto pair = std::make_unique<SctpPair>();
  SctpLoop other_loop;
  auto association = std::make_unique<SctpAssociation>(pair->loop, SctpParams{.tag = 3});
  association->connect();
  pair->connect();
  {
    StoppedInside other;
    association->close();
    association.reset();
    EXPECT_NE(pair->loop.next_timeout(), kNever);
  }
  pair->run_for(seconds(1));
  EXPECT_EQ(pair->server.association.state(), SctpState::kConnected);
}

}  // namespace
}  // namespace noir
