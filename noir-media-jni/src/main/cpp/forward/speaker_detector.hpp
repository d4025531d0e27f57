#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace noir {

/// A stream: all audio tracks with one msid stream id; whoever feeds the detector gives numbers to them.
using StreamNumber = std::uint32_t;

/// Who speaks in a room, by ion's rule: in each interval, a stream is active that has sent enough packets that are loud
/// enough (RFC 6464); those that sent more of them, or louder ones, are first. By the clock: a stream that stops
/// sending goes silent. Thread: loop.
class SpeakerDetector {
 public:
  struct Settings {
    Duration interval = std::chrono::seconds(1);
    std::uint8_t threshold = 40;       // -dBov: a packet is loud when its level is at most that. 0 loud, 127 silent.
    std::uint8_t filter_percent = 20;  // Of the packets of an interval, 20 ms each, that have to be loud.
  };
  struct Speaker {
    StreamNumber stream = 0;
    std::uint8_t level = 127;  // -dBov, mean of the loud packets.

    bool operator==(const Speaker&) const = default;
  };

  explicit SpeakerDetector(const Settings& settings);

  /// `audio_level`: the octet of the header extension, the voice flag included.
  void handle_packet(Instant now, StreamNumber stream, std::uint8_t audio_level);
  /// The stream has ended; it is no speaker from the next interval on.
  void remove(StreamNumber stream);

  [[nodiscard]] Instant next_timeout() const { return interval_end_; }
  /// Ends the interval when it is over. True when the streams of `speakers`, or their order, are others than before.
  bool poll(Instant now);
  /// Loudest first, as of the last interval.
  [[nodiscard]] std::span<const Speaker> speakers() const { return speakers_; }

 private:
  struct Tally {
    StreamNumber stream = 0;
    std::uint32_t count = 0;  // Loud packets of this interval,
    std::uint32_t sum = 0;    // and their levels.
  };

  Duration interval_;
  std::uint8_t threshold_;
  std::uint32_t enough_;  // Packets.
  Instant interval_end_ = kNever;
  std::vector<Tally> tallies_;
  std::vector<Speaker> speakers_;
};

}  // namespace noir
