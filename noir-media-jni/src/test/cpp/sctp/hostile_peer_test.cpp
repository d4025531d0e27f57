#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sctp/channel.hpp"
#include "sctp/sctp_pair.hpp"
#include "sctp/usrsctp_socket.hpp"
#include "support/hex.hpp"

namespace noir {
namespace {

using test::bytes_of;
using test::hex;

constexpr std::size_t kMaxMessage = 65'536;

/// A peer that knows SCTP but no manners, opposite our server side.
class HostilePeer : public testing::Test {
 protected:
  HostilePeer() {
    server_.connect();
    peer_.connect();
    exchange();
  }

  void send(std::uint16_t stream, SctpPpid ppid, ByteSpan message) {
    ASSERT_EQ(peer_.send({.stream = stream, .ppid = static_cast<std::uint32_t>(ppid)}, message), SctpSendResult::kSent);
    exchange();
  }

  void open(std::uint16_t stream) { send(stream, SctpPpid::kDcep, write_dcep_open({})); }

  void exchange() {
    std::vector<std::uint8_t> packet;
    for (bool moved = true; moved;) {
      moved = false;
      while (peer_.take_packet(packet)) {
        moved = true;
        server_.handle_packet(packet);
        while (auto event = server_.poll_event()) events_.push_back(std::move(*event));
      }
      while (server_.poll_transmit(packet)) {
        moved = true;
        peer_.handle_packet(packet);
      }
    }
    SctpNotice notice;
    while (peer_.take_notice(notice)) {
      const auto* reset = std::get_if<SctpStreamsReset>(&notice);
      if (reset == nullptr || !reset->by_peer) continue;
      resets_.insert(resets_.end(), reset->streams.begin(), reset->streams.end());
    }
  }

  template <typename T>
  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (const auto& event : events_) found += std::holds_alternative<T>(event) ? 1 : 0;
    return found;
  }

  SctpLoop loop_;
  SctpAssociation server_{loop_, {.tag = 1, .max_message_bytes = kMaxMessage, .max_channels = 4}};
  UsrsctpSocket peer_{std::make_shared<SctpLoopState>(), 2, 8 * kMaxMessage, 64};
  std::vector<SctpEvent> events_;
  std::vector<std::uint16_t> resets_;
};

TEST_F(HostilePeer, IsTakenForAPeerWhileItBehaves) {
  open(0);
  send(0, SctpPpid::kText, bytes_of("hello"));
  EXPECT_EQ(count<SctpChannelOpened>(), 1U);
  EXPECT_EQ(count<SctpMessage>(), 1U);
  EXPECT_TRUE(resets_.empty());
}

TEST_F(HostilePeer, HasStreamsOfMalformedDcepReset) {
  const struct {
    std::uint16_t stream;
    const char* dcep;
  } cases[] = {
      {0, "03"},                        // Truncated.
      {2, "0300000000000000ffff0000"},  // Label beyond the end.
      {4, "037f00000000000000000000"},  // Unknown channel type.
      {6, "02"},                        // ACK of nothing.
      {1, "030000000000000000000000"},  // RFC 8832 §6: our parity.
  };
  for (const auto& c : cases) send(c.stream, SctpPpid::kDcep, hex(c.dcep));
  EXPECT_EQ(count<SctpChannelOpened>(), 0U);
  EXPECT_EQ(resets_, (std::vector<std::uint16_t>{0, 2, 4, 6, 1}));
  EXPECT_EQ(server_.state(), SctpState::kConnected);
}

TEST_F(HostilePeer, HasAStreamWithoutChannelReset) {
  send(2, SctpPpid::kBinary, bytes_of("no OPEN before"));
  EXPECT_EQ(count<SctpMessage>(), 0U);
  EXPECT_EQ(resets_, (std::vector<std::uint16_t>{2}));
}

TEST_F(HostilePeer, LosesAChannelItOpensTwice) {
  open(0);
  open(0);
  EXPECT_EQ(count<SctpChannelOpened>(), 1U);
  EXPECT_EQ(resets_, (std::vector<std::uint16_t>{0}));
}

TEST_F(HostilePeer, OpensABoundedNumberOfChannels) {
  for (std::uint16_t stream = 0; stream < 8; stream += 2) open(stream);
  EXPECT_EQ(server_.channel_count(), 4U);
  // The negotiated number of streams leaves none for a fifth channel.
  EXPECT_NE(peer_.send({.stream = 8, .ppid = 50}, write_dcep_open({})), SctpSendResult::kSent);
}

TEST_F(HostilePeer, LosesAChannelByTooLongAMessage) {
  open(0);
  open(2);
  const std::vector<std::uint8_t> message(2 * kMaxMessage - 5000, 7);
  send(0, SctpPpid::kBinary, message);
  EXPECT_EQ(count<SctpMessage>(), 0U);
  EXPECT_EQ(resets_, (std::vector<std::uint16_t>{0}));
  send(2, SctpPpid::kBinary, bytes_of("the other one lives"));
  EXPECT_EQ(count<SctpMessage>(), 1U);
}

TEST_F(HostilePeer, IsNotHeardOnUnknownProtocolIds) {
  open(0);
  send(0, static_cast<SctpPpid>(52), bytes_of("retired"));
  send(0, static_cast<SctpPpid>(0), bytes_of("unknown"));
  EXPECT_EQ(count<SctpMessage>(), 0U);
  EXPECT_TRUE(resets_.empty());
}

TEST_F(HostilePeer, EndsItsChannelsByResettingEverything) {
  open(0);
  open(2);
  const std::vector<std::uint16_t> streams{0, 2};
  EXPECT_TRUE(peer_.reset_streams(streams));
  exchange();
  EXPECT_EQ(count<SctpChannelClosed>(), 2U);
  EXPECT_EQ(server_.channel_count(), 0U);
}

TEST(SctpMailbox, OverflowsInsteadOfGrowing) {
  const auto loop = std::make_shared<SctpLoopState>();
  SctpMailbox mailbox(1, 1000, loop);
  const UsrsctpProcess::Entry entry(*loop, &mailbox);
  const std::vector<std::uint8_t> message(1000);
  for (int i = 0; i < 8; ++i) mailbox.add_data(0, 53, message, true);
  EXPECT_FALSE(mailbox.overflowed());
  mailbox.add_data(0, 53, message, true);
  EXPECT_TRUE(mailbox.overflowed());
}

TEST(SctpMailbox, JoinsPartsAndMarksWhatIsTooLong) {
  const auto loop = std::make_shared<SctpLoopState>();
  SctpMailbox mailbox(1, 10, loop);
  const UsrsctpProcess::Entry entry(*loop, &mailbox);
  mailbox.add_data(0, 53, bytes_of("1234"), false);
  mailbox.add_data(2, 53, bytes_of("123456789"), false);
  mailbox.add_data(2, 53, bytes_of("ab"), false);
  mailbox.add_data(2, 53, bytes_of("c"), true);
  mailbox.add_data(0, 53, bytes_of("56"), true);
  SctpNotice notice;
  ASSERT_TRUE(mailbox.take_notice(notice));
  EXPECT_TRUE(std::get<SctpData>(notice).is_too_long);
  EXPECT_TRUE(std::get<SctpData>(notice).bytes.empty());
  ASSERT_TRUE(mailbox.take_notice(notice));
  EXPECT_EQ(std::get<SctpData>(notice).bytes.size(), 6U);
}

}  // namespace
}  // namespace noir
