#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <array>
#include <list>

#include "loop/plane.hpp"
#include "loop/system_error.hpp"
#include "stun/message.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Client;
using test::loopback;
using test::PlaneTest;
using test::TcpStream;
using test::Way;

std::vector<std::uint8_t> check_of(const std::string& username, const std::string& password) {
  std::vector<std::uint8_t> check(256);
  StunWriter writer(check, StunClass::kRequest, kStunBinding, {1, 2, 3});
  writer.username(username);
  writer.attribute_u32(StunAttribute::kPriority, 0x7FFFFFFF);
  writer.attribute_u64(StunAttribute::kIceControlling, 1);
  writer.attribute(StunAttribute::kUseCandidate, {});
  HmacSha1 key({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
  writer.message_integrity(key);
  check.resize(writer.finish());
  return check;
}

class TcpTest : public PlaneTest {
 protected:
  TcpCounters counters(std::size_t loop) {
    return loops_[loop]->call([](Loop& l) { return l.counters().tcp; });
  }
  bool run_until_ready() {
    return run_until([&] {
      return std::all_of(clients_.begin(), clients_.end(), [](const auto& c) { return c->peer->can_send(); });
    });
  }
  /// A publisher and a subscriber by TCP.
  void hold_tcp_call(Way way = Way::kTcp) {
    Client& publisher = join(0, TransportRole::kPublisher, false, false, way);
    Client& subscriber = join(0, TransportRole::kSubscriber, false, false, way);
    ASSERT_TRUE(run_until_ready());
    publish(publisher);
    subscribe(0, subscriber);
    ASSERT_TRUE(run_until_frames(15));
  }
};

TEST_F(TcpTest, ACallByTcpAlone) {
  hold_tcp_call();
  EXPECT_EQ(clients_[1]->recorder->recorded().payload_errors, 0U);
  EXPECT_EQ(counters(0).connections, 2U);
  EXPECT_EQ(counters(0).opened, 2U);
  const LoopCounters all = loops_[0]->call([](Loop& l) { return l.counters(); });
  EXPECT_EQ(all.tcp.dropped, 0U);
  EXPECT_EQ(all.sfu.bytes_held_back, 0U) << "the handshake of TCP has proven the address";
}

TEST_F(TcpTest, ACallByTcpAloneOverIpv6) {
  if (!test::has_ipv6()) GTEST_SKIP() << "no IPv6";
  hold_tcp_call(Way::kTcp6);
}

TEST_F(TcpTest, UdpAndTcpAreInOneCall) {
  Client& publisher = join(0, TransportRole::kPublisher);
  for (const Way way : {Way::kTcp, Way::kUdp, Way::kTcp}) join(0, TransportRole::kSubscriber, false, false, way);
  join(1, TransportRole::kSubscriber, false, false, Way::kTcp);
  ASSERT_TRUE(run_until_ready());
  publish(publisher);
  for (std::size_t i = 1; i <= 3; ++i) subscribe(0, *clients_[i]);
  subscribe(1, *clients_[4]);
  ASSERT_TRUE(run_until_frames(15));
  for (std::size_t i = 1; i <= 4; ++i) EXPECT_EQ(clients_[i]->recorder->recorded().payload_errors, 0U);
}

TEST_F(TcpTest, AConnectionToTheWrongLoopMoves) {
  Client& publisher = join(0, TransportRole::kPublisher, false, true, Way::kTcp);
  Client& subscriber = join(1, TransportRole::kSubscriber, false, true, Way::kTcp);
  ASSERT_TRUE(run_until_ready());
  publish(publisher);
  subscribe(1, subscriber);
  ASSERT_TRUE(run_until_frames(15));
  for (const std::size_t loop : {0U, 1U}) EXPECT_EQ(counters(loop).connections, 1U);
}

// As when the port of the pages is ours, too.
TEST_F(TcpTest, AConnectionIsAdopted) {
  const TcpListener pages(loopback(0));
  SystemAddress name{};
  socklen_t size = sizeof name;
  ASSERT_EQ(::getsockname(pages.fd(), &name.any, &size), 0);
  for (const std::size_t loop : {0U, 1U}) {
    Client& client = join(loop, loop == 0 ? TransportRole::kPublisher : TransportRole::kSubscriber);
    client.stream.emplace(from_system(name));
    bool exhausted = false;
    auto accepted = pages.accept(exhausted);
    ASSERT_TRUE(accepted);
    ASSERT_TRUE(loops_[0]->loop().adopt(std::move(accepted->fd)));
  }
  ASSERT_TRUE(run_until_ready());
  publish(*clients_[0]);
  subscribe(1, *clients_[1]);
  ASSERT_TRUE(run_until_frames(15));
}

TEST_F(TcpTest, ThePathOfAnEndedTransportIsClosed) {
  hold_tcp_call();
  EXPECT_TRUE(
      loops_[0]->call([&](Loop& l) { return l.sfu().close_transport(monotonic_now(), clients_[1]->transport).ok(); }));
  EXPECT_TRUE(run_until([&] { return counters(0).connections == 1; }));
  EXPECT_TRUE(clients_[1]->stream->ended());
}

TEST_F(TcpTest, WhoComesBackByAnotherConnectionGoesOn) {
  hold_tcp_call();
  clients_[1]->stream->reset();
  clients_[1]->stream.emplace(clients_[1]->server);
  clients_[1]->stream->send(check_of("AAAAAAAAAAserve2:client2", "password-of-twenty-two-chars-2"));
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 20; }));
}

