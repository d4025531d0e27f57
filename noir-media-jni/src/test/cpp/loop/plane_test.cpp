#include <gtest/gtest.h>

#include <memory>

#include "loop/clock.hpp"
#include "loop/loop_thread.hpp"
#include "loop/loopback.hpp"
#include "sim/test_client.hpp"
#include "stun/message.hpp"

namespace noir {
namespace {

using test::loopback;
using test::LoopThread;
using test::send_to;

constexpr Duration kLong = std::chrono::seconds(30);  // Never waited for by a passing test.
constexpr ExtensionIds kExtensions{.mid = 4,
                                   .rid = 10,
                                   .repaired_rid = 11,
                                   .audio_level = 1,
                                   .transport_sequence = 3,
                                   .abs_send_time = 2,
                                   .video_orientation = 13,
                                   .dependency_descriptor = 0};

/// A client on a real socket.
struct Client {
  UdpSocket socket{loopback()};
  TransportId transport = 0;
  std::unique_ptr<TestClient> peer;
  MediaRecorder* recorder = nullptr;

  void work() {
    while (auto datagram = test::receive_from(socket, 0)) {
      peer->handle_datagram(monotonic_now(), Path{0, server}, *datagram);
    }
    if (peer->next_timeout() <= monotonic_now()) peer->handle_timeout(monotonic_now());
    while (auto transmit = peer->poll_transmit()) test::send_to(socket, transmit->path.remote, transmit->bytes);
  }
  [[nodiscard]] std::uint64_t frames() const { return recorder == nullptr ? 0 : recorder->recorded().frames; }

  SocketAddress server;
};

/// Two connected loops on their threads; a publisher on the first one, subscribers on both.
class PlaneTest : public ::testing::Test {
 protected:
  PlaneTest() {
    LoopConfig config;
    config.addresses = {loopback()};
    for (int i = 0; i < 2; ++i) loops_.push_back(std::make_unique<LoopThread>(config, certificate_));
    const std::array all{&loops_[0]->loop(), &loops_[1]->loop()};
    Loop::connect(all);
    for (const auto& loop : loops_) loop->start();
  }
  ~PlaneTest() override {
    for (const auto& loop : loops_) loop->stop();
  }

