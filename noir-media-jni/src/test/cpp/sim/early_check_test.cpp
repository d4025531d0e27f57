#include <gtest/gtest.h>

#include "sfu/early_checks.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;

/// A client whose first check overtakes the command that opens its transport.
class EarlyCheckTest : public ::testing::Test {
 protected:
  EarlyCheckTest() {
    room_.net().capture([this](const SimDatagram& d) { return d.to == address_; });
    ice_.start(room_.now());
    EXPECT_TRUE(send_check());
  }

  bool send_check() {
    const auto check = ice_.poll_transmit();
    if (!check) return false;
    room_.inject(address_, check->bytes);
    return true;
  }

  TransportId open() {
    return room_.sfu()
        .open_transport(room_.now(), {TransportRole::kSubscriber, server_ice_.ufrag, server_ice_.pwd})
        .value();
  }

  SimRoom room_;
  const SocketAddress address_ = room_.new_address();
  const IceCredentials client_ice_ = room_.new_credentials();
  const IceCredentials server_ice_ = room_.new_credentials();
  IceControlling ice_{client_ice_, server_ice_, {Path{0, room_.server()}}, 1};
};

TEST_F(EarlyCheckTest, IsAnsweredWhenTheTransportOpens) {
  room_.run_for(milliseconds(20));
  ASSERT_TRUE(room_.net().captured().empty());
  (void)open();
  room_.run_for(milliseconds(20));
  ASSERT_EQ(room_.net().captured().size(), 1U);
  std::vector<std::uint8_t> answer = room_.net().captured()[0].bytes;
  EXPECT_TRUE(ice_.handle_datagram(room_.now(), Path{0, room_.server()}, answer));
}

TEST_F(EarlyCheckTest, IsAnsweredWhenTheCredentialsOfARestartAreKnown) {
  const IceCredentials before = room_.new_credentials();
  const TransportId id =
      room_.sfu().open_transport(room_.now(), {TransportRole::kSubscriber, before.ufrag, before.pwd}).value();
  room_.run_for(milliseconds(20));
  ASSERT_TRUE(room_.net().captured().empty());
  ASSERT_TRUE(room_.sfu().restart_ice(room_.now(), id, server_ice_.ufrag, server_ice_.pwd).ok());
  room_.run_for(milliseconds(20));
  EXPECT_EQ(room_.net().captured().size(), 1U);
}

TEST_F(EarlyCheckTest, IsAnsweredOnce) {
  const TransportId first = open();
  room_.run_for(milliseconds(20));
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), first).ok());
  (void)open();
  room_.run_for(milliseconds(20));
  EXPECT_EQ(room_.net().captured().size(), 1U);
}

TEST_F(EarlyCheckTest, IsForgottenWhenTheTransportComesTooLate) {
  room_.run_for(EarlyChecks::kMaxAge + milliseconds(1));
  (void)open();
  room_.run_for(milliseconds(20));
  EXPECT_TRUE(room_.net().captured().empty());
}

TEST_F(EarlyCheckTest, MakesRoomForLaterOnesOfTheSameSender) {
  for (std::size_t i = 0; i < EarlyChecks::kPerPlace; ++i) {
    IceControlling other(client_ice_, room_.new_credentials(), {Path{0, room_.server()}}, 1);
    other.start(room_.now());
    room_.inject(address_, other.poll_transmit().value().bytes);
  }
  (void)open();
  room_.run_for(milliseconds(20));
  EXPECT_TRUE(room_.net().captured().empty());
}

// 32 checks of strangers, one after the other, were enough to forget everybody else's.
TEST_F(EarlyCheckTest, IsKeptWhenStrangersSendThem) {
  const SocketAddress stranger = room_.new_address();
  for (int i = 0; i < 1000; ++i) {
    IceControlling other(client_ice_, room_.new_credentials(), {Path{0, room_.server()}}, 1);
    other.start(room_.now());
    SocketAddress from = stranger;
    from.port = static_cast<std::uint16_t>(1000 + i);
    room_.inject(from, other.poll_transmit().value().bytes);
  }
  (void)open();
  room_.run_for(milliseconds(20));
  EXPECT_EQ(room_.net().captured().size(), 1U);
}

TEST_F(EarlyCheckTest, WithAWrongPasswordIsRefused) {
  (void)room_.sfu().open_transport(
      room_.now(), {TransportRole::kSubscriber, server_ice_.ufrag, "another password than the client knows"});
  room_.run_for(milliseconds(20));
  ASSERT_EQ(room_.net().captured().size(), 1U);
  EXPECT_EQ(parse_stun(room_.net().captured()[0].bytes).value().error_code, 401);
}

}  // namespace
}  // namespace noir