std::uint16_t port_of(const TcpListener& listener) {
  SystemAddress name{};
  socklen_t size = sizeof name;
  EXPECT_EQ(::getsockname(listener.fd(), &name.any, &size), 0);
  return from_system(name).port;
}

TEST(TcpPortTest, WhereAnotherHasThePortThereIsUdpAlone) {
  const Certificate certificate = *Certificate::generate();
  LoopConfig config;
  config.addresses = {loopback()};
  {
    // Its port is free for TCP, also of connections that have ended, which one that is free for UDP need not be.
    const TcpListener other(loopback());
    config.port = port_of(other);
    const Loop second(config, certificate);
    EXPECT_EQ(second.port(), config.port);
    EXPECT_FALSE(second.accepts_tcp());
  }
  config.tcp = false;
  EXPECT_FALSE(Loop(config, certificate).accepts_tcp());
  config.tcp = true;
  const Loop third(config, certificate);
  EXPECT_TRUE(third.accepts_tcp());
}

/// Attacks, while others are in a call.
using TcpAttackTest = TcpTest;

TEST_F(TcpAttackTest, WhatIsNoStunIsClosedAtOnce) {
  hold_tcp_call();
  const std::vector<std::vector<std::uint8_t>> openings{
      {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'},
      {0x16, 0x03, 0x01, 0x02, 0x00, 0x01},
      {0x00, 0x02, 0x80, 0x60},              // RTP first.
      {0x00, 0x03, 0x16, 0xFE, 0xFD},        // DTLS first.
      {0xFF, 0xFF, 0x00, 0x01},              // Longer than any packet.
      {0x00, 0x04, 0x00, 0x01, 0x00, 0x00},  // STUN, cut off.
      {0x00, 0x14, 0x00, 0x01, 0x00, 0x04, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  std::list<TcpStream> strangers;
  for (const auto& opening : openings) strangers.emplace_back(clients_[0]->server).send_raw(opening);
  EXPECT_TRUE(run_until(
      [&] { return std::all_of(strangers.begin(), strangers.end(), [](TcpStream& s) { return s.ended(); }); }));
  EXPECT_EQ(counters(0).connections, 2U);
  EXPECT_TRUE(run_until_frames(clients_[1]->frames() + 15));
}

TEST_F(TcpAttackTest, AnothersFragmentWithoutThePasswordIsNobodys) {
  hold_tcp_call();
  TcpStream stranger(clients_[0]->server);
  const auto check = check_of("AAAAAAAAAAserve2:client2", "not-the-password-of-client-2");
  for (int i = 0; i < 20; ++i) stranger.send(check);
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 20; }));
  EXPECT_EQ(counters(0).opened, 2U);
  for (int i = 0; i < 20; ++i) stranger.send(check);
  EXPECT_TRUE(run_until([&] { return stranger.ended(); })) << "more than a stranger may say";
}

TEST_F(TcpAttackTest, TwoThousandConnectionsOfOneAddressHarmNobody) {
  hold_tcp_call();
  Client& by_udp = join(0, TransportRole::kSubscriber);
  ASSERT_TRUE(run_until_ready());
  subscribe(0, by_udp);
  std::vector<std::unique_ptr<TcpStream>> flood;
  std::size_t most = 0;
  for (int i = 0; i < 2000; ++i) {
    flood.push_back(std::make_unique<TcpStream>(clients_[0]->server));
    if (i % 2 == 0) flood.back()->send_raw(std::array<std::uint8_t, 3>{0x00, 0x64, 0x00});  // Half a frame.
    for (const auto& client : clients_) client->work();
    if (i % 100 == 0) most = std::max<std::size_t>(most, counters(0).connections);
    if (flood.size() > 700) flood.erase(flood.begin());  // This process has two ends of each.
  }
  EXPECT_LE(most, 2 + TcpConnections::kMaxStrangersOfAddress);
  EXPECT_TRUE(run_until([&] { return counters(0).connections <= 2 + TcpConnections::kMaxStrangersOfAddress; }));
  const std::uint64_t frames = std::min(clients_[1]->frames(), by_udp.frames());
  EXPECT_TRUE(run_until_frames(frames + 30));
  // And who means it gets in beside them, from the same address.
  join(0, TransportRole::kSubscriber, false, false, Way::kTcp);
  EXPECT_TRUE(run_until_ready());
}

