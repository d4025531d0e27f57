#include "loop/datagram_receiver.hpp"

#include <gtest/gtest.h>

#include "loop/clock.hpp"
#include "loop/loopback.hpp"

namespace noir {
namespace {

using test::loopback;
using test::send_to;

TEST(DatagramReceiver, GivesDatagramsInOrderWithTheirSender) {
  PacketPool pool(256);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  const UdpSocket client(loopback());
  for (std::uint8_t i = 0; i < 3; ++i) send_to(client, socket.local(), std::vector<std::uint8_t>(i + 1U, i));

  bool more = true;
  const auto received = receiver.receive(socket, more);
  ASSERT_EQ(received.size(), 3U);
  EXPECT_FALSE(more);
  for (std::uint8_t i = 0; i < 3; ++i) {
    EXPECT_EQ(received[i].remote, client.local());
    const ByteSpan bytes = received[i].buffer->bytes();
    EXPECT_EQ(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), std::vector<std::uint8_t>(i + 1U, i));
  }
}

TEST(DatagramReceiver, TellsWhenEachArrivedNotWhenItWasRead) {
  PacketPool pool(256);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  const UdpSocket client(loopback());
  const Instant before = monotonic_now();
  for (std::uint8_t i = 0; i < 3; ++i) send_to(client, socket.local(), std::vector<std::uint8_t>(10, i));

  bool more = true;
  const auto received = receiver.receive(socket, more);
  const Instant after = monotonic_now();
  ASSERT_EQ(received.size(), 3U);
  // The two clocks are read one after the other, hence the slack.
  EXPECT_GE(received[0].arrival, before - std::chrono::milliseconds(1));
  EXPECT_LE(received[0].arrival, received[1].arrival);
  EXPECT_LE(received[1].arrival, received[2].arrival);
  EXPECT_LE(received[2].arrival, after);
}

TEST(DatagramReceiver, NothingThereIsNoError) {
  PacketPool pool(256);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  bool more = true;
  EXPECT_TRUE(receiver.receive(socket, more).empty());
  EXPECT_FALSE(more);
}

TEST(DatagramReceiver, SaysThatMoreWaits) {
  PacketPool pool(256);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  const UdpSocket client(loopback());
  const std::vector<std::uint8_t> datagram(10);
  for (std::size_t i = 0; i < DatagramReceiver::kBatch + 1; ++i) send_to(client, socket.local(), datagram);

  bool more = false;
  EXPECT_EQ(receiver.receive(socket, more).size(), DatagramReceiver::kBatch);
  EXPECT_TRUE(more);
  EXPECT_EQ(receiver.receive(socket, more).size(), 1U);
  EXPECT_FALSE(more);
}

TEST(DatagramReceiver, DropsWhatIsLargerThanABuffer) {
  PacketPool pool(256);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  const UdpSocket client(loopback());
  send_to(client, socket.local(), std::vector<std::uint8_t>(PacketBuffer::kCapacity + 1));
  send_to(client, socket.local(), std::vector<std::uint8_t>(PacketBuffer::kCapacity));

  bool more = true;
  const auto received = receiver.receive(socket, more);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].buffer->bytes().size(), PacketBuffer::kCapacity);
  EXPECT_EQ(receiver.dropped(), 1U);
}

TEST(DatagramReceiver, EmptiesTheSocketWhenThePoolIsEmpty) {
  PacketPool pool(0);
  DatagramReceiver receiver(pool);
  const UdpSocket socket(loopback());
  const UdpSocket client(loopback());
  send_to(client, socket.local(), std::vector<std::uint8_t>(10));

  bool more = true;
  EXPECT_TRUE(receiver.receive(socket, more).empty());
  EXPECT_EQ(receiver.dropped(), 1U);
  EXPECT_TRUE(receiver.receive(socket, more).empty());
  EXPECT_EQ(receiver.dropped(), 1U);
}

}  // namespace
}  // namespace noir
