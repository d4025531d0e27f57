#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// Which layers of a published track anybody takes (dynacast), from what all of its subscribers and mirrors say. What
/// is taken by somebody counts at once; what nobody takes any more counts for five more seconds, so that a page that is
/// scrolled or a line that wavers does not make encoders begin anew.
/// Thread: loop.
class LayerDemand {
 public:
  static constexpr Duration kLinger = std::chrono::seconds(5);
  static constexpr std::size_t kLayers = 8;

  /// `taken`: bit per encoding, or per spatial layer of the only one, that somebody takes now: those below that it is
  /// built on too. True when `wanted` has changed.
  bool update(Instant now, std::uint8_t taken);
  /// To be called when `next_timeout` is over. True when `wanted` has changed.
  bool poll(Instant now) { return update(now, taken_); }
  [[nodiscard]] Instant next_timeout() const;

  /// Bit per layer that the publisher is to send.
  [[nodiscard]] std::uint8_t wanted() const { return wanted_; }
  /// Whether a key frame of this layer is of use to anybody now.
  [[nodiscard]] bool takes(std::uint8_t layer) const { return layer < kLayers && (taken_ >> layer & 1U) != 0; }

 private:
  std::uint8_t taken_ = 0;
  std::uint8_t wanted_ = 0;
  std::array<Instant, kLayers> until_{};  // Of those that are wanted and not taken.
};

}  // namespace noir
