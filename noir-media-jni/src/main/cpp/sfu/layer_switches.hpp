#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.hpp"
#include "forward/media_packet.hpp"
#include "sfu/params.hpp"
#include "sfu/quality.hpp"

namespace noir {

/// A subscriber gets another layer of a track than before.
struct LayerSwitch {
  Instant at;
  TransportId subscriber = 0;
  DownTrackId track = 0;
  std::optional<Layer> from;  // Nothing: it was paused for its line.
  std::optional<Layer> to;
  SwitchCause cause = SwitchCause::kSource;

  [[nodiscard]] bool up() const {
    if (!from || !to) return to.has_value();
    return to->spatial != from->spatial ? to->spatial > from->spatial : to->temporal > from->temporal;
  }
};

/// The first of the switches since they were asked for last: who never asks has them for nothing. Thread: loop.
class LayerSwitches {
 public:
  static constexpr std::size_t kMost = 32;

  void add(const LayerSwitch& one) {
    if (count_ < kMost) kept_[count_++] = one;
  }
  /// Valid until the next `add`.
  [[nodiscard]] std::span<const LayerSwitch> take() {
    const std::size_t count = count_;
    count_ = 0;
    return std::span(kept_).first(count);
  }

 private:
  std::array<LayerSwitch, kMost> kept_{};
  std::size_t count_ = 0;
};

}  // namespace noir
