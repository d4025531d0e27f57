#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "dtls/dtls_transport.hpp"

namespace noir {

using Bytes = std::vector<std::uint8_t>;

inline const Certificate& server_certificate() {
  static const Certificate certificate = Certificate::generate().value();
  return certificate;
}
inline const Certificate& client_certificate() {
  static const Certificate certificate = Certificate::generate().value();
  return certificate;
}

/// A client and a server over two lossy one-way links, all in simulated time.
class DtlsPair {
 public:
  struct Link {
    double loss = 0;
    Duration delay = std::chrono::milliseconds(10);
    Duration jitter = Duration::zero();
  };

  explicit DtlsPair(std::uint64_t seed = 1) : DtlsPair(kSrtpProfiles, kSrtpProfiles, seed) {}
  DtlsPair(std::span<const SrtpProfile> server_profiles, std::span<const SrtpProfile> client_profiles,
           std::uint64_t seed = 1)
      : server_context(server_certificate(), server_profiles),
        client_context(client_certificate(), client_profiles),
        server(server_context, DtlsRole::kServer),
        client(client_context, DtlsRole::kClient),
        random_(seed) {}

  void set_right_fingerprints() {
    server.set_remote_fingerprints(client_certificate().sha256());
    client.set_remote_fingerprints(server_certificate().sha256());
  }
  /// Runs until `done` or for `limit`; true when done.
  bool run_until(const std::function<bool()>& done, Duration limit = std::chrono::seconds(60)) {
    const Instant end = now + limit;
    while (!done()) {
      exchange();
      if (done()) return true;
      const Instant next = next_event();
      if (next > end) return false;
      now = next;
      deliver_due();
      if (server.next_timeout() <= now) server.handle_timeout(now);
      if (client.next_timeout() <= now) client.handle_timeout(now);
    }
    return true;
  }
  void run_for(Duration time) {
    (void)run_until([] { return false; }, time);
    now += time;
  }
  bool connect() {
    client.start(now);
    return run_until(
        [this] { return server.state() == DtlsState::kConnected && client.state() == DtlsState::kConnected; });
  }

  DtlsContext server_context;
  DtlsContext client_context;
  DtlsTransport server;
  DtlsTransport client;
  Link link;
  Instant now{std::chrono::seconds(1000)};
  /// Sees, and may change or empty, every datagram of the client.
  std::function<void(Bytes&)> on_client_datagram;
  std::vector<Bytes> server_got;
  std::vector<Bytes> client_got;
  std::size_t server_datagrams = 0;
  std::size_t largest_datagram = 0;

 private:
  struct InFlight {
    bool to_server = false;
    Bytes bytes;
  };

  void put(bool to_server, const Bytes& bytes) {
    largest_datagram = std::max(largest_datagram, bytes.size());
    if (bytes.empty() || std::uniform_real_distribution<>(0, 1)(random_) < link.loss) return;
    const auto jitter =
        link.jitter.count() == 0 ? 0 : std::uniform_int_distribution<Duration::rep>(0, link.jitter.count())(random_);
    in_flight_.emplace(now + link.delay + Duration(jitter), InFlight{to_server, bytes});
  }
  void exchange() {
    Bytes bytes;
    while (client.poll_transmit(bytes)) {
      if (on_client_datagram) on_client_datagram(bytes);
      put(true, bytes);
    }
    while (server.poll_transmit(bytes)) {
      ++server_datagrams;
      put(false, bytes);
    }
    while (server.poll_data(bytes)) server_got.push_back(bytes);
    while (client.poll_data(bytes)) client_got.push_back(bytes);
  }
  [[nodiscard]] Instant next_event() const {
    const Instant timer = std::min(server.next_timeout(), client.next_timeout());
    return in_flight_.empty() ? timer : std::min(timer, in_flight_.begin()->first);
  }
  void deliver_due() {
    while (!in_flight_.empty() && in_flight_.begin()->first <= now) {
      const InFlight item = in_flight_.begin()->second;
      in_flight_.erase(in_flight_.begin());
      (void)(item.to_server ? server : client).handle_datagram(now, item.bytes);
    }
  }

  std::mt19937_64 random_;
  std::multimap<Instant, InFlight> in_flight_;
};

inline Bytes text(std::string_view t) { return {t.begin(), t.end()}; }

}  // namespace noir
