#include <gtest/gtest.h>

#include "base/packet_buffer.hpp"
#include "sfu/explanation.hpp"
#include "sfu/local_socket.hpp"
#include "sim/sim_room.hpp"
#include "stun/message.hpp"

namespace noir {
namespace {

/// What the machine makes of a path that is a connection, whoever holds its socket.
class TcpPathTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kHere = "q83vAAAAAAserver";
  static constexpr std::string_view kOtherLoop = "q83vAQAAAAserver";
  static constexpr std::string_view kPassword = "password-of-twenty-two-chars";

  TcpPathTest() {
    sfu_.set_place({SimRoom::kNode, 0, 2});
    transport_ = *sfu_.open_transport(now_, {TransportRole::kPublisher, std::string(kHere), std::string(kPassword)});
    EXPECT_TRUE(sfu_.set_remote(now_, transport_, {"client", std::string(kPassword), {}, false}));
    (void)settle();
  }
  /// How many datagrams follow.
  std::size_t settle() {
    sfu_.handle_timeout(now_);
    const std::size_t count = sfu_.transmits().size();
    sfu_.clear_transmits();
    return count;
  }
  void check(const Path& path, std::string_view ufrag, std::string_view password = kPassword) {
    std::array<std::uint8_t, 400> bytes{};
    StunWriter writer(bytes, StunClass::kRequest, kStunBinding, {1, 2, 3});
    writer.username(std::string(ufrag) + ":client");
    writer.attribute_u32(StunAttribute::kPriority, 0x6E0001FF);
    writer.attribute_u64(StunAttribute::kIceControlling, 1);
    writer.attribute(StunAttribute::kUseCandidate, {});
    HmacSha1 key({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
    writer.message_integrity(key);
    sfu_.handle_datagram(now_, path, pool_.copy_of(ByteSpan(bytes).first(writer.finish())));
  }
  PathExplanation selected() { return *sfu_.explain(now_, transport_)->path; }

  const SocketAddress client_ = SocketAddress::v4(192, 0, 2, 9, 50'000);
  const Path tcp_{local_tcp(0), client_};
  const Path udp_{0, client_};
  Instant now_{std::chrono::seconds(100)};
  PacketPool pool_{100};
  Sfu sfu_{SimRoom::server_certificate(), pool_, {}, 1};
  TransportId transport_ = 0;
};

TEST_F(TcpPathTest, IsProvenByItsFirstCheckAndOneOfOursTellsHowFarItIs) {
  check(tcp_, kHere);
  EXPECT_EQ(settle(), 2U) << "the answer and a check";
  EXPECT_TRUE(selected().proven);
  EXPECT_EQ(selected().path, tcp_);
}

TEST_F(TcpPathTest, UdpFromTheSameAddressIsAnotherPathAndNotProven) {
  check(tcp_, kHere);
  (void)settle();
  EXPECT_TRUE(sfu_.has_path(tcp_));
  EXPECT_FALSE(sfu_.has_path(udp_));
  now_ += std::chrono::seconds(2);
  check(udp_, kHere);
  EXPECT_EQ(settle(), 2U) << "the answer and a check of ours; by TCP the one before is not repeated";
  EXPECT_FALSE(selected().proven);
  EXPECT_TRUE(sfu_.has_path(udp_));
  EXPECT_EQ(sfu_.tables().paths, 2U);
}

TEST_F(TcpPathTest, IsNobodysWithoutThePassword) {
  check(tcp_, kHere, "another-password-of-that-size");
  (void)settle();
  EXPECT_FALSE(sfu_.has_path(tcp_));
}

// A connection moves as a whole: another loop could not send by it.
TEST_F(TcpPathTest, IsNotHandedOverByTheDatagram) {
  check(udp_, kOtherLoop);
  EXPECT_EQ(sfu_.handovers().size(), 1U);
  sfu_.clear_handovers();
  check(tcp_, kOtherLoop);
  EXPECT_TRUE(sfu_.handovers().empty());
  EXPECT_EQ(sfu_.counters().dropped_stun, 1U);
}

TEST_F(TcpPathTest, EndsWithItsTransport) {
  check(tcp_, kHere);
  (void)settle();
  EXPECT_TRUE(sfu_.close_transport(now_, transport_));
  (void)settle();
  EXPECT_FALSE(sfu_.has_path(tcp_));
}

}  // namespace
}  // namespace noir
