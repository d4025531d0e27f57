#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "forward/speaker_detector.hpp"

namespace noir {

/// The streams of a large room whose audio is sent on: the loudest N, by levels that follow speech at once and silence
/// slowly, by the clock. Who is among them stays for a while, and goes only for somebody who is clearly louder.
/// Thread: loop.
class LoudestStreams {
 public:
  static constexpr Duration kStay = std::chrono::seconds(2);  // Since it was last among the loudest.
  static constexpr int kMargin = 3;                           // dB that a newcomer has to be louder by.
  static constexpr int kFadePerSecond = 30;                   // dB; silence from -30 dBov takes three seconds.

  /// 0 = everybody.
  explicit LoudestStreams(std::size_t count) : count_(count) {}

  /// Whether the packet is to be sent on. `audio_level`: the octet of RFC 6464.
  [[nodiscard]] bool handle_packet(Instant now, StreamNumber stream, std::uint8_t audio_level);
  void remove(StreamNumber stream);
  [[nodiscard]] bool contains(StreamNumber stream) const;

 private:
  static constexpr int kSilent = 127 * 1000;  // -mdBov

  struct Voice {
    StreamNumber stream = 0;
    int level = kSilent;  // -mdBov, as of `at`.
    Instant at{};
    Instant came{};  // Among the loudest.
    bool chosen = false;
  };

  [[nodiscard]] static int level_at(const Voice& voice, Instant now);
  void challenge(Instant now, Voice& voice);

  std::size_t count_;
  std::vector<Voice> voices_;
};

}  // namespace noir
