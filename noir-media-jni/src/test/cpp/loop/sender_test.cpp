#include "loop/sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <numeric>

#include "loop/loopback.hpp"

namespace noir {
namespace {

using test::loopback;
using test::receive_from;

std::vector<std::uint8_t> counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

struct SenderTest : ::testing::TestWithParam<bool> {
  SenderTest() {
    if (!GetParam()) socket.give_up_gso();
  }

  /// What the client gets of one transmit, put together again, and in how many datagrams.
  std::vector<std::size_t> send(const std::vector<std::uint8_t>& bytes, std::size_t segment_size) {
    const Transmit transmit{{0, client.local()}, bytes, segment_size};
    sender.send(Instant{}, socket, 0, {&transmit, 1});
    std::vector<std::size_t> sizes;
    std::vector<std::uint8_t> all;
    while (all.size() < bytes.size()) {
      const auto datagram = receive_from(client);
      if (!datagram) break;
      sizes.push_back(datagram->size());
      all.insert(all.end(), datagram->begin(), datagram->end());
    }
    EXPECT_EQ(all, bytes);
    return sizes;
  }

  UdpSocket socket{loopback()};
  UdpSocket client{loopback()};
  Sender sender;
};

TEST_P(SenderTest, RunArrivesAsDatagrams) {
  EXPECT_EQ(send(counting(2500), 1000), (std::vector<std::size_t>{1000, 1000, 500}));
}

TEST_P(SenderTest, OneDatagramStaysOne) { EXPECT_EQ(send(counting(1200), 1200), (std::vector<std::size_t>{1200})); }

TEST_P(SenderTest, SegmentSizeZeroIsOneDatagram) { EXPECT_EQ(send(counting(100), 0), (std::vector<std::size_t>{100})); }

TEST_P(SenderTest, LongRunsAreCut) {
  // More than 64 segments, then more than 65507 bytes: both are the kernel's limits.
  EXPECT_EQ(send(counting(150 * 20), 20), std::vector<std::size_t>(150, 20));
  EXPECT_EQ(send(counting(70 * 1100), 1100), std::vector<std::size_t>(70, 1100));
}

TEST_P(SenderTest, MoreMessagesThanABatch) {
  const auto bytes = counting(50);
  const std::vector<Transmit> transmits(Sender::kBatch * 2 + 1, Transmit{{0, client.local()}, bytes, 50});
  sender.send(Instant{}, socket, 0, transmits);
  for (std::size_t i = 0; i < transmits.size(); ++i) ASSERT_TRUE(receive_from(client).has_value()) << i;
  EXPECT_EQ(sender.dropped(), 0U);
}

TEST_P(SenderTest, OtherSocketsTransmitsAreLeftOut) {
  const auto bytes = counting(50);
  const std::vector<Transmit> transmits{{{1, client.local()}, bytes, 50}, {{0, client.local()}, bytes, 25}};
  sender.send(Instant{}, socket, 0, transmits);
  EXPECT_EQ(receive_from(client)->size(), 25U);
  EXPECT_EQ(receive_from(client)->size(), 25U);
  EXPECT_FALSE(receive_from(client, 0).has_value());
}

TEST_P(SenderTest, RefusedMessageDoesNotStopTheOthers) {
  const auto bytes = counting(50);
  const SocketAddress nowhere = SocketAddress::v4(255, 255, 255, 255, 9);  // EACCES without SO_BROADCAST.
  const std::vector<Transmit> transmits{{{0, nowhere}, bytes, 25}, {{0, client.local()}, bytes, 50}};
  sender.send(Instant{}, socket, 0, transmits);
  EXPECT_EQ(receive_from(client)->size(), 50U);
  EXPECT_EQ(sender.dropped(), 2U);
}

TEST_P(SenderTest, FallsBackWhenTheKernelRefusesTheRun) {
  // Without checksums the kernel answers UDP_SEGMENT with EINVAL, as it does for segments above the path's MTU.
  const int on = 1;
  ASSERT_EQ(::setsockopt(socket.fd(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
  EXPECT_EQ(send(counting(2500), 1000), (std::vector<std::size_t>{1000, 1000, 500}));
  EXPECT_EQ(sender.gso_refused(), GetParam() ? 1U : 0U);
  EXPECT_EQ(sender.dropped(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Gso, SenderTest, ::testing::Values(true, false),
                         [](const auto& gso) { return gso.param ? "WithGso" : "WithoutGso"; });

/// A socket that takes so many messages, and no more until it is told to.
struct FullSocketTest : ::testing::Test {
  void send(std::size_t messages, std::uint8_t tag) {
    std::vector<std::uint8_t> bytes(100, tag);
    const std::vector<Transmit> transmits(messages, Transmit{{0, client.local()}, bytes, 100});
    sender.send(now, socket, 0, transmits);
  }
  /// The tags of what has arrived.
  std::vector<std::uint8_t> received() {
    std::vector<std::uint8_t> tags;
    while (const auto datagram = receive_from(client, 0)) tags.push_back(datagram->at(0));
    return tags;
  }

  unsigned room = 0;
  std::size_t calls = 0;
  Instant now{std::chrono::seconds(1000)};
  UdpSocket socket{loopback()};
  UdpSocket client{loopback()};
  Sender sender{[this](int fd, mmsghdr* messages, unsigned count) {
    ++calls;
    if (room == 0) {
      errno = EAGAIN;
      return -1;
    }
    const int sent = ::sendmmsg(fd, messages, std::min(room, count), MSG_DONTWAIT);
    room -= static_cast<unsigned>(sent);
    return sent;
  }};
};

TEST_F(FullSocketTest, WhatItHasNoRoomForGoesFirstTheNextTime) {
  room = 2;
  send(5, 1);
  EXPECT_EQ(received(), (std::vector<std::uint8_t>{1, 1}));
  EXPECT_TRUE(sender.waits());
  EXPECT_EQ(sender.waiting(), std::vector<std::uint16_t>{0});
  room = 100;
  send(2, 2);
  EXPECT_EQ(received(), (std::vector<std::uint8_t>{1, 1, 1, 2, 2}));
  EXPECT_FALSE(sender.waits());
  EXPECT_EQ(sender.dropped(), 0U);
}

// The loop has others to serve: it asks once.
TEST_F(FullSocketTest, NobodyWaitsForIt) {
  send(10 * Sender::kBatch, 1);
  EXPECT_EQ(calls, 1U);
  calls = 0;
  send(0, 0);
  EXPECT_EQ(calls, 1U);
  EXPECT_TRUE(sender.waits());
}

TEST_F(FullSocketTest, OtherSocketsGoOn) {
  send(3, 1);
  UdpSocket other(loopback());
  const std::vector<std::uint8_t> bytes(100, 2);
  const Transmit transmit{{1, client.local()}, bytes, 100};
  room = 1;
  sender.send(now, other, 1, {&transmit, 1});
  EXPECT_EQ(received(), std::vector<std::uint8_t>{2});
  EXPECT_EQ(sender.waiting(), std::vector<std::uint16_t>{0});
}

TEST_F(FullSocketTest, OldMediaIsDropped) {
  send(3, 1);
  now += SendBacklog::kMaxAge + std::chrono::milliseconds(1);
  room = 100;
  send(1, 2);
  EXPECT_EQ(received(), std::vector<std::uint8_t>{2});
  EXPECT_EQ(sender.dropped(), 3U);
  EXPECT_FALSE(sender.waits());
}

TEST_F(FullSocketTest, KeepsSoMuchAndTheNewest) {
  const std::size_t kept = SendBacklog::kMaxBytes / 100;
  send(kept, 1);
  send(1000, 2);
  EXPECT_EQ(sender.dropped(), 1000U);
  // As much at a time as the client's buffer takes, whatever its size.
  std::vector<std::uint8_t> tags;
  while (sender.waits()) {
    room = 50;
    send(0, 0);
    for (const std::uint8_t tag : received()) tags.push_back(tag);
  }
  ASSERT_EQ(tags.size(), kept);
  EXPECT_EQ(std::count(tags.begin(), tags.end(), 2), 1000);
  EXPECT_TRUE(std::is_sorted(tags.begin(), tags.end()));
}

TEST_F(FullSocketTest, ARunStaysWhole) {
  const auto bytes = counting(2500);
  const Transmit transmit{{0, client.local()}, bytes, 1000};
  sender.send(now, socket, 0, {&transmit, 1});
  room = 100;
  send(0, 0);
  std::vector<std::uint8_t> all;
  while (const auto datagram = receive_from(client, 0)) all.insert(all.end(), datagram->begin(), datagram->end());
  EXPECT_EQ(all, bytes);
}

}  // namespace
}  // namespace noir