TEST_F(TcpAttackTest, AResetInMidFrameEndsThatConnectionAlone) {
  hold_tcp_call();
  for (int i = 0; i < 50; ++i) {
    TcpStream stranger(clients_[0]->server);
    const auto check = check_of("AAAAAAAAAAserve2:client2", "password-of-twenty-two-chars-9");
    stranger.send(check);
    stranger.send_raw(std::array<std::uint8_t, 5>{0x01, 0x00, 0x00, 0x01, 0x00});
    stranger.reset();
  }
  EXPECT_TRUE(run_until([&] { return counters(0).connections == 2; }));
  EXPECT_TRUE(run_until_frames(clients_[1]->frames() + 15));
}

TEST_F(TcpAttackTest, WhoNeverReadsLosesMediaAndNobodyElseDoes) {
  hold_tcp_call();
  Client& lazy = join(0, TransportRole::kSubscriber, false, false, Way::kTcp);
  lazy.stream.emplace(lazy.server, 4096);
  ASSERT_TRUE(run_until_ready());
  subscribe(0, lazy);
  // From here on it only says that it is there.
  auto& all = clients_;
  std::unique_ptr<Client> idle = std::move(all.back());
  all.pop_back();
  const auto check = check_of("AAAAAAAAAAserve3:client3", "password-of-twenty-two-chars-3");
  const std::uint64_t frames = all[1]->frames();
  Instant next{};
  EXPECT_TRUE(run_until([&] {
    if (monotonic_now() >= next) {
      idle->stream->send(check);
      next = monotonic_now() + milliseconds(200);
    }
    return counters(0).dropped > 100 && all[1]->frames() > frames + 30;
  }));
  EXPECT_EQ(all[1]->recorder->recorded().payload_errors, 0U);
}

/// The connections with a clock of the test's.
class TcpTableTest : public ::testing::Test {
 protected:
  TcpTableTest() {
    TcpListeners listeners;
    listeners.emplace_back(loopback());
    SystemAddress name{};
    socklen_t size = sizeof name;
    (void)::getsockname(listeners.front().fd(), &name.any, &size);
    server_ = from_system(name);
    table_.listen(std::move(listeners));
  }
  void work(Instant now) {
    std::array<epoll_event, 64> ready{};
    const int count = ::epoll_wait(epoll_.get(), ready.data(), ready.size(), 20);
    for (int i = 0; i < count; ++i) {
      const epoll_event event = ready[static_cast<std::size_t>(i)];
      table_.handle_ready(now, event.data.u64, event.events);
    }
    table_.handle_timeout(now);
  }
  void accept(Instant now, std::size_t connections) {
    for (int i = 0; i < 1000 && table_.counters().connections != connections; ++i) work(now);
    ASSERT_EQ(table_.counters().connections, connections);
  }

  const Certificate certificate_ = *Certificate::generate();
  PacketPool pool_{1000};
  Sfu sfu_{certificate_, pool_, SfuLimits{}, 1};
  LoopShare share_{100};
  HandoverExchange exchange_{share_};
  FileDescriptor epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  TcpConnections table_{epoll_.get(), pool_, sfu_, exchange_, 0};
  SocketAddress server_;
  Instant start_{seconds(100)};
};

TEST_F(TcpTableTest, WhoSaysNothingOrAnOctetAtATimeHasTenSeconds) {
  TcpStream silent(server_);
  TcpStream slow(server_);
  accept(start_, 2);
  for (int second = 0; second <= 9; ++second) {
    slow.send_raw(std::array<std::uint8_t, 1>{0});
    work(start_ + seconds(second));
  }
  EXPECT_EQ(table_.counters().connections, 2U);
  work(start_ + seconds(11));
  EXPECT_EQ(table_.counters().connections, 0U);
  EXPECT_EQ(table_.counters().refused, 2U);
  EXPECT_TRUE(silent.ended());
  EXPECT_EQ(table_.next_timeout(), kNever) << "nothing is left to look after";
}

TEST_F(TcpTableTest, OfStrangersTheOldestGoes) {
  std::list<TcpStream> streams;
  for (std::size_t i = 0; i < TcpConnections::kMaxStrangersOfAddress; ++i) {
    streams.emplace_back(server_);
    accept(start_, i + 1);
  }
  EXPECT_FALSE(streams.front().ended());
  streams.emplace_back(server_);
  for (int i = 0; i < 1000 && table_.counters().refused == 0; ++i) work(start_);
  EXPECT_TRUE(streams.front().ended());
  EXPECT_EQ(table_.counters().connections, TcpConnections::kMaxStrangersOfAddress);
}

}  // namespace
}  // namespace noir
