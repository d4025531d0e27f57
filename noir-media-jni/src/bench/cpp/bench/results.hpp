#pragma once

#include <cstdint>
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

[[nodiscard]] Quantiles quantiles(std::vector<Duration> values);

/// Packets that came to subscribers.
struct PacketCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // UDP payload.

  [[nodiscard]] double mean_bytes() const {
    return packets == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(packets);
  }
};

/// What a load of media showed. What only a server on this machine can tell is missing for another.
struct MediaResult {
  MediaScenario scenario;
  int peers = 0;
  Duration window{};
  PacketCounts audio;
  PacketCounts video;
  std::uint64_t lost = 0;       // On the way to the server, in it, or from it.
  std::uint64_t tool_lost = 0;  // In the socket buffers of this program.
  std::uint64_t checked = 0;    // Packets that were decrypted,
  std::uint64_t broken = 0;     // and did not hold what was sent.
  Quantiles delay;              // From the publisher's send call to the kernel of the subscriber.
  Quantiles join;               // While the load was built up.
  Quantiles first_packet;       // From the start of a join.
  Duration tool_cpu{};          // Of this program, in the window.
  double floor_us = 0;          // Per packet, for the same mix of packets;
  double paced_floor_us = 0;    // and at the pace of the streams.
  double own_floor_us = 0;      // The first, encrypted by what the server has.
  std::optional<Duration> server_cpu;
  std::map<std::string, Duration> server_threads;  // CPU by name of thread.

  [[nodiscard]] std::uint64_t packets() const { return audio.packets + video.packets; }
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(window).count(); }
  [[nodiscard]] double packets_per_second() const { return static_cast<double>(packets()) / seconds(); }
  [[nodiscard]] double megabits_per_second() const {
    return static_cast<double>(audio.bytes + video.bytes) * 8e-6 / seconds();
  }
  /// CPU of the server per forwarded packet.
  [[nodiscard]] std::optional<double> us_per_packet() const;
  /// Of processors that do nothing else.
  [[nodiscard]] std::optional<double> server_load() const;
};

/// What peers that come and go showed.
struct JoinsResult {
  int asked_per_second = 0;
  double joins_per_second = 0;
  std::uint64_t joins = 0;
  std::uint64_t failed = 0;
  Duration window{};
  Quantiles join;          // Socket to API channel: what client.join() of ion-sdk-js waits for.
  Quantiles first_packet;  // Socket to the first packet of media.
  // Of the server: with leaving, and with the media of those who are there meanwhile; then what the latter cost for as
  // many who neither come nor go, in the time of one join.
  std::optional<Duration> cpu_per_join;
  std::optional<Duration> stay_cpu_per_join;
  std::vector<std::size_t> resident_bytes;  // At ten moments of the window, the first and the last included.
};

/// What peers take of the server's memory, after a garbage collection.
struct MemoryResult {
  std::size_t server_bytes = 0;
  double bytes_per_idle_peer = 0;
  double bytes_per_subscriber = 0;
  double bytes_per_publisher = 0;
};

struct Report {
  std::optional<std::string> java_options;  // Of the servers started; unknown of one that was running.
  std::vector<MediaResult> media;
  std::optional<JoinsResult> joins;
  std::optional<MemoryResult> memory;
  bool numbers = true;  // Clients took transport-wide numbers, unless their scenario says otherwise.
};

}  // namespace noir
