#include "congestion/probe_meter.hpp"

#include <algorithm>

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kEnoughPackets = 4;
constexpr std::uint32_t kEnoughPercent = 80;
// What leaves within that is one burst: it has no rate of its own.
constexpr Duration kBurst = milliseconds(1);
constexpr Duration kShortest = milliseconds(5);
// Came clearly slower than it left: that is the bottleneck's rate, of which a little is left free.
constexpr std::int64_t kSlowerPercent = 90;
constexpr std::int64_t kUsedPercent = 95;
// A burst of media that left with the probe proves little beyond it.
constexpr std::int64_t kMaxOverPlanPercent = 120;

std::int64_t rate_of(std::uint32_t octets, Duration time) {
  return std::int64_t{octets} * 8 * 1'000'000'000 / time.count();
}

}  // namespace

void ProbeMeter::expect(std::uint8_t cluster, std::uint32_t octets, std::int64_t rate_bps) {
  Cluster& c = clusters_[next_];
  next_ = (next_ + 1) % clusters_.size();
  c = {};
  c.id = cluster;
  c.octets_expected = octets;
  c.rate_bps = rate_bps;
}

ProbeMeter::Cluster* ProbeMeter::find(std::uint8_t id) {
  const auto it = std::find_if(clusters_.begin(), clusters_.end(), [id](const Cluster& c) { return c.id == id; });
  return id == 0 || it == clusters_.end() ? nullptr : &*it;
}

void ProbeMeter::handle(const PacketResult& result) {
  Cluster* c = find(result.cluster);
  if (c == nullptr || result.was_lost) return;
  if (!result.received) {
    c->octets_lost += result.size;
    return;
  }
  const bool first = c->packets == 0;
  ++c->packets;
  c->octets += result.size;
  if (c->octets <= c->octets_expected / 3) {
    c->tail_since = result.arrived;
  } else {
    c->tail_octets += result.size;
  }
  if (first || result.sent > c->last_sent + kBurst) {
    c->last_burst_octets = 0;
    c->last_sent = result.sent;
  }
  if (result.sent >= c->last_sent) c->last_burst_octets += result.size;
  if (first || result.sent < c->first_sent) c->first_sent = result.sent;
  if (first || result.arrived < c->first_arrived) {
    c->first_arrived = result.arrived;
    c->first_arrival_octets = result.size;
  }
  if (first || result.arrived > c->last_arrived) c->last_arrived = result.arrived;
}

std::optional<ProbeMeter::Outcome> ProbeMeter::poll() {
  for (Cluster& c : clusters_) {
    if (c.id == 0) continue;
    const std::uint32_t enough = c.octets_expected * kEnoughPercent / 100;
    const bool complete = c.octets >= enough && c.packets >= kEnoughPackets;
    const bool failed = c.octets_lost > c.octets_expected - enough;
    if (!complete && !failed) continue;
    const Outcome outcome{c.id, c.rate_bps, complete ? proven(c) : 0};
    c.id = 0;
    return outcome;
  }
  return std::nullopt;
}

std::int64_t ProbeMeter::proven(const Cluster& c) {
  const Duration sending = c.last_sent - c.first_sent;
  if (sending < kShortest) return 0;
  const std::int64_t sent = rate_of(c.octets - c.last_burst_octets, sending);
  const Duration arriving = c.last_arrived - c.first_arrived;
  std::int64_t came = arriving.count() > 0 ? rate_of(c.octets - c.first_arrival_octets, arriving) : sent;
  // A token bucket lets the first packets pass at once.
  const Duration tail = c.last_arrived - c.tail_since;
  if (c.tail_octets < c.octets && tail > kShortest) came = std::min(came, rate_of(c.tail_octets, tail));
  const std::int64_t most = c.rate_bps * kMaxOverPlanPercent / 100;
  return std::min(most, came * 100 < sent * kSlowerPercent ? came * kUsedPercent / 100 : sent);
}

}  // namespace noir
