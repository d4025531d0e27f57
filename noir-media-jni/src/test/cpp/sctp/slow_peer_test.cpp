#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sctp/message_budget.hpp"
#include "sctp/sctp_pair.hpp"

namespace noir {
namespace {

using std::chrono::seconds;
using test::bytes_of;
using test::SctpPair;

constexpr std::size_t kMaxMessages = SctpParams{}.max_waiting_messages;
constexpr std::size_t kMaxCost = SctpParams{}.max_waiting_cost;
constexpr std::size_t kOfUsrsctp = 256;

/// A client that takes nothing: what is sent to it is lost.
class SlowPeer : public testing::Test {
 protected:
  SlowPeer() {
    pair_.connect();
    chat_ = *pair_.server.association.open_channel("chat", true);
    other_ = *pair_.server.association.open_channel("other", true);
    pair_.exchange();
  }

  /// RFC 9260 §6.1: acknowledges nothing more and closes its window.
  void close_window() {
    pair_.tamper = [this, frozen = std::uint32_t{0}](const SctpPair::Side& from,
                                                     std::vector<std::uint8_t>& packet) mutable {
      constexpr std::uint8_t kSack = 3;
      if (&from != &pair_.client || packet[12] != kSack) return;
      if (frozen == 0) frozen = load_be32(packet.data() + 16);
      store_be32(packet.data() + 16, frozen);
      store_be32(packet.data() + 20, 0);
    };
    ASSERT_TRUE(pair_.server.association.send(chat_, false, bytes_of("the last that is taken")).ok());
    pair_.run_for(seconds(1));
  }

  [[nodiscard]] std::vector<SctpChannelClosed> closed() const { return pair_.server.all<SctpChannelClosed>(); }

