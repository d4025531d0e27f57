#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/distribution.hpp"

namespace noir {

/// Nanoseconds from 50 µs to 20 ms. Java's `LoopQuality` has the same bounds.
inline constexpr Distribution<9>::Bounds kDelayBounds{50'000,    100'000,   200'000,    500'000,   1'000'000,
                                                      2'000'000, 5'000'000, 10'000'000, 20'000'000};
/// bit/s from 100 kbit/s to 50 Mbit/s, there, too.
inline constexpr Distribution<9>::Bounds kEstimateBounds{100'000,   200'000,    500'000,    1'000'000, 2'000'000,
                                                         5'000'000, 10'000'000, 20'000'000, 50'000'000};

/// Why a subscriber gets another layer than before.
enum class SwitchCause : std::uint8_t {
  kLine,    // What its line takes.
  kWish,    // What it has asked for, or the size it shows the picture in.
  kSource,  // What the publisher sends.
};
inline constexpr std::size_t kSwitchCauses = 3;

/// Why a picture stood still at a subscriber, as far as is known here.
enum class FreezeCause : std::uint8_t {
  kLine,  // Its line took not even the smallest layer.
  kLoss,  // Its client could not show what came, and asked for a key frame.
  kLate,  // What had waited for too long was dropped.
};
inline constexpr std::size_t kFreezeCauses = 3;

/// How well a loop serves its subscribers, since it was opened, and what their lines take now.
struct SfuQuality {
  Distribution<9> delays{kDelayBounds};        // From a packet's arrival to its copies' leaving, each of those counted.
  Distribution<9> paced_delays{kDelayBounds};  // Of those that had to wait for their subscriber's line.
  Distribution<9> estimates{kEstimateBounds};  // One for each subscriber whose line is known.
  std::uint64_t feedback = 0;                  // Transport-wide: messages,
  std::uint64_t feedback_unmatched = 0;        // and those that spoke of nothing that was sent.
  std::uint64_t packets_expected = 0;          // Of tracks, by their sequence numbers,
  std::uint64_t packets_received = 0;          // and those that came; some may have come twice.
  std::uint64_t octets_received = 0;           // Of tracks: RTP packets, repairs among them.
  std::uint32_t audio_tracks = 0;              // Published on this loop.
  std::uint32_t video_tracks = 0;
  std::array<std::uint64_t, kSwitchCauses> switches_up{};
  std::array<std::uint64_t, kSwitchCauses> switches_down{};  // To nothing at all, too.
  std::array<std::uint64_t, kFreezeCauses> freezes{};
};

}  // namespace noir
