#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "forward/peer_clock.hpp"
#include "forward/source_clock.hpp"

namespace noir {

/// When the frames of one track were captured, on our monotonic clock: by the publisher's sender reports; before the
/// first one, and when what they say cannot be, by arrival. A frame with a later timestamp is never earlier.
/// Thread: loop.
class CaptureClock {
 public:
  /// A frame cannot have been captured longer ago when it arrives, nor later than that by more.
  static constexpr Duration kMaxAge = std::chrono::seconds(3);
  static constexpr Duration kMaxLead = std::chrono::milliseconds(500);

  struct Frame {
    std::uint32_t rtp_ts = 0;
    std::uint32_t clock_rate = 0;  // Hz, not 0.
    Instant arrival;               // Of its first packet that came.
  };
  struct Reading {
    Instant captured;
    std::uint64_t rtp_ts = 0;  // Unwrapped.
  };

  /// Of the next frame in decoding order. `now` is not before anything that has been told to the clocks.
  Reading read(Instant now, const Frame& frame, const SourceClock& source, const PeerClock& peer);
  /// Timestamps begin anew, with another rtp stream.
  void restart();

 private:
  [[nodiscard]] Instant by_arrival(const Frame& frame, std::uint64_t rtp_ts);

  std::optional<std::uint64_t> last_ts_;  // Of the newest frame.
  Instant last_captured_ = Instant::min();
  std::optional<Reading> base_;  // By arrival: the frame that came fastest so far.
};

}  // namespace noir
