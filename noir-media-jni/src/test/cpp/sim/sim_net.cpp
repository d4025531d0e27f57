#include "sim/sim_net.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr std::size_t kUdpIpHeaders = 28;

}  // namespace

void SimNet::set_link(const SocketAddress& from, const SocketAddress& to, const LinkParams& params) {
  links_[{from, to}].params = params;
}

void SimNet::send(Instant now, const SocketAddress& from, const SocketAddress& to, ByteSpan bytes) {
  const SimDatagram datagram{from, to, {bytes.begin(), bytes.end()}};
  ++sent_;
  if (wanted_ && wanted_(datagram)) captured_.push_back(datagram);
  Link& link = links_[{from, to}];
  const LinkParams& params = link.params ? *link.params : default_link_;
  if (chance(params.loss)) {
    ++lost_;
    return;
  }
  Instant leaves = now;
  if (params.rate_bps > 0) {
    const auto bits = static_cast<double>((bytes.size() + kUdpIpHeaders) * 8);
    const Duration duration(static_cast<Duration::rep>(bits * 1e9 / static_cast<double>(params.rate_bps)));
    leaves = std::max(now, link.busy_until) + duration;
    if (leaves - now > params.max_queue) {
      ++lost_;
      return;
    }
    link.busy_until = leaves;
  }
  const int copies = chance(params.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i) deliver_later(leaves + params.delay, params.jitter, datagram);
}

Instant SimNet::next_timeout() const { return in_flight_.empty() ? kNever : in_flight_.begin()->first; }

std::optional<SimDatagram> SimNet::poll(Instant now) {
  if (next_timeout() > now) return std::nullopt;
  SimDatagram datagram = std::move(in_flight_.begin()->second);
  in_flight_.erase(in_flight_.begin());
  return datagram;
}

bool SimNet::chance(double probability) {
  return probability > 0 && std::uniform_real_distribution<>(0, 1)(random_) < probability;
}

void SimNet::deliver_later(Instant at, Duration jitter, const SimDatagram& datagram) {
  if (jitter.count() > 0) at += Duration(std::uniform_int_distribution<Duration::rep>(0, jitter.count())(random_));
  in_flight_.emplace(at, datagram);
}

}  // namespace noir