  /// `by_mistake`: its datagrams go to the other loop.
  Client& join(std::size_t loop, TransportRole role, bool passive = false, bool by_mistake = false) {
    Client& client = *clients_.emplace_back(std::make_unique<Client>());
    const std::string number = std::to_string(clients_.size());
    const IceCredentials server_ice{(loop == 0 ? "AAAAAAAAAAserve" : "AAAAAQAAAAserve") + number,
                                    "password-of-twenty-two-chars-" + number};
    TestClientParams params;
    params.local = {"client" + number, "password-of-twenty-two-chars-" + number};
    params.remote = server_ice;
    params.remote_fingerprint = certificate_.sha256();
    params.extensions = kExtensions;
    params.data_channels = false;
    params.passive = passive;
    const RemoteParams remote{params.local.ufrag, params.local.pwd, certificate_.sha256(), passive};
    client.transport = loops_[loop]->call([&](Loop& l) {
      const TransportId id = *l.sfu().open_transport(monotonic_now(), {role, server_ice.ufrag, server_ice.pwd});
      EXPECT_TRUE(l.sfu().set_remote(monotonic_now(), id, remote));
      EXPECT_TRUE(l.sfu().set_extensions(id, {kExtensions}));
      return id;
    });
    client.server = loopback(loops_[by_mistake ? 1 - loop : loop]->call([](Loop& l) { return l.port(); }));
    params.candidates = {Path{0, client.server}};
    client.peer = std::make_unique<TestClient>(dtls_, sctp_, params);
    client.peer->start(monotonic_now());
    return client;
  }
  void publish(Client& publisher) {
    SourceParams source;
    source.mid = "0";
    source.ssrc = 1234;
    track_.kind = MediaKind::kVideo;
    track_.mid = source.mid;
    track_.codecs = {{source.payload_type, source.codec, 90'000}};
    track_.encodings = {{"", source.ssrc}};
    track_.nack = track_.pli = true;
    track_id_ =
        loops_[0]->call([&](Loop& l) { return *l.sfu().add_track(monotonic_now(), publisher.transport, track_); });
    (void)publisher.peer->publish(monotonic_now(), source);
  }
  void subscribe(std::size_t loop, Client& subscriber) {
    DownTrackParams params;
    params.mid = "0";
    params.ssrc = 99;
    params.payloads = {{96, 96, 0}};
    params.extensions = kExtensions;
    params.cname = "publisher";
    ReceiveParams receive;
    receive.ssrc = params.ssrc;
    subscriber.recorder = &subscriber.peer->receive(receive);
    loops_[loop]->call([&](Loop& l) {
      const auto id = loop == 0 ? l.sfu().add_down_track(monotonic_now(), subscriber.transport, track_id_, params)
                                : l.sfu().add_mirrored_down_track(monotonic_now(), subscriber.transport, {0, track_id_},
                                                                  track_, params);
      EXPECT_TRUE(id);
      return id.ok();
    });
  }
  /// Lets all clients work until `done`.
  template <typename Done>
  bool run_until(Done done) {
    for (const Instant end = monotonic_now() + kLong; monotonic_now() < end;) {
      for (const auto& client : clients_) client->work();
      if (done()) return true;
      std::this_thread::yield();
    }
    return false;
  }
  bool run_until_frames(std::uint64_t frames) {
    return run_until([&] {
      return std::all_of(clients_.begin(), clients_.end(),
                         [&](const auto& c) { return c->recorder == nullptr || c->frames() >= frames; });
    });
  }
  void hold_call() {
    Client& publisher = join(0, TransportRole::kPublisher);
    for (std::size_t i = 0; i < 4; ++i) join(i % 2, TransportRole::kSubscriber);
    ASSERT_TRUE(run_until([&] {
      return std::all_of(clients_.begin(), clients_.end(), [](const auto& c) { return c->peer->can_send(); });
    }));
    publish(publisher);
    for (std::size_t i = 0; i < 4; ++i) subscribe(i % 2, *clients_[i + 1]);
    ASSERT_TRUE(run_until_frames(5));
  }

  const Certificate certificate_ = *Certificate::generate();
  const DtlsContext dtls_{certificate_};
  SctpLoop sctp_;
  std::vector<std::unique_ptr<LoopThread>> loops_;
  std::vector<std::unique_ptr<Client>> clients_;
  TrackParams track_;
  TrackId track_id_ = 0;
};

TEST_F(PlaneTest, MediaCrossesLoopsWithoutTheirThreadsLeavingThem) {
  hold_call();
  const int home_returns = loops_[0]->returns();
  const int away_returns = loops_[1]->returns();
  ASSERT_TRUE(run_until_frames(15));
  EXPECT_EQ(loops_[0]->returns(), home_returns);
  EXPECT_EQ(loops_[1]->returns(), away_returns);

  const LoopCounters home = loops_[0]->call([](Loop& l) { return l.counters(); });
  const LoopCounters away = loops_[1]->call([](Loop& l) { return l.counters(); });
  EXPECT_GT(home.sfu.packets_handed_over, 50U);
  EXPECT_GE(away.sfu.packets_forwarded, 2 * 50U);
  EXPECT_EQ(away.sfu.mirrors, 1U);
  EXPECT_EQ(home.dropped_handover, 0U);
  for (const auto& client : clients_) {
    if (client->recorder == nullptr) continue;
    EXPECT_EQ(client->recorder->recorded().payload_errors, 0U);
  }
}

// One check with a forged sender moved a subscriber's media to somebody else's socket.
TEST_F(PlaneTest, AForgedNominationBringsAVictimThreeTimesItsBytes) {
  hold_call();
  const UdpSocket victim(loopback());
  std::vector<std::uint8_t> check(256);
  StunWriter writer(check, StunClass::kRequest, kStunBinding, {1, 2, 3});
  writer.username("AAAAAAAAAAserve2:client2");
  writer.attribute_u32(StunAttribute::kPriority, 0x7FFFFFFF);
  writer.attribute_u64(StunAttribute::kIceControlling, 1);
  writer.attribute(StunAttribute::kUseCandidate, {});
  const std::string password = "password-of-twenty-two-chars-2";
  HmacSha1 key({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
  writer.message_integrity(key);
  check.resize(writer.finish());
  send_to(victim, clients_[1]->server, check);
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 60; })) << "the one before goes on";
  std::size_t bytes = 0;
  std::size_t answers = 0;
  while (const auto datagram = test::receive_from(victim, 0)) {
    bytes += datagram->size();
    ++answers;
  }
  EXPECT_GE(answers, 2U) << "the answer and a check of ours";
  EXPECT_LE(bytes, 3 * check.size());
}

// Something between it and us has sent it to the wrong port. It takes answers from nowhere else.
TEST_F(PlaneTest, AClientAtTheWrongLoopHoldsACall) {
  Client& publisher = join(0, TransportRole::kPublisher, false, true);
  Client& subscriber = join(1, TransportRole::kSubscriber, false, true);
  ASSERT_TRUE(run_until([&] { return publisher.peer->can_send() && subscriber.peer->can_send(); }));
  publish(publisher);
  subscribe(1, subscriber);
  ASSERT_TRUE(run_until_frames(15));
  EXPECT_EQ(subscriber.recorder->recorded().payload_errors, 0U);
  for (const auto& loop : loops_) {
    EXPECT_GT(loop->call([](Loop& l) { return l.counters().sfu.datagrams_at_wrong_loop; }), 2U);
    EXPECT_EQ(loop->call([](Loop& l) { return l.counters().dropped_handover; }), 0U);
  }
}

TEST_F(PlaneTest, AClientMayWaitForOurHello) {
  Client& publisher = join(0, TransportRole::kPublisher, true);
  Client& subscriber = join(0, TransportRole::kSubscriber, true);
  ASSERT_TRUE(run_until([&] { return publisher.peer->can_send() && subscriber.peer->can_send(); }));
  publish(publisher);
  subscribe(0, subscriber);
  EXPECT_TRUE(run_until_frames(15));
}

TEST_F(PlaneTest, TheMirrorsLoopEndsFirst) {
  hold_call();
  loops_[1]->stop();
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 10; }));
}

