#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"

namespace noir {

/// How one direction between two addresses behaves.
struct LinkParams {
  double loss = 0;       // Probability.
  double duplicate = 0;  // Probability.
  Duration delay = std::chrono::milliseconds(5);
  Duration jitter{};           // Added at random from 0 to this; above the packet interval it reorders.
  std::uint64_t rate_bps = 0;  // 0 = unlimited.
  Duration max_queue = std::chrono::milliseconds(200);  // Behind the rate limit; beyond it datagrams are dropped.
};

struct SimDatagram {
  SocketAddress from;
  SocketAddress to;
  std::vector<std::uint8_t> bytes;
};

/// A network as a function: datagrams go in at one time and come out, or not, at another. Same seed, same calls: same
/// result. Also records what passes, for those who want to replay it.
class SimNet {
 public:
  explicit SimNet(std::uint64_t seed) : random_(seed) {}

  /// Also for links that have been used already.
  void set_default_link(const LinkParams& params) { default_link_ = params; }
  /// One direction; takes the place of the default for these two addresses.
  void set_link(const SocketAddress& from, const SocketAddress& to, const LinkParams& params);

  void send(Instant now, const SocketAddress& from, const SocketAddress& to, ByteSpan bytes);
  [[nodiscard]] Instant next_timeout() const;
  /// The next datagram that has arrived by `now`.
  [[nodiscard]] std::optional<SimDatagram> poll(Instant now);

  /// Every datagram that is sent and that `wanted` likes is copied to `captured`.
  void capture(std::function<bool(const SimDatagram&)> wanted) { wanted_ = std::move(wanted); }
  [[nodiscard]] std::vector<SimDatagram>& captured() { return captured_; }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  struct Link {
    std::optional<LinkParams> params;  // Nothing = the default.
    Instant busy_until{};
  };

  [[nodiscard]] bool chance(double probability);
  void deliver_later(Instant at, Duration jitter, const SimDatagram& datagram);

  std::mt19937_64 random_;
  LinkParams default_link_;
  std::map<std::pair<SocketAddress, SocketAddress>, Link> links_;
  std::multimap<Instant, SimDatagram> in_flight_;
  std::function<bool(const SimDatagram&)> wanted_;
  std::vector<SimDatagram> captured_;
  std::uint64_t sent_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace noir
