#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "bench/options.hpp"

namespace noir {

struct Quantiles {
  Duration p50{};
  Duration p99{};
  Duration max{};
};

/// What one scenario showed. What only a server on this machine can tell is missing for another.
struct Measurement {
  Scenario scenario;
  Duration window{};
  int peers = 0;
  std::uint64_t packets = 0;    // Received by all subscribers within the window.
  std::uint64_t bytes = 0;      // UDP payload.
  std::uint64_t lost = 0;       // On the way to the server, in it, or from it.
  std::uint64_t tool_lost = 0;  // In the socket buffers of this program.
  std::uint64_t broken = 0;     // Payloads, among those decrypted, that were not what was sent.
  std::uint64_t sampled_packets = 0;
  std::optional<Duration> server_cpu;
  std::map<std::string, Duration> cpu_by_thread;
  Duration tool_cpu{};
  Duration floor{};  // Per packet.
  Quantiles delay;
  Quantiles join;
  Quantiles first_packet;
  std::optional<Duration> cpu_per_join;
  double joins_per_second = 0;
  std::optional<std::size_t> idle_server_bytes;
  std::optional<double> bytes_per_peer;

  [[nodiscard]] std::optional<double> us_per_packet() const;
  [[nodiscard]] double floor_us() const { return static_cast<double>(floor.count()) / 1000.0; }
  [[nodiscard]] double mean_packet_bytes() const {
    return packets == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(packets);
  }
};

/// Starts a server unless there is one, runs the scenario. Throws `std::runtime_error` when it cannot be carried out.
[[nodiscard]] Measurement run_scenario(const Scenario& scenario, const Options& options);

}  // namespace noir
