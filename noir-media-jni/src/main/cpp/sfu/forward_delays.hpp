#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "forward/media_packet.hpp"
#include "sfu/quality.hpp"

namespace noir {

/// How long packets take through a loop. What is written for subscribers is noted once for each packet of a track, with
/// the number of its copies, and counted when the copies have left. Thread: loop.
class ForwardDelays {
 public:
  /// So many packets are to be fanned out. One place for each, where its copies are counted.
  std::uint32_t* begin(std::size_t packets) {
    copies_.assign(packets, 0);
    return copies_.data();
  }
  [[nodiscard]] std::uint32_t* copies() { return copies_.data(); }
  /// Those that have been fanned out, as many as `begin` was told.
  void end(std::span<const MediaPacket> packets) {
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (copies_[i] != 0) leaving_.push_back({packets[i].arrival, copies_[i], false});
    }
  }
  /// A copy that has waited for its subscriber's line.
  void note_paced(Instant arrival) { leaving_.push_back({arrival, 1, true}); }

  /// All that was noted has left.
  void leave(Instant now, SfuQuality& quality) {
    for (const Leaving& packet : leaving_) {
      const std::int64_t delay = (now - packet.arrival).count();
      (packet.paced ? quality.paced_delays : quality.delays).add(delay < 0 ? 0 : delay, packet.copies);
    }
    leaving_.clear();
  }
  /// Nobody knows when it left.
  void forget() { leaving_.clear(); }

 private:
  struct Leaving {
    Instant arrival;
    std::uint32_t copies = 0;
    bool paced = false;
  };

  std::vector<std::uint32_t> copies_;
  std::vector<Leaving> leaving_;
};

}  // namespace noir
