#include <gtest/gtest.h>

#include "sfu/demux.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The DTLS ClientHello race (CVE-2023-49786, -51443, -51275): who is not vouched for by ICE is not listened to.
class ClientHelloSprayTest : public ::testing::Test {
 protected:
  ClientHelloSprayTest() : stranger_(context_, DtlsRole::kClient) {
    stranger_.start(room_.now());
    EXPECT_TRUE(stranger_.poll_transmit(hello_));
  }

  const Certificate certificate_ = Certificate::generate().value();
  const DtlsContext context_{certificate_};
  DtlsTransport stranger_;
  std::vector<std::uint8_t> hello_;
  SimRoom room_;
};

TEST_F(ClientHelloSprayTest, UnknownAddressesAreDroppedAndNotAnswered) {
  std::vector<SocketAddress> spoofed;
  for (int i = 0; i < 1000; ++i) spoofed.push_back(room_.new_address());
  room_.net().capture([&](const SimDatagram& d) {
    return d.from == room_.server() && std::find(spoofed.begin(), spoofed.end(), d.to) != spoofed.end();
  });
  std::vector<SimEnd*> ends;
  for (int i = 0; i < 20; ++i) {
    ends.push_back(&room_.join(i % 2 == 0 ? TransportRole::kPublisher : TransportRole::kSubscriber));
    for (const SocketAddress& address : spoofed) room_.inject(address, hello_);
    room_.run_for(milliseconds(5));
  }
  room_.run_for(seconds(1));
  for (const SimEnd* end : ends) EXPECT_TRUE(end->is(TransportState::kConnected));
  EXPECT_TRUE(room_.net().captured().empty());
  EXPECT_EQ(room_.sfu().counters().dropped_unknown_path, 20'000U);
}

TEST_F(ClientHelloSprayTest, SpoofedAddressOfAConnectedClientChangesNothing) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room_.subscribe(subscriber, room_.publish_video(publisher));
  for (int i = 0; i < 1000; ++i) {
    room_.inject(publisher.addresses[0], hello_);
    room_.inject(subscriber.addresses[0], hello_);
    room_.run_for(milliseconds(2));
  }
  EXPECT_GE(down.recorded().frames, 55U);
  EXPECT_EQ(down.recorded().nacked, 0U);
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_TRUE(subscriber.is(TransportState::kConnected));
}

TEST_F(ClientHelloSprayTest, GarbageOfEveryFirstByteIsDropped) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room_.subscribe(subscriber, room_.publish_video(publisher));
  std::mt19937_64 random(3);
  const SocketAddress stranger = room_.new_address();
  for (unsigned i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> garbage(random() % 1200);
    for (auto& b : garbage) b = static_cast<std::uint8_t>(random());
    if (!garbage.empty()) garbage[0] = static_cast<std::uint8_t>(i);
    const SocketAddress from[] = {stranger, publisher.addresses[0], subscriber.addresses[0]};
    room_.inject(from[i % 3], garbage);
    if (i % 100 == 0) room_.run_for(milliseconds(10));
  }
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_TRUE(subscriber.is(TransportState::kConnected));
  EXPECT_GE(down.recorded().frames, 85U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
}

}  // namespace
}  // namespace noir
