#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "sctp/channel.hpp"
#include "sctp/early_messages.hpp"
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
  template <typename Action>
  auto inside(Action action) {
    const UsrsctpProcess::Entry entry(*peer_loop_, &peer_.mailbox());
    return action();
  }

  HostilePeer() {
    server_.connect();
    inside([&] { peer_.connect(); });
    exchange();
  }

  SctpSendResult try_to_send(const SctpSendInfo& info, ByteSpan message) {
    return inside([&] { return peer_.send(info, message); });
  }

  void send(std::uint16_t stream, SctpPpid ppid, ByteSpan message) {
    ASSERT_EQ(try_to_send({.stream = stream, .ppid = static_cast<std::uint32_t>(ppid)}, message),
              SctpSendResult::kSent);
    exchange();
  }

  void open(std::uint16_t stream) { send(stream, SctpPpid::kDcep, write_dcep_open({})); }

  void exchange() {
    std::vector<std::uint8_t> packet;
    for (bool moved = true; moved;) {
      moved = false;
      while (inside([&] { return peer_.mailbox().take_packet(packet); })) {
        moved = true;
        note(packet);
        if (tampers_(packet)) server_.handle_packet(packet);
        collect();
      }
      while (server_.poll_transmit(packet)) {
        moved = true;
        inside([&] { peer_.handle_packet(packet); });
      }
    }
    collect();
    SctpNotice notice;
    while (inside([&] { return peer_.mailbox().take_notice(notice); })) {
      if (const auto* data = std::get_if<SctpData>(&notice)) received_.push_back(*data);
      const auto* reset = std::get_if<SctpStreamsReset>(&notice);
      if (reset == nullptr || !reset->by_peer) continue;
      resets_.insert(resets_.end(), reset->streams.begin(), reset->streams.end());
    }
  }

  void note(ByteSpan packet) {
    last_header_.assign(packet.begin(), packet.begin() + 12);
    constexpr std::uint8_t kInit = 1;
    if (packet[12] == kInit) initial_tsn_ = load_be32(packet.data() + 28);
  }

  void collect() {
    while (auto event = server_.poll_event()) events_.push_back(std::move(*event));
  }

  void run_for(Duration duration) {
    const Instant end = now_ + duration;
    exchange();
    while (loop_.next_timeout() <= end) {
      now_ = std::max(now_, loop_.next_timeout());
      loop_.handle_timeout(now_);
      while (loop_.poll_ready()) {
      }
      exchange();
    }
    now_ = end;
  }

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> found;
    for (const auto& event : events_) {
      if (const auto* message = std::get_if<SctpMessage>(&event)) {
        found.emplace_back(message->bytes.begin(), message->bytes.end());
      }
    }
    return found;
  }

  template <typename T>
  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (const auto& event : events_) found += std::holds_alternative<T>(event) ? 1 : 0;
    return found;
  }

  SctpLoop loop_;
  SctpAssociation server_{loop_, {.tag = 1, .max_message_bytes = kMaxMessage, .max_channels = 4}};
  std::shared_ptr<SctpLoopState> peer_loop_ = std::make_shared<SctpLoopState>();
  UsrsctpSocket peer_{peer_loop_, 2, 8 * kMaxMessage, 64};
  Instant now_{std::chrono::seconds(1000)};
  /// Sees and changes what the peer sends; false = it is lost.
  std::function<bool(std::vector<std::uint8_t>&)> tampers_ = [](auto&) { return true; };
  std::vector<SctpEvent> events_;
  std::vector<SctpData> received_;  // By the peer.
  std::vector<std::uint16_t> resets_;
  std::vector<std::uint8_t> last_header_;
  std::uint32_t initial_tsn_ = 0;
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
      {1, "0300000000000000ffff0000"},  // Ours by its parity.
  };
  for (const auto& c : cases) send(c.stream, SctpPpid::kDcep, hex(c.dcep));
  EXPECT_EQ(count<SctpChannelOpened>(), 0U);
  EXPECT_EQ(resets_, (std::vector<std::uint16_t>{0, 2, 4, 6, 1}));
  EXPECT_EQ(server_.state(), SctpState::kConnected);
}

