#include "loop/feedback_sockets.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <vector>

#include "loop/clock.hpp"
#include "loop/file_descriptor.hpp"
#include "loop/loopback.hpp"
#include "loop/system_error.hpp"

namespace noir {
namespace {

using test::has_ipv6;
using test::loopback;
using test::loopback6;
using test::receive_from;
using test::send_to;

using Bytes = std::vector<std::uint8_t>;

const Bytes kFeedback{0x8F, 205, 0, 1, 0, 0, 0, 0};
const Bytes kPaddedFeedback{0xAF, 205, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4};

std::vector<SocketAddress> addresses() {
  std::vector<SocketAddress> all{loopback()};
  if (has_ipv6()) all.push_back(loopback6());
  return all;
}

SocketAddress of(const UdpSocket& socket) { return socket.local(); }

TEST(UdpSocketForFeedback, GetsTransportWideFeedbackAndNothingElse) {
  for (const SocketAddress& address : addresses()) {
    UdpSocket socket(address);
    const auto beside = socket.open_for_feedback();
    ASSERT_TRUE(beside) << describe(address);
    EXPECT_EQ(beside->local(), socket.local());
    const UdpSocket client(address);

    for (const Bytes& feedback : {kFeedback, kPaddedFeedback}) {
      send_to(client, of(socket), feedback);
      EXPECT_EQ(receive_from(*beside), feedback);
    }
    const Bytes media{0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
    const Bytes nack{0x81, 205, 0, 3, 0, 0, 0, 0};
    const Bytes picture_loss{0x81, 206, 0, 2, 0, 0, 0, 0};
    const Bytes remb{0x8F, 206, 0, 5, 0, 0, 0, 0};
    const Bytes report{0x81, 201, 0, 7, 0, 0, 0, 0};
    const Bytes check{0x00, 0x01, 0, 0};
    const Bytes hello{22, 254, 253};
    const Bytes short_one{0x8F};
    for (const Bytes& other : {media, nack, picture_loss, remb, report, check, hello, short_one}) {
      send_to(client, of(socket), other);
      EXPECT_EQ(receive_from(socket), other);
    }
    EXPECT_FALSE(receive_from(*beside, 0));
    EXPECT_FALSE(receive_from(socket, 0));
  }
}

// Two servers on one port would each get what the other's clients send.
TEST(UdpSocketForFeedback, ThePortIsStillNobodyElses) {
  UdpSocket socket(loopback());
  const auto beside = socket.open_for_feedback();
  ASSERT_TRUE(beside);
  EXPECT_THROW(UdpSocket{of(socket)}, SystemError);
}

TEST(UdpSocketForFeedback, WhatTheSocketSendsComesFromThePort) {
  UdpSocket socket(loopback());
  const auto beside = socket.open_for_feedback();
  ASSERT_TRUE(beside);
  const UdpSocket client(loopback());
  send_to(socket, of(client), kFeedback);
  SystemAddress from{};
  socklen_t size = sizeof from;
  Bytes datagram(64);
  pollfd waiting{client.fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&waiting, 1, 2000), 1);
  ASSERT_GT(::recvfrom(client.fd(), datagram.data(), datagram.size(), 0, &from.any, &size), 0);
  EXPECT_EQ(from_system(from), of(socket));
}

/// With an epoll that nobody but the test looks at, and a clock of its own.
class FeedbackSocketsTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kKey = 77;

  FeedbackSocketsTest() {
    for (const SocketAddress& address : addresses()) sockets_.emplace_back(address);
    feedback_.emplace(epoll_.get(), kKey, sockets_);
  }

  void send(std::size_t local) { send_to(clients_[local], of(sockets_[local]), kFeedback); }
  /// Whether epoll says so, once.
  bool is_told() {
    epoll_event event{};
    if (::epoll_wait(epoll_.get(), &event, 1, 0) != 1) return false;
    EXPECT_EQ(event.data.u64, kKey);
    feedback_->note_ready();
    return true;
  }
  /// How many are taken at that time.
  int take(Instant now) {
    int taken = 0;
    feedback_->take_due(now, [&](std::uint16_t local, const UdpSocket& socket) {
      ++asked_;
      int here = 0;
      while (receive_from(socket, 0)) {
        EXPECT_EQ(of(socket), of(sockets_[local]));
        ++here;
      }
      taken += here;
      return here > 0;
    });
    return taken;
  }

  FileDescriptor epoll_{::epoll_create1(0)};
  UdpSockets sockets_;
  std::optional<FeedbackSockets> feedback_;
  UdpSockets clients_ = [] {
    UdpSockets clients;
    for (const SocketAddress& address : addresses()) clients.emplace_back(address);
    return clients;
  }();
  int asked_ = 0;
  const Instant start_ = monotonic_now();
};

TEST_F(FeedbackSocketsTest, EachSocketHasOne) { EXPECT_EQ(feedback_->size(), sockets_.size()); }

TEST_F(FeedbackSocketsTest, NobodyLooksWhileNothingIsThere) {
  EXPECT_FALSE(is_told());
  EXPECT_EQ(feedback_->next_timeout(), kNever);
  EXPECT_EQ(take(start_), 0);
  EXPECT_EQ(asked_, 0);
}

TEST_F(FeedbackSocketsTest, ReportsOfTenMillisecondsAreTakenTogether) {
  send(0);
  ASSERT_TRUE(is_told());
  EXPECT_EQ(take(start_), 0);
  EXPECT_EQ(feedback_->next_timeout(), start_ + FeedbackSockets::kInterval);
  for (int i = 0; i < 9; ++i) send(0);
  EXPECT_FALSE(is_told()) << "each report by itself wakes the loop";

  EXPECT_EQ(take(start_ + FeedbackSockets::kInterval), 10);
}

TEST_F(FeedbackSocketsTest, WhoIsAwakeAnywayTakesThemEarlier) {
  send(0);
  ASSERT_TRUE(is_told());
  EXPECT_EQ(take(start_), 0);
  EXPECT_EQ(take(start_ + FeedbackSockets::kInterval / 2), 1);
}

TEST_F(FeedbackSocketsTest, TheNextRoundFollowsAndEndsWhenNothingCame) {
  send(0);
  ASSERT_TRUE(is_told());
  (void)take(start_);
  const Instant first = start_ + FeedbackSockets::kInterval;
  EXPECT_EQ(take(first), 1);
  send(0);
  EXPECT_FALSE(is_told());
  EXPECT_EQ(feedback_->next_timeout(), first + FeedbackSockets::kInterval);
  EXPECT_EQ(take(first + FeedbackSockets::kInterval), 1);
  EXPECT_EQ(take(first + 2 * FeedbackSockets::kInterval), 0);
  EXPECT_EQ(feedback_->next_timeout(), kNever);

  send(sockets_.size() - 1);
  EXPECT_TRUE(is_told()) << "nobody is told any more";
  EXPECT_EQ(take(first + 3 * FeedbackSockets::kInterval), 0);
  EXPECT_EQ(take(first + 4 * FeedbackSockets::kInterval), 1);
}

}  // namespace
}  // namespace noir
