#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "congestion/sent_history.hpp"

namespace noir {

/// What a probe has shown: the lesser of the rates at which its packets left and came, both by the packets' own times.
class ProbeMeter {
 public:
  /// The packets of `cluster` that are to come.
  void expect(std::uint8_t cluster, std::uint32_t octets, std::int64_t rate_bps);
  void handle(const PacketResult& result);

  struct Outcome {
    std::uint8_t cluster = 0;
    std::int64_t rate_bps = 0;    // As planned.
    std::int64_t proven_bps = 0;  // 0: not enough of it arrived.
  };
  /// After each report: a probe that is complete, if there is one.
  std::optional<Outcome> poll();

 private:
  struct Cluster {
    std::uint8_t id = 0;
    std::int64_t rate_bps = 0;
    std::uint32_t octets_expected = 0;
    std::uint32_t octets = 0;
    std::uint32_t octets_lost = 0;
    std::uint32_t packets = 0;
    std::uint32_t last_burst_octets = 0;
    std::uint32_t first_arrival_octets = 0;
    std::uint32_t tail_octets = 0;  // After the first third.
    Instant first_sent;
    Instant last_sent;
    Duration first_arrived{};
    Duration last_arrived{};
    Duration tail_since{};
  };

  [[nodiscard]] Cluster* find(std::uint8_t id);
  [[nodiscard]] static std::int64_t proven(const Cluster& c);

  std::array<Cluster, 3> clusters_{};
  std::size_t next_ = 0;
};

}  // namespace noir
