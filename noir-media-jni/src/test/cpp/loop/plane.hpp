#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loop/clock.hpp"
#include "loop/loop_thread.hpp"
#include "loop/loopback.hpp"
#include "loop/tcp_stream.hpp"
#include "sim/test_client.hpp"

namespace noir::test {

inline constexpr Duration kLong = std::chrono::seconds(30);  // Never waited for by a passing test.
inline constexpr ExtensionIds kExtensions{.mid = 4,
                                          .rid = 10,
                                          .repaired_rid = 11,
                                          .audio_level = 1,
                                          .transport_sequence = 3,
                                          .abs_send_time = 2,
                                          .video_orientation = 13,
                                          .dependency_descriptor = 0};

enum class Way { kUdp, kTcp, kTcp6 };

/// A client on a real socket.
struct Client {
  UdpSocket socket{loopback()};
  std::optional<TcpStream> stream;  // Instead of it.
  TransportId transport = 0;
  std::unique_ptr<TestClient> peer;
  MediaRecorder* recorder = nullptr;

  void work() {
    while (auto datagram = stream ? stream->next() : receive_from(socket, 0)) {
      peer->handle_datagram(monotonic_now(), Path{0, server}, *datagram);
    }
    if (peer->next_timeout() <= monotonic_now()) peer->handle_timeout(monotonic_now());
    while (auto transmit = peer->poll_transmit()) {
      if (stream) {
        stream->send(transmit->bytes);
      } else {
        send_to(socket, transmit->path.remote, transmit->bytes);
      }
    }
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
    if (has_ipv6()) config.addresses.push_back(loopback6());
    for (int i = 0; i < 2; ++i) loops_.push_back(std::make_unique<LoopThread>(config, certificate_));
    const std::array all{&loops_[0]->loop(), &loops_[1]->loop()};
    Loop::connect(all);
    for (const auto& loop : loops_) loop->start();
  }
  ~PlaneTest() override {
    for (const auto& loop : loops_) loop->stop();
  }

  /// `by_mistake`: its datagrams go to the other loop.
  Client& join(std::size_t loop, TransportRole role, bool passive = false, bool by_mistake = false,
               Way way = Way::kUdp) {
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
    if (way == Way::kTcp6) client.server = loopback6(client.server.port);
    if (way != Way::kUdp) client.stream.emplace(client.server);
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

}  // namespace noir::test
