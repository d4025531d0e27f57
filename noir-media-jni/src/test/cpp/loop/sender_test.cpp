#include "loop/sender.hpp"

#include <gtest/gtest.h>

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
    sender.send(socket, 0, {&transmit, 1});
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
  sender.send(socket, 0, transmits);
  for (std::size_t i = 0; i < transmits.size(); ++i) ASSERT_TRUE(receive_from(client).has_value()) << i;
  EXPECT_EQ(sender.dropped(), 0U);
}

TEST_P(SenderTest, OtherSocketsTransmitsAreLeftOut) {
  const auto bytes = counting(50);
  const std::vector<Transmit> transmits{{{1, client.local()}, bytes, 50}, {{0, client.local()}, bytes, 25}};
  sender.send(socket, 0, transmits);
  EXPECT_EQ(receive_from(client)->size(), 25U);
  EXPECT_EQ(receive_from(client)->size(), 25U);
  EXPECT_FALSE(receive_from(client, 0).has_value());
}

TEST_P(SenderTest, RefusedMessageDoesNotStopTheOthers) {
  const auto bytes = counting(50);
  const SocketAddress nowhere = SocketAddress::v4(255, 255, 255, 255, 9);  // EACCES without SO_BROADCAST.
  const std::vector<Transmit> transmits{{{0, nowhere}, bytes, 25}, {{0, client.local()}, bytes, 50}};
  sender.send(socket, 0, transmits);
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

}  // namespace
}  // namespace noir
