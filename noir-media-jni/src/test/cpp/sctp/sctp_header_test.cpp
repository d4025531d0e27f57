#include "sctp/sctp_header.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sctp/sctp_pair.hpp"

namespace noir {
namespace {

using test::bytes_of;
using test::SctpPair;

/// RFC 9260 Appendix A, bit by bit.
std::uint32_t crc32c(ByteSpan bytes) {
  std::uint32_t c = 0xFFFF'FFFFU;
  for (const std::uint8_t b : bytes) {
    c ^= b;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0x82F6'3B78U ^ (c >> 1) : c >> 1;
  }
  return c ^ 0xFFFF'FFFFU;
}

void expect_header(std::vector<std::uint8_t> packet) {
  ASSERT_GE(packet.size(), 12U);
  EXPECT_EQ(load_be16(packet.data()), 5000);
  EXPECT_EQ(load_be16(packet.data() + 2), 5000);
  std::uint32_t sent = 0;
  for (std::size_t i = 4; i-- > 0;) sent = sent << 8 | packet[8 + i];  // Least significant byte first.
  store_be32(packet.data() + 8, 0);
  EXPECT_EQ(sent, crc32c(packet));
}

TEST(SctpHeader, ChecksumOfTheTextbook) { EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE306'9283U); }

TEST(SctpHeader, OnlyHeartbeatsAloneKeepAlive) {
  std::vector<std::uint8_t> packet(12);
  EXPECT_FALSE(only_keeps_alive(packet));
  packet.insert(packet.end(), {4, 0, 0, 10, 0, 1, 0, 6, 'a', 'b', 0, 0});  // RFC 9260 §3.3.5: a heartbeat, padded.
  EXPECT_TRUE(only_keeps_alive(packet));
  EXPECT_FALSE(only_keeps_alive(ByteSpan(packet).first(15)));
  packet[12] = 5;
  EXPECT_TRUE(only_keeps_alive(packet));
  packet[12] = 0;  // DATA.
  EXPECT_FALSE(only_keeps_alive(packet));
  packet[12] = 4;
  packet.insert(packet.end(), {0, 3, 0, 20});  // And DATA behind it.
  EXPECT_FALSE(only_keeps_alive(packet));
}

TEST(SctpHeader, PacketsHaveThePortOfTheDescriptionAndTheirChecksum) {
  SctpPair pair;
  EXPECT_TRUE(pair.server.association.open_channel("ion-sfu", true).ok());
  pair.client.association.connect();
  std::size_t packets = 0;
  std::vector<std::uint8_t> packet;
  for (bool moved = true; moved;) {
    moved = false;
    for (auto [from, to] : {std::pair{&pair.client, &pair.server}, std::pair{&pair.server, &pair.client}}) {
      while (from->association.poll_transmit(packet)) {
        moved = true;
        ++packets;
        expect_header(packet);
        to->association.handle_packet(packet);
      }
    }
  }
  EXPECT_GE(packets, 6U) << "INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, DATA, SACK";
  EXPECT_EQ(pair.client.association.state(), SctpState::kConnected);
}

TEST(SctpHeader, PacketsForAnotherPortAreForNobody) {
  SctpPair pair;
  pair.client.association.connect();
  std::vector<std::uint8_t> init;
  ASSERT_TRUE(pair.client.association.poll_transmit(init));
  store_be16(init.data() + 2, 5001);
  pair.server.association.handle_packet(init);
  std::vector<std::uint8_t> answer;
  while (pair.server.association.poll_transmit(answer)) {
    EXPECT_EQ(answer.at(12), 1) << "an INIT of its own, no INIT ACK";
  }
}

TEST(SctpHeader, ShorterThanAHeaderIsNoPacket) {
  EXPECT_FALSE(address_sctp_packet(std::vector<std::uint8_t>(11), 1));
  EXPECT_FALSE(address_sctp_packet({}, 1));
}

TEST(SctpHeader, ManyAssociationsHaveEachTheirOwnPackets) {
  std::vector<std::unique_ptr<SctpPair>> pairs;
  for (int i = 0; i < 40; ++i) {
    SctpPair& pair = *pairs.emplace_back(std::make_unique<SctpPair>());
    pair.connect();
    const auto stream = pair.client.association.open_channel(std::to_string(i), true);
    ASSERT_TRUE(stream.ok());
    pair.exchange();
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto opened = pairs[i]->server.all<SctpChannelOpened>();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened[0].label, std::to_string(i));
  }
}

}  // namespace
}  // namespace noir
