#include <gtest/gtest.h>

#include <string>

#include "sfu/stray_paths.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two loops, and clients whose datagrams reach the other one.
class StrayTest : public ::testing::Test {
 protected:
  static constexpr LoopIndex kHome = 0;
  static constexpr LoopIndex kWrong = 1;

  SimEnd& join_at_wrong_loop(TransportRole role) {
    JoinOptions options;
    options.loop = kHome;
    options.arrives_at = kWrong;
    SimEnd& end = room_.join(role, options);
    EXPECT_TRUE(room_.run_until([&] { return end.is(TransportState::kConnected) && end.client->can_send(); }));
    return end;
  }
  SfuCounters home() { return room_.sfu(kHome).counters(); }
  SfuCounters wrong() { return room_.sfu(kWrong).counters(); }
  /// A check that claims to be for a transport of such a place, by somebody who has no password.
  void send_stranger(std::uint32_t node, LoopIndex loop, const SocketAddress& from, LoopIndex to) {
    IceControlling stranger(room_.new_credentials(), room_.new_credentials(node, loop), {Path{0, room_.server(to)}}, 1);
    stranger.start(room_.now());
    room_.inject(from, stranger.poll_transmit().value().bytes, to);
  }

  SimRoom room_{1, {}, 2};
};

TEST_F(StrayTest, AClientThatReachesAnotherLoopHoldsACall) {
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  SimEnd& subscriber = join_at_wrong_loop(TransportRole::kSubscriber);
  const SimTrack video = room_.publish_video(publisher);
  const SimDownTrack down = room_.subscribe(subscriber, video);
  room_.run_for(seconds(5));
  EXPECT_GE(down.recorded().frames, 145U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(down.recorded().payload_errors, 0U);
  EXPECT_GT(wrong().datagrams_at_wrong_loop, video.source->packets());
  EXPECT_EQ(wrong().transports, 0U);
  EXPECT_EQ(wrong().dropped_unknown_path + wrong().dropped_stun, 0U);
  EXPECT_EQ(home().dropped_unknown_path + home().dropped_stun, 0U);
}

// Its NAT lets in nothing from anywhere else.
TEST_F(StrayTest, AllThatItGetsComesFromWhereItHasSentTo) {
  room_.net().capture([this](const SimDatagram& d) { return d.from == room_.server(kHome); });
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  (void)room_.publish_video(publisher);
  room_.run_for(seconds(10));
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_TRUE(room_.net().captured().empty());
}

TEST_F(StrayTest, AnEarlyCheckWaitsWhereItsTransportWillBe) {
  const IceCredentials server = room_.new_credentials(SimRoom::kNode, kHome);
  const IceCredentials client = room_.new_credentials();
  const SocketAddress address = room_.new_address();
  room_.net().capture([&](const SimDatagram& d) { return d.to == address; });
  IceControlling ice(client, server, {Path{0, room_.server(kWrong)}}, 1);
  ice.start(room_.now());
  room_.inject(address, ice.poll_transmit().value().bytes, kWrong);
  room_.run_for(milliseconds(20));
  EXPECT_TRUE(room_.net().captured().empty());
  ASSERT_TRUE(room_.sfu(kHome).open_transport(room_.now(), {TransportRole::kSubscriber, server.ufrag, server.pwd}));
  room_.run_for(milliseconds(20));
  ASSERT_EQ(room_.net().captured().size(), 1U);
  EXPECT_EQ(room_.net().captured()[0].from, room_.server(kWrong));
}

// Whatever of it is lost, the client's next check brings it back.
TEST_F(StrayTest, ALostHandoverCostsNoMoreThanALostDatagram) {
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  const SimTrack video = room_.publish_video(publisher);
  bool lost = true;
  room_.drop_handovers([&](LoopIndex, const OutgoingHandover&) { return lost; });
  room_.run_for(seconds(5));
  lost = false;
  room_.run_for(seconds(10));
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room_.subscribe(subscriber, video);
  room_.run_for(seconds(2));
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_GE(down.recorded().frames, 50U);
}

TEST_F(StrayTest, IsForgottenWithItsTransport) {
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  EXPECT_EQ(room_.sfu(kWrong).tables().strays, 1U);
  ASSERT_TRUE(room_.sfu(kHome).close_transport(room_.now(), publisher.transport).ok());
  room_.run_for(milliseconds(1));
  EXPECT_EQ(room_.sfu(kWrong).tables().strays, 0U);
  const std::uint64_t handed_over = wrong().datagrams_at_wrong_loop;
  const std::vector<std::uint8_t> record(100, 22);
  room_.inject(publisher.addresses[0], record, kWrong);
  EXPECT_EQ(wrong().datagrams_at_wrong_loop, handed_over);
}

// When it was not told of the end, it is told by what it hands over then.
TEST_F(StrayTest, IsForgottenByWhatComesBehindItsTransport) {
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  room_.drop_handovers([](LoopIndex from, const OutgoingHandover&) { return from == kHome; });
  ASSERT_TRUE(room_.sfu(kHome).close_transport(room_.now(), publisher.transport).ok());
  room_.run_for(milliseconds(1));
  room_.drop_handovers([](LoopIndex, const OutgoingHandover&) { return false; });
  EXPECT_EQ(room_.sfu(kWrong).tables().strays, 1U);
  room_.inject(publisher.addresses[0], std::vector<std::uint8_t>(100, 22), kWrong);
  room_.run_for(milliseconds(1));
  EXPECT_EQ(room_.sfu(kWrong).tables().strays, 0U);
}

TEST_F(StrayTest, AStrangersCheckMakesNoPath) {
  const SocketAddress stranger = room_.new_address();
  room_.net().capture([&](const SimDatagram& d) { return d.to == stranger; });
  send_stranger(SimRoom::kNode, kHome, stranger, kWrong);
  room_.run_for(seconds(1));
  EXPECT_EQ(wrong().datagrams_at_wrong_loop, 1U);
  EXPECT_EQ(home().dropped_stun, 1U);
  EXPECT_EQ(room_.sfu(kWrong).tables().strays, 0U);
  EXPECT_TRUE(room_.net().captured().empty());
}

TEST_F(StrayTest, StrangersCannotMakeOneLoopFloodAnother) {
  const SocketAddress stranger = room_.new_address();
  for (int i = 0; i < 20'000; ++i) send_stranger(SimRoom::kNode, kHome, stranger, kWrong);
  EXPECT_EQ(wrong().datagrams_at_wrong_loop, std::uint64_t{StrayPaths::kMaxChecks});
  EXPECT_EQ(wrong().dropped_stun, 20'000U - StrayPaths::kMaxChecks);
}

TEST_F(StrayTest, WhoIsThereAlreadyIsServedUnderTheFlood) {
  SimEnd& publisher = join_at_wrong_loop(TransportRole::kPublisher);
  const SocketAddress stranger = room_.new_address();
  for (int second = 0; second < 40; ++second) {
    for (int i = 0; i < 4; ++i) {
      for (int k = 0; k < 600; ++k) send_stranger(SimRoom::kNode, kHome, stranger, kWrong);
      room_.run_for(milliseconds(250));
    }
  }
  EXPECT_TRUE(publisher.is(TransportState::kConnected));
  EXPECT_EQ(publisher.states.size(), 1U);
}

// Media of this loop's own rooms goes on while strays come.
TEST_F(StrayTest, AFloodDoesNotHoldUpTheFanOut) {
  const SimTrack video = room_.publish_video(room_.join_connected(TransportRole::kPublisher, kWrong));
  const SimDownTrack down = room_.subscribe(room_.join_connected(TransportRole::kSubscriber, kWrong), video);
  const SocketAddress stranger = room_.new_address();
  for (int i = 0; i < 2000; ++i) {
    send_stranger(SimRoom::kNode, kHome, stranger, kWrong);
    room_.run_for(milliseconds(1));
  }
  EXPECT_GE(down.recorded().frames, 55U);
  EXPECT_EQ(down.recorded().lost, 0U);
}

TEST_F(StrayTest, ACheckForAnotherNodeIsCountedAndDropped) {
  const SocketAddress stranger = room_.new_address();
  room_.net().capture([&](const SimDatagram& d) { return d.to == stranger; });
  send_stranger(SimRoom::kNode + 1, kHome, stranger, kHome);
  send_stranger(SimRoom::kNode + 1, kWrong, stranger, kHome);
  room_.run_for(seconds(1));
  EXPECT_EQ(home().checks_for_other_nodes, 2U);
  EXPECT_EQ(home().dropped_stun, 0U);
  EXPECT_EQ(home().datagrams_at_wrong_loop, 0U);
  EXPECT_TRUE(room_.net().captured().empty());
}

TEST_F(StrayTest, ACheckForALoopThatIsNotThereIsABadOne) {
  send_stranger(SimRoom::kNode, 2, room_.new_address(), kHome);
  send_stranger(SimRoom::kNode, 255, room_.new_address(), kHome);
  room_.run_for(milliseconds(10));
  EXPECT_EQ(home().dropped_stun, 2U);
  EXPECT_EQ(home().datagrams_at_wrong_loop, 0U);
}

// Who knows a password of his own on one loop must not turn the media of somebody on another one away.
TEST(StrayPaths, AProvenPathIsKeptFromAnotherLoopsClaim) {
  StrayPaths paths;
  const Path path{0, SocketAddress::v4(192, 0, 2, 1, 5000)};
  const Instant now{seconds(100)};
  paths.add(now, path, 1, true);
  paths.add(now, path, 2, false);
  EXPECT_EQ(paths.find(now, path), LoopIndex{1});
  paths.add(now, path, 2, true);
  EXPECT_EQ(paths.find(now, path), LoopIndex{2});
  paths.add(now + StrayPaths::kSilence, path, 1, false);
  EXPECT_EQ(paths.find(now + StrayPaths::kSilence, path), LoopIndex{1});
}

TEST(StrayPaths, AnUnprovenOneIsThatOfWhoCameLast) {
  StrayPaths paths;
  const Path path{0, SocketAddress::v4(192, 0, 2, 1, 5000)};
  paths.add(Instant{}, path, 1, false);
  paths.add(Instant{}, path, 2, false);
  EXPECT_EQ(paths.find(Instant{}, path), LoopIndex{2});
  paths.forget(path, 1);
  EXPECT_EQ(paths.size(), 1U);
  paths.forget(path, 2);
  EXPECT_EQ(paths.size(), 0U);
}

TEST(StrayPaths, EndAfterSilenceAndAreBounded) {
  StrayPaths paths;
  const auto path = [](std::size_t i) {
    return Path{0, SocketAddress::v4(10, 0, 0, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint16_t>(i))};
  };
  const Instant now{seconds(100)};
  for (std::size_t i = 0; i < 2 * StrayPaths::kMaxPaths; ++i) paths.add(now, path(i), 1, false);
  EXPECT_EQ(paths.size(), StrayPaths::kMaxPaths);
  EXPECT_EQ(paths.find(now + seconds(20), path(0)), LoopIndex{1});
  const Instant later = now + StrayPaths::kPathLife + seconds(1);
  EXPECT_FALSE(paths.find(later, path(1)));
  paths.add(later, path(100'000), 1, false);
  EXPECT_EQ(paths.size(), 2U);
}

}  // namespace
}  // namespace noir