// RFC 8832 §6, and old pion by itself: what comes before the OPEN waits for it.
TEST_F(HostilePeer, IsHeardWhenItSpeaksBeforeItOpens) {
  send(2, SctpPpid::kBinary, bytes_of("first"));
  send(2, SctpPpid::kBinary, bytes_of("second"));
  EXPECT_EQ(count<SctpMessage>(), 0U);
  open(2);
  send(2, SctpPpid::kBinary, bytes_of("third"));
  EXPECT_EQ(texts(), (std::vector<std::string>{"first", "second", "third"}));
  EXPECT_EQ(count<SctpChannelOpened>(), 1U);
  EXPECT_TRUE(resets_.empty());
}

TEST_F(HostilePeer, IsNotRememberedForLongWithoutAnOpen) {
  const std::vector<std::uint8_t> large(20'000, 7);
  for (int i = 0; i < 20; ++i) send(2, SctpPpid::kBinary, large);
  run_for(std::chrono::seconds(1));
  for (int i = 0; i < 100; ++i) send(4, SctpPpid::kBinary, bytes_of("x"));
  open(2);
  EXPECT_EQ(count<SctpMessage>(), 3U) << "what fits into 64 KiB";
  open(4);
  EXPECT_EQ(count<SctpMessage>(), 3U + EarlyMessages::kMaxMessages - 3);
  send(6, SctpPpid::kBinary, bytes_of("old"));
  run_for(std::chrono::seconds(15));
  open(6);
  EXPECT_EQ(texts().back(), "x");
  EXPECT_TRUE(resets_.empty());
}

// werift and aiortc choose streams by other rules than RFC 8832 §6.
TEST_F(HostilePeer, OpensAnyFreeStream) {
  for (std::uint16_t stream = 0; stream < 4; ++stream) {
    open(stream);
    send(stream, SctpPpid::kText, bytes_of("hello"));
  }
  EXPECT_EQ(server_.channel_count(), 4U);
  EXPECT_EQ(count<SctpMessage>(), 4U);
  EXPECT_TRUE(resets_.empty());
}

TEST_F(HostilePeer, DoesNotMeetOurChannels) {
  const auto ours = *server_.open_channel("ion-sfu", true);
  open(0);
  open(1);
  open(3);
  EXPECT_TRUE(server_.send(ours, false, bytes_of("hello")).ok());
  exchange();
  EXPECT_EQ(ours, 7) << "the last of the eight streams";
  EXPECT_TRUE(resets_.empty());
  ASSERT_FALSE(received_.empty());
  EXPECT_EQ(std::string(received_.back().bytes.begin(), received_.back().bytes.end()), "hello");
}

TEST_F(HostilePeer, GetsNoMoreStreams) {
  std::vector<std::uint8_t> request(16 + 12);
  const auto answer = [&] {
    // RFC 6525 §4.5: add outgoing streams, the number of the request being the peer's first TSN.
    ByteWriter writer(MutableByteSpan(request).subspan(12));
    writer.u8(130);
    writer.u8(0);
    writer.u16(16);
    writer.u16(17);
    writer.u16(12);
    writer.u32(initial_tsn_);
    writer.u16(60'000);
    writer.u16(0);
    server_.handle_packet(request);
    std::vector<std::uint8_t> packet;
    std::uint32_t result = UINT32_MAX;
    // Header 12, chunk 4, response: type 16, length 12, sequence, result.
    while (server_.poll_transmit(packet)) {
      if (packet.size() >= 28 && packet[12] == 130 && load_be16(packet.data() + 16) == 16) {
        result = load_be32(packet.data() + 24);
      }
    }
    return result;
  };
  ASSERT_EQ(last_header_.size(), 12U);
  std::copy(last_header_.begin(), last_header_.end(), request.begin());
  EXPECT_EQ(answer(), 2U) << "denied";
}

TEST_F(HostilePeer, HasLongLabelsRefused) {
  DcepOpen large;
  large.label = std::string(256, 'a');
  send(0, SctpPpid::kDcep, write_dcep_open(large));
  EXPECT_EQ(server_.channel_count(), 1U);
  large.label += 'a';
  send(2, SctpPpid::kDcep, write_dcep_open(large));
  EXPECT_EQ(server_.channel_count(), 1U);
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
  EXPECT_EQ(try_to_send({.stream = 8, .ppid = 50}, write_dcep_open({})), SctpSendResult::kRefused);
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
  EXPECT_TRUE(inside([&] { return peer_.reset_streams(streams); }));
  exchange();
  EXPECT_EQ(count<SctpChannelClosed>(), 2U);
  EXPECT_EQ(server_.channel_count(), 0U);
}

// RFC 6525 §4.4: "denied" is no consent. The stream is free only when the peer has agreed.
TEST_F(HostilePeer, IsAskedAgainWhenItDeniesAReset) {
  const auto stream = *server_.open_channel("a", true);
  exchange();
  send(stream, SctpPpid::kDcep, write_dcep_ack());
  EXPECT_TRUE(server_.send(stream, false, bytes_of("of the first channel")).ok());
  exchange();
  int denials = 0;
  bool denies = true;
  tampers_ = [&](std::vector<std::uint8_t>& packet) {
    constexpr std::uint8_t kReconfig = 130;
    constexpr std::uint16_t kResponse = 16;
    for (std::size_t at = 12; at + 16 <= packet.size(); at += (load_be16(packet.data() + at + 2) + 3U) / 4 * 4) {
      if (packet[at] != kReconfig || load_be16(packet.data() + at + 4) != kResponse || !denies) continue;
      ++denials;
      store_be32(packet.data() + at + 12, 2);
    }
    return true;
  };
  EXPECT_TRUE(server_.close_channel(stream).ok());
  run_for(std::chrono::seconds(1));
  EXPECT_TRUE(inside([&] { return peer_.reset_streams(std::vector<std::uint16_t>{stream}); }));
  run_for(std::chrono::seconds(5));
  EXPECT_GE(denials, 3);
  EXPECT_EQ(server_.channel_count(), 0U);
  EXPECT_NE(*server_.open_channel("b", true), stream) << "not free yet";
  denies = false;
  run_for(std::chrono::seconds(5));
  EXPECT_EQ(*server_.open_channel("c", true), stream) << "free";
  EXPECT_TRUE(server_.send(stream, false, bytes_of("of the second channel")).ok());
  run_for(std::chrono::seconds(1));
  ASSERT_FALSE(received_.empty());
  EXPECT_EQ(as_text(received_.back().bytes), "of the second channel");
}

// FORWARD-TSN (RFC 3758): what an unreliable channel gives up leaves no trace in what comes after.
TEST_F(HostilePeer, MayGiveMessagesUp) {
  for (const bool ordered : {true, false}) {
    std::mt19937 random(5);
    const auto stream = static_cast<std::uint16_t>(ordered ? 0 : 2);
    DcepOpen unreliable;
    unreliable.ordered = ordered;
    unreliable.reliability = DcepReliability::kLimitedRetransmissions;
    send(stream, SctpPpid::kDcep, write_dcep_open(unreliable));
    events_.clear();
    tampers_ = [&](auto&) { return random() % 5 != 0; };
    std::size_t sent = 0;
    for (std::uint8_t i = 0; i < 200; ++i) {
      const std::vector<std::uint8_t> message(1 + random() % 9000, i);
      const auto result = try_to_send({.stream = stream,
                                       .ppid = static_cast<std::uint32_t>(SctpPpid::kBinary),
                                       .ordered = ordered,
                                       .reliability = DcepReliability::kLimitedRetransmissions,
                                       .reliability_parameter = 0},
                                      message);
      if (result == SctpSendResult::kSent) ++sent;
      run_for(std::chrono::milliseconds(300));
    }
    tampers_ = [](auto&) { return true; };
    run_for(std::chrono::seconds(10));
    send(stream, SctpPpid::kText, bytes_of("at last"));
    run_for(std::chrono::seconds(5));
    EXPECT_GT(sent, 190U);
    EXPECT_GT(count<SctpMessage>(), sent / 4);
    EXPECT_LT(count<SctpMessage>(), sent);
    for (const std::string& text : texts()) {
      const bool is_whole = text == "at last" ||
                            std::count(text.begin(), text.end(), text[0]) == static_cast<std::ptrdiff_t>(text.size());
      EXPECT_TRUE(is_whole);
    }
    ASSERT_FALSE(texts().empty());
    EXPECT_EQ(texts().back(), "at last");
  }
  EXPECT_EQ(server_.state(), SctpState::kConnected);
  EXPECT_TRUE(resets_.empty());
}

// One whose end never comes would be joined with the next, and be too long.
TEST_F(HostilePeer, MayGiveALongMessageUpInItsMidst) {
  DcepOpen unreliable;
  unreliable.reliability = DcepReliability::kLimitedRetransmissions;
  send(0, SctpPpid::kDcep, write_dcep_open(unreliable));
  const std::vector<std::uint8_t> large(110'000, 1);
  const SctpSendInfo once{.stream = 0,
                          .ppid = static_cast<std::uint32_t>(SctpPpid::kBinary),
                          .reliability = DcepReliability::kLimitedRetransmissions,
                          .reliability_parameter = 0};
  int packets = 0;
  tampers_ = [&](auto&) { return ++packets < 80; };
  EXPECT_EQ(try_to_send(once, large), SctpSendResult::kSent);
  run_for(std::chrono::milliseconds(1));
  EXPECT_GE(packets, 80);
  tampers_ = [](auto&) { return true; };
  run_for(std::chrono::seconds(20));
  send(0, SctpPpid::kText, bytes_of("whole"));
  run_for(std::chrono::seconds(5));
  EXPECT_EQ(texts(), std::vector<std::string>{"whole"});
  EXPECT_TRUE(resets_.empty());
}

TEST(SctpMailbox, OverflowsInsteadOfGrowing) {
  const auto loop = std::make_shared<SctpLoopState>();
  SctpMailbox mailbox(1, 1000, loop);
  const UsrsctpProcess::Entry entry(*loop, &mailbox);
  const std::vector<std::uint8_t> message(1000);
  for (int i = 0; i < 8; ++i) mailbox.add_data({0, 1, 53}, message, true);
  EXPECT_FALSE(mailbox.overflowed());
  mailbox.add_data({0, 1, 53}, message, true);
  EXPECT_TRUE(mailbox.overflowed());
}

TEST(SctpMailbox, JoinsPartsAndMarksWhatIsTooLong) {
  const auto loop = std::make_shared<SctpLoopState>();
  SctpMailbox mailbox(1, 10, loop);
  const UsrsctpProcess::Entry entry(*loop, &mailbox);
  mailbox.add_data({0, 1, 53}, bytes_of("1234"), false);
  mailbox.add_data({2, 2, 53}, bytes_of("123456789"), false);
  mailbox.add_data({2, 2, 53}, bytes_of("ab"), false);
  mailbox.add_data({2, 2, 53}, bytes_of("c"), true);
  mailbox.add_data({0, 1, 53}, bytes_of("56"), true);
  SctpNotice notice;
  ASSERT_TRUE(mailbox.take_notice(notice));
  EXPECT_TRUE(std::get<SctpData>(notice).is_too_long);
  EXPECT_TRUE(std::get<SctpData>(notice).bytes.empty());
  ASSERT_TRUE(mailbox.take_notice(notice));
  EXPECT_EQ(std::get<SctpData>(notice).bytes.size(), 6U);
}

// RFC 3758: the peer gives a message up in its midst, and usrsctp says nothing.
TEST(SctpMailbox, DoesNotJoinPartsOfTwoMessages) {
  const auto loop = std::make_shared<SctpLoopState>();
  SctpMailbox mailbox(1, 10, loop);
  const UsrsctpProcess::Entry entry(*loop, &mailbox);
  mailbox.add_data({0, 1, 53}, bytes_of("given up"), false);
  mailbox.add_data({0, 9, 53}, bytes_of("whole"), true);
  SctpNotice notice;
  ASSERT_TRUE(mailbox.take_notice(notice));
  EXPECT_FALSE(std::get<SctpData>(notice).is_too_long);
  EXPECT_EQ(as_text(std::get<SctpData>(notice).bytes), "whole");
}

}  // namespace
}  // namespace noir