TEST_F(PlaneTest, TheHomeLoopEndsFirst) {
  hold_call();
  loops_[0]->stop();
  // Retransmissions come from buffers of the pool of a loop that is gone.
  const LoopCounters away = loops_[1]->call([](Loop& l) { return l.counters(); });
  EXPECT_EQ(away.sfu.transports, 2U);
  EXPECT_TRUE(
      loops_[1]->call([&](Loop& l) { return l.sfu().close_transport(monotonic_now(), clients_[2]->transport).ok(); }));
}

TEST_F(PlaneTest, TracksComeAndGoUnderMedia) {
  hold_call();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(loops_[0]->call([&](Loop& l) { return l.sfu().remove_track(monotonic_now(), track_id_).ok(); }));
    ASSERT_TRUE(run_until([&] { return loops_[1]->call([](Loop& l) { return l.counters().sfu.down_tracks; }) == 0; }));
    track_id_ =
        loops_[0]->call([&](Loop& l) { return *l.sfu().add_track(monotonic_now(), clients_[0]->transport, track_); });
    for (const std::size_t client : {2U, 4U}) {
      DownTrackParams params;
      params.mid = "0";
      params.ssrc = static_cast<std::uint32_t>(1000 + i);
      params.payloads = {{96, 96, 0}};
      EXPECT_TRUE(loops_[1]->call([&](Loop& l) {
        return l.sfu()
            .add_mirrored_down_track(monotonic_now(), clients_[client]->transport, {0, track_id_}, track_, params)
            .ok();
      }));
    }
    const std::uint64_t before = loops_[1]->call([](Loop& l) { return l.counters().sfu.packets_forwarded; });
    ASSERT_TRUE(run_until(
        [&] { return loops_[1]->call([](Loop& l) { return l.counters().sfu.packets_forwarded; }) > before + 10; }));
  }
}

}  // namespace
}  // namespace noir
