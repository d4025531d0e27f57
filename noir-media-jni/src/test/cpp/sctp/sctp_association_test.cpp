#include "sctp/sctp_association.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "sctp/sctp_pair.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::bytes_of;
using test::SctpPair;

std::string text_of(const SctpMessage& message) { return {message.bytes.begin(), message.bytes.end()}; }

std::vector<std::uint8_t> pattern(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::mt19937 random(1);
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

TEST(SctpAssociation, ConnectsWhenBothBegin) {
  SctpPair pair;
  pair.connect();
  EXPECT_EQ(pair.client.association.state(), SctpState::kConnected);
  EXPECT_EQ(pair.server.association.state(), SctpState::kConnected);
}

TEST(SctpAssociation, ConnectsWhenThePeerIsFirst) {
  SctpPair pair;
  pair.client.association.connect();
  pair.exchange();
  EXPECT_EQ(pair.server.association.state(), SctpState::kConnected);
}

TEST(SctpAssociation, OpensChannelsBothWays) {
  SctpPair pair;
  EXPECT_EQ(*pair.server.association.open_channel("ion-sfu", true), 15) << "before the connection, odd for the server";
  pair.connect();
  EXPECT_EQ(*pair.client.association.open_channel("chat", false), 14) << "even for the client";
  EXPECT_EQ(*pair.client.association.open_channel("more", true), 12);
  pair.exchange();
  const auto at_client = pair.client.all<SctpChannelOpened>();
  ASSERT_EQ(at_client.size(), 3U);
  EXPECT_EQ(at_client[0].label, "ion-sfu");
  EXPECT_TRUE(at_client[0].opened_by_peer);
  const auto at_server = pair.server.all<SctpChannelOpened>();
  ASSERT_EQ(at_server.size(), 3U);
  EXPECT_FALSE(at_server[0].opened_by_peer);
  EXPECT_EQ(at_server[1].label, "chat");
  EXPECT_FALSE(at_server[1].ordered);
}

TEST(SctpAssociation, CarriesTextBinaryAndEmptyMessages) {
  SctpPair pair;
  const auto stream = *pair.server.association.open_channel("a", true);
  EXPECT_TRUE(pair.server.association.send(stream, false, bytes_of("waits for the connection")).ok());
  pair.connect();
  EXPECT_TRUE(pair.client.association.send(stream, false, bytes_of("text")).ok());
  EXPECT_TRUE(pair.client.association.send(stream, true, bytes_of("binary")).ok());
  EXPECT_TRUE(pair.client.association.send(stream, false, ByteSpan{}).ok());
  EXPECT_TRUE(pair.client.association.send(stream, true, ByteSpan{}).ok());
  pair.exchange();
  const auto at_client = pair.client.all<SctpMessage>();
  ASSERT_EQ(at_client.size(), 1U);
  EXPECT_EQ(text_of(at_client[0]), "waits for the connection");
  const auto at_server = pair.server.all<SctpMessage>();
  ASSERT_EQ(at_server.size(), 4U);
  EXPECT_EQ(text_of(at_server[0]), "text");
  EXPECT_FALSE(at_server[0].binary);
  EXPECT_EQ(text_of(at_server[1]), "binary");
  EXPECT_TRUE(at_server[1].binary);
  EXPECT_TRUE(at_server[2].bytes.empty());
  EXPECT_FALSE(at_server[2].binary);
  EXPECT_TRUE(at_server[3].bytes.empty());
  EXPECT_TRUE(at_server[3].binary);
}

TEST(SctpAssociation, PacketsFitIntoOneDtlsDatagram) {
  SctpPair pair;
  pair.connect();
  const auto stream = *pair.client.association.open_channel("a", true);
  ASSERT_TRUE(pair.client.association.send(stream, true, pattern(20'000)).ok());
  std::vector<std::uint8_t> packet;
  std::size_t largest = 0;
  while (pair.client.association.poll_transmit(packet)) largest = std::max(largest, packet.size());
  EXPECT_GT(largest, 1100U);
  EXPECT_LE(largest, 1163U) << "1200 less a DTLS record";
}

TEST(SctpAssociation, CarriesTheLargestMessage) {
  SctpPair pair;
  pair.connect();
  const auto stream = *pair.client.association.open_channel("a", true);
  const auto message = pattern(65'536);
  EXPECT_TRUE(pair.client.association.send(stream, true, message).ok());
  EXPECT_EQ(pair.client.association.send(stream, true, pattern(65'537)).error(), ErrorCode::kLimitExceeded);
  pair.run_for(seconds(2));
  const auto received = pair.server.all<SctpMessage>();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].bytes, message);
}

TEST(SctpAssociation, RepairsLoss) {
  SctpPair pair;
  std::mt19937 random(7);
  pair.lose = [&] { return random() % 10 == 0; };
  pair.connect();
  const auto stream = *pair.client.association.open_channel("a", true);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(pair.client.association.send(stream, false, bytes_of(std::to_string(i))).ok());
    pair.run_for(milliseconds(20));
  }
  ASSERT_TRUE(pair.client.association.send(stream, true, pattern(50'000)).ok());
  pair.run_for(seconds(10));
  const auto received = pair.server.all<SctpMessage>();
  ASSERT_EQ(received.size(), 201U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(text_of(received[static_cast<std::size_t>(i)]), std::to_string(i));
  EXPECT_EQ(received[200].bytes, pattern(50'000));
}

TEST(SctpAssociation, ClosesChannelsAndUsesTheirStreamsAgain) {
  SctpPair pair;
  pair.connect();
  for (int round = 0; round < 3; ++round) {
    const auto stream = *pair.client.association.open_channel("a", true);
    EXPECT_EQ(stream, 14);
    pair.run_for(seconds(1));
    EXPECT_TRUE(pair.client.association.send(stream, false, bytes_of("last words")).ok());
    EXPECT_TRUE(pair.client.association.close_channel(stream).ok());
    EXPECT_EQ(pair.client.association.send(stream, false, bytes_of("too late")).error(), ErrorCode::kWrongState);
    pair.run_for(seconds(1));
    EXPECT_EQ(pair.client.association.channel_count(), 0U);
    EXPECT_EQ(pair.server.association.channel_count(), 0U);
  }
  EXPECT_EQ(pair.client.all<SctpChannelClosed>().size(), 3U);
  EXPECT_EQ(pair.server.all<SctpChannelClosed>().size(), 3U);
  EXPECT_EQ(pair.server.all<SctpMessage>().size(), 3U);
}

TEST(SctpAssociation, ReopensAtOnceOnAnotherStream) {
  SctpPair pair;
  pair.connect();
  const auto first = *pair.client.association.open_channel("a", true);
  pair.exchange();
  ASSERT_TRUE(pair.client.association.close_channel(first).ok());
  EXPECT_NE(*pair.client.association.open_channel("b", true), first);
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.server.association.channel_count(), 1U);
}

TEST(SctpAssociation, BoundsChannels) {
  SctpPair pair(65'536, 2);
  pair.connect();
  EXPECT_TRUE(pair.client.association.open_channel("1", true).ok());
  EXPECT_TRUE(pair.client.association.open_channel("2", true).ok());
  EXPECT_EQ(pair.client.association.open_channel("3", true).error(), ErrorCode::kLimitExceeded);
}

TEST(SctpAssociation, CloseAbortsThePeer) {
  SctpPair pair;
  pair.connect();
  ASSERT_TRUE(pair.client.association.open_channel("a", true).ok());
  pair.exchange();
  pair.client.association.close();
  pair.exchange();
  EXPECT_EQ(pair.server.association.state(), SctpState::kClosed);
  EXPECT_EQ(pair.server.all<SctpChannelClosed>().size(), 1U);
  EXPECT_EQ(pair.server.all<SctpStateChanged>().back().state, SctpState::kClosed);
  EXPECT_EQ(pair.server.association.open_channel("b", true).error(), ErrorCode::kWrongState);
}

TEST(SctpAssociation, GivesUpWhenNobodyAnswers) {
  SctpPair pair;
  pair.lose = [] { return true; };
  pair.client.association.connect();
  pair.run_for(seconds(600));
  EXPECT_EQ(pair.client.association.state(), SctpState::kClosed);
}

TEST(SctpAssociation, SurvivesNoise) {
  SctpPair pair;
  std::mt19937 random(3);
  pair.connect();
  const auto stream = *pair.client.association.open_channel("a", true);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> noise(random() % 200);
    for (auto& b : noise) b = static_cast<std::uint8_t>(random());
    if (noise.size() >= 4) {
      store_be16(noise.data(), 5000);
      store_be16(noise.data() + 2, 5000);
    }
    pair.server.association.handle_packet(noise);
  }
  ASSERT_TRUE(pair.client.association.send(stream, false, bytes_of("still there")).ok());
  pair.exchange();
  EXPECT_EQ(pair.server.all<SctpMessage>().size(), 1U);
}

TEST(SctpLoop, IsSilentWithoutAssociations) {
  SctpLoop loop;
  EXPECT_EQ(loop.next_timeout(), kNever);
  {
    SctpAssociation association(loop, {});
    EXPECT_NE(loop.next_timeout(), kNever);
  }
  EXPECT_EQ(loop.next_timeout(), kNever);
}

TEST(SctpLoop, ComesAndGoesManyTimes) {
  for (int i = 0; i < 20; ++i) {
    SctpPair pair;
    pair.connect();
    ASSERT_TRUE(pair.client.association.open_channel("a", true).ok());
    pair.exchange();
    ASSERT_EQ(pair.server.association.channel_count(), 1U);
  }
}

/// Counts how often another loop's thread woke this one.
class CountingWaker final : public SctpWaker {
 public:
  void wake() noexcept override { ++wakes; }
  int wakes = 0;
};

// The timers of usrsctp are one list: whoever drives them queues for the others and wakes them.
TEST(SctpLoop, TellsTheOwnerWhenAnotherLoopsTimersQueuedSomething) {
  CountingWaker waker_a;
  CountingWaker waker_b;
  SctpLoop a(&waker_a);
  SctpLoop b(&waker_b);
  SctpAssociation of_a(a, {.tag = 11});
  SctpAssociation of_b(b, {.tag = 22});
  Instant now{seconds(5)};
  a.handle_timeout(now);
  of_b.connect();
  std::vector<std::uint8_t> packet;
  EXPECT_TRUE(of_b.poll_transmit(packet)) << "INIT";
  EXPECT_FALSE(of_b.poll_transmit(packet));
  EXPECT_FALSE(b.poll_ready().has_value());
  now += seconds(4);
  a.handle_timeout(now);  // INIT is sent again.
  EXPECT_EQ(waker_a.wakes, 0);
  EXPECT_EQ(waker_b.wakes, 1);
  EXPECT_FALSE(a.poll_ready().has_value());
  EXPECT_EQ(b.next_timeout(), Instant::min());
  EXPECT_EQ(b.poll_ready(), 22U);
  EXPECT_FALSE(b.poll_ready().has_value());
  EXPECT_TRUE(of_b.poll_transmit(packet));
}

TEST(SctpLoop, ForgetsAnAssociationThatGoesWhileReady) {
  CountingWaker waker;
  SctpLoop a;
  SctpLoop b(&waker);
  Instant now{seconds(5)};
  const SctpAssociation of_a(a, {.tag = 2});
  auto association = std::make_unique<SctpAssociation>(b, SctpParams{.tag = 1});
  a.handle_timeout(now);
  association->connect();
  a.handle_timeout(now + seconds(4));
  EXPECT_EQ(waker.wakes, 1);
  association.reset();
  EXPECT_FALSE(b.poll_ready().has_value());
}

// Two loops share one clock: time must not run twice as fast.
TEST(SctpLoop, CountsTimeOnceForAllLoops) {
  SctpLoop a;
  SctpLoop b;
  SctpAssociation association(a, {.tag = 1});
  Instant now{seconds(5)};
  a.handle_timeout(now);
  association.connect();
  std::vector<std::uint8_t> packet;
  while (association.poll_transmit(packet)) {
  }
  int sent = 0;
  for (int i = 0; i < 45; ++i) {  // The INIT is repeated after 500 ms.
    now += milliseconds(10);
    a.handle_timeout(now);
    b.handle_timeout(now);
    while (association.poll_transmit(packet)) ++sent;
  }
  EXPECT_EQ(sent, 0);
}

}  // namespace
}  // namespace noir
