#include "loop/loop.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "loop/clock.hpp"
#include "loop/loopback.hpp"
#include "loop/system_error.hpp"
#include "stun/message.hpp"

namespace noir {
namespace {

using test::has_ipv6;
using test::loopback;
using test::loopback6;
using test::receive_from;
using test::send_to;

constexpr Duration kLong = std::chrono::seconds(20);  // Never waited for by a passing test.

struct Events : EventSink {
  bool accept(const Event& event) override {
    all.push_back(event);
    return true;
  }
  std::vector<Event> all;
};

struct LoopTest : ::testing::Test {
  static LoopConfig config() {
    LoopConfig config;
    config.addresses = {loopback()};
    if (has_ipv6()) config.addresses.push_back(loopback6());
    return config;
  }

  /// Runs the loop until `client` gets something.
  std::optional<std::vector<std::uint8_t>> answer(const UdpSocket& client) {
    for (const Instant end = monotonic_now() + kLong; monotonic_now() < end;) {
      loop.run(monotonic_now() + std::chrono::milliseconds(5), events);
      if (auto datagram = receive_from(client, 0)) return datagram;
    }
    return std::nullopt;
  }

  Certificate certificate{*Certificate::generate()};
  Loop loop{config(), certificate};
  Events events;
};

/// A connectivity check of `pwd`'s owner.
std::vector<std::uint8_t> binding_request(std::string_view username, std::string_view pwd) {
  std::vector<std::uint8_t> bytes(256);
  StunWriter writer(bytes, StunClass::kRequest, kStunBinding, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  writer.username(username);
  writer.attribute_u32(StunAttribute::kPriority, 1);
  writer.attribute_u64(StunAttribute::kIceControlling, 1);
  HmacSha1 key({reinterpret_cast<const std::uint8_t*>(pwd.data()), pwd.size()});
  writer.message_integrity(key);
  bytes.resize(writer.finish());
  return bytes;
}

TEST_F(LoopTest, AnswersAConnectivityCheckOnEverySocket) {
  const std::string pwd = "password-of-the-loop-0123456789";
  const auto transport = loop.sfu().open_transport(monotonic_now(), {TransportRole::kPublisher, "localfrag", pwd});
  ASSERT_TRUE(transport);
  ASSERT_TRUE(loop.sfu().set_remote(monotonic_now(), *transport, {"them", "their-password-0123456789", {}}));

  for (const SocketAddress& local : config().addresses) {
    SocketAddress to = local;
    to.port = loop.port();
    const UdpSocket client(local);
    send_to(client, to, binding_request("localfrag:them", pwd));
    const auto datagram = answer(client);
    ASSERT_TRUE(datagram) << describe(to);
    const auto response = parse_stun(*datagram);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->message_class, StunClass::kSuccess);
    EXPECT_EQ(response->xor_mapped_address, client.local());
    HmacSha1 key({reinterpret_cast<const std::uint8_t*>(pwd.data()), pwd.size()});
    EXPECT_TRUE(verify_integrity(*response, key));
  }
}

TEST_F(LoopTest, SamePortOnEveryAddress) {
  SocketAddress taken = loopback(loop.port());
  EXPECT_NE(taken.port, 0);
  EXPECT_THROW(UdpSocket{taken}, SystemError);
  if (!has_ipv6()) return;
  taken = loopback6(loop.port());
  EXPECT_THROW(UdpSocket{taken}, SystemError);
}

TEST_F(LoopTest, PortInUseIsAClearError) {
  LoopConfig second = config();
  second.port = loop.port();
  try {
    const Loop other(second, certificate);
    FAIL() << "bound twice";
  } catch (const SystemError& e) {
    EXPECT_NE(std::string(e.what()).find("127.0.0.1 port " + std::to_string(loop.port())), std::string::npos);
  }
}

TEST_F(LoopTest, WakeupBeforeRunReturnsIt) {
  loop.wakeup();
  loop.wakeup();
  const Instant start = monotonic_now();
  loop.run(start + kLong, events);
  EXPECT_LT(monotonic_now(), start + kLong);
}

// A client that has our answer may send its first check before the command that opens its transport has run.
TEST_F(LoopTest, CommandsComeBeforeDatagrams) {
  const UdpSocket client(loopback());
  const std::string pwd = "password-of-the-loop-0123456789";
  send_to(client, loopback(loop.port()), binding_request("localfrag:them", pwd));
  loop.wakeup();
  loop.run(monotonic_now() + kLong, events);
  EXPECT_EQ(loop.counters().sfu.datagrams_in, 0U);
  ASSERT_TRUE(loop.sfu().open_transport(monotonic_now(), {TransportRole::kPublisher, "localfrag", pwd}));

  EXPECT_TRUE(answer(client)) << "the check came to nobody";
}

TEST_F(LoopTest, CommandsDoNotKeepDatagramsWaitingForEver) {
  const UdpSocket client(loopback());
  send_to(client, loopback(loop.port()), std::vector<std::uint8_t>(10, 0xFF));
  for (int run = 0; run < 10; ++run) {
    loop.wakeup();
    loop.run(monotonic_now() + kLong, events);
  }
  EXPECT_EQ(loop.counters().sfu.datagrams_in, 1U);
}

TEST_F(LoopTest, FeedbackComesToo) {
  const UdpSocket client(loopback());
  const std::vector<std::uint8_t> feedback{0x8F, 205, 0, 1, 0, 0, 0, 0};
  for (int i = 0; i < 300; ++i) send_to(client, loopback(loop.port()), feedback);
  for (const Instant end = monotonic_now() + kLong; monotonic_now() < end;) {
    loop.run(monotonic_now() + std::chrono::milliseconds(5), events);
    if (loop.counters().sfu.datagrams_in == 300) break;
  }
  EXPECT_EQ(loop.counters().sfu.datagrams_in, 300U);
}

TEST_F(LoopTest, WakeupFromAnotherThreadReturnsIt) {
  const Instant start = monotonic_now();
  std::thread other([&] { loop.wakeup(); });
  loop.run(start + kLong, events);
  other.join();
  EXPECT_LT(monotonic_now(), start + kLong);
}

TEST_F(LoopTest, DeadlineReturnsIt) {
  const Instant deadline = monotonic_now() + std::chrono::milliseconds(1);
  loop.run(deadline, events);
  EXPECT_GE(monotonic_now(), deadline);
}

TEST_F(LoopTest, PassedDeadlineStillDoesMedia) {
  const UdpSocket client(loopback());
  send_to(client, loopback(loop.port()), std::vector<std::uint8_t>(10, 0xFF));
  for (const Instant end = monotonic_now() + kLong; loop.counters().sfu.datagrams_in == 0 && monotonic_now() < end;) {
    loop.run(Instant{}, events);
  }
  EXPECT_EQ(loop.counters().sfu.datagrams_in, 1U);
}

}  // namespace
}  // namespace noir