  MessageBudget budget_{4'000'000};
  SctpPair pair_{65'536, 8, budget_};
  std::uint16_t chat_ = 0;
  std::uint16_t other_ = 0;
};

TEST_F(SlowPeer, LosesTheChannelWhenTooManyMessagesWait) {
  pair_.lose = [] { return true; };
  std::size_t accepted = 0;
  while (accepted < 10 * kMaxMessages && pair_.server.association.send(chat_, false, bytes_of("x")).ok()) ++accepted;
  pair_.exchange();
  EXPECT_GE(accepted, kMaxMessages);
  EXPECT_LE(accepted, kMaxMessages + kOfUsrsctp);
  ASSERT_EQ(closed().size(), 1U);
  EXPECT_EQ(closed()[0].stream, chat_);
  EXPECT_EQ(closed()[0].end, ChannelEnd::kTooSlow);
  EXPECT_LE(budget_.used(), (kOfUsrsctp + 8) * (MessageBudget::kPerMessage + 16)) << "what waited is gone";
  EXPECT_EQ(pair_.server.association.send(chat_, false, bytes_of("x")).error(), ErrorCode::kWrongState);
}

TEST_F(SlowPeer, LosesTheChannelWhenTooMuchWaits) {
  pair_.lose = [] { return true; };
  const std::string large(60'000, 'x');
  int accepted = 0;
  while (accepted < 1000 && pair_.server.association.send(chat_, true, bytes_of(large)).ok()) ++accepted;
  EXPECT_GT(accepted, 10);
  EXPECT_LT(accepted, 25);
}

TEST_F(SlowPeer, LosesTheChannelForWhichMostWaits) {
  pair_.lose = [] { return true; };
  const std::string large(60'000, 'x');
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(pair_.server.association.send(chat_, true, bytes_of(large)).ok());
  for (std::size_t i = 0; i < 60; ++i)
    EXPECT_TRUE(pair_.server.association.send(other_, false, bytes_of(std::string(5000, 'y'))).ok());
  pair_.exchange();
  ASSERT_EQ(closed().size(), 1U);
  EXPECT_EQ(closed()[0].stream, chat_);
}

TEST_F(SlowPeer, CanCatchUp) {
  pair_.lose = [] { return true; };
  for (std::size_t i = 0; i < kMaxMessages; ++i)
    ASSERT_TRUE(pair_.server.association.send(chat_, false, bytes_of("x")).ok());
  pair_.run_for(seconds(5));
  pair_.lose = [] { return false; };
  pair_.run_for(seconds(10));
  EXPECT_EQ(pair_.client.all<SctpMessage>().size(), kMaxMessages);
  EXPECT_TRUE(closed().empty());
  EXPECT_EQ(budget_.used(), 0U);
}

// The client's channel closes as soon as it takes something again.
TEST_F(SlowPeer, HearsThatItsChannelIsClosed) {
  pair_.lose = [] { return true; };
  while (pair_.server.association.send(chat_, false, bytes_of("x")).ok()) {
  }
  pair_.lose = [] { return false; };
  pair_.run_for(seconds(10));
  ASSERT_EQ(pair_.client.all<SctpChannelClosed>().size(), 1U);
  EXPECT_EQ(pair_.client.all<SctpChannelClosed>()[0].stream, chat_);
  EXPECT_TRUE(pair_.server.association.send(other_, false, bytes_of("goes on")).ok());
  pair_.run_for(seconds(1));
  EXPECT_EQ(as_text(pair_.client.all<SctpMessage>().back().bytes), "goes on");
}

TEST_F(SlowPeer, LosesTheAssociationWhenItsWindowNeverOpens) {
  close_window();
  ASSERT_TRUE(pair_.server.association.send(chat_, false, bytes_of("waits")).ok());
  pair_.run_for(seconds(25));
  EXPECT_EQ(pair_.server.association.state(), SctpState::kConnected);
  pair_.run_for(seconds(10));
  EXPECT_EQ(pair_.server.association.state(), SctpState::kClosed);
  ASSERT_EQ(closed().size(), 2U);
  EXPECT_EQ(closed()[0].end, ChannelEnd::kTooSlow);
  EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(SlowPeer, IsNotTakenForOneWhenNothingWaits) {
  pair_.run_for(seconds(120));
  EXPECT_TRUE(pair_.server.association.send(chat_, false, bytes_of("hello")).ok());
  pair_.run_for(seconds(120));
  EXPECT_EQ(pair_.server.association.state(), SctpState::kConnected);
  EXPECT_EQ(pair_.client.all<SctpMessage>().size(), 1U);
  EXPECT_EQ(pair_.loop.next_timeout() > pair_.now, true);
}

// What others leave of the budget is little, but each has its own share.
TEST_F(SlowPeer, LeavesOthersTheirShare) {
  budget_.take_anyway(4'000'000);
  pair_.lose = [] { return true; };
  std::size_t accepted = 0;
  while (accepted < kMaxMessages && pair_.server.association.send(chat_, true, bytes_of(std::string(300, 'x'))).ok())
    ++accepted;
  EXPECT_GT(accepted, 10U);
  EXPECT_LT(accepted * 300, 131'072U + 16'384U) << "what usrsctp takes, and the share";
  EXPECT_EQ(pair_.server.association.state(), SctpState::kConnected);
  budget_.give_back(4'000'000);
  EXPECT_LE(budget_.used(), kMaxCost);
}

// Nobody is slow who is not there yet: he gets what fits, and keeps the channel.
TEST(WaitingPeer, KeepsItsChannelUntilItIsThere) {
  SctpPair pair;
  const auto stream = *pair.server.association.open_channel("chat", true);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < 2 * kMaxMessages; ++i) {
    if (pair.server.association.send(stream, false, bytes_of("x")).ok()) ++accepted;
  }
  EXPECT_LT(accepted, kMaxMessages);
  pair.connect();
  pair.run_for(seconds(10));
  EXPECT_TRUE(pair.server.all<SctpChannelClosed>().empty());
  EXPECT_EQ(pair.client.all<SctpMessage>().size(), accepted);
}

}  // namespace
}  // namespace noir
