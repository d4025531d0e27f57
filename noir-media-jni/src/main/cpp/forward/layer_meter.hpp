#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"
#include "forward/frame_info.hpp"

namespace noir {

/// Measures the bitrate of one encoding and of its layers, by the clock: what came in the last second. Key frames count
/// with what they take in the long run: one of them is ten times as large as another picture, and its second says
/// nothing of those that follow.
/// Thread: loop.
class LayerMeter {
 public:
  static constexpr std::size_t kSpatial = 4;  // What is above counts as the highest.
  static constexpr std::size_t kTemporal = 4;

  void restart() { *this = {}; }
  void handle_packet(Instant now, std::uint8_t spatial, std::uint8_t temporal, std::size_t octets, bool key = false);

  /// bit/s of a layer and all below it, in both directions. While nothing comes, what it was when something did.
  [[nodiscard]] std::uint64_t bitrate(Instant now, Layer layer);
  /// Whether that is of a whole second; until then it is what can be said.
  [[nodiscard]] bool settled(Instant now);
  /// What came in the busiest of the last ten seconds, key frames included.
  [[nodiscard]] std::uint64_t peak(Instant now, Layer layer);
  /// The highest layers that have come within the last seconds.
  [[nodiscard]] Layer highest() const { return highest_; }

 private:
  static constexpr Duration kSlot = std::chrono::milliseconds(250);
  static constexpr std::size_t kSlots = 4;     // A second.
  static constexpr std::size_t kSeconds = 10;  // Of `peaks_`.
  using Cells = std::array<std::uint32_t, kSpatial * kTemporal>;

  struct Keys {
    std::uint32_t octets = 0;
    Layer highest;

    void add(Layer layer, std::size_t more) {
      octets += static_cast<std::uint32_t>(more);
      highest.spatial = std::max(highest.spatial, layer.spatial);
      highest.temporal = std::max(highest.temporal, layer.temporal);
    }
  };

  void roll(Instant now);
  void close_slot();
  void measure(const Cells& sum);
  [[nodiscard]] std::uint64_t octets_of(Layer layer) const;

  std::array<Cells, kSlots> slots_{};  // Octets without key frames; `at_` is being filled, the others are complete.
  std::array<Keys, kSlots> keys_{};    // Key frames in each one.
  Cells key_slot_{};                   // Their octets in that which is being filled,
  Cells key_rates_{};                  // and a second, as an average that fades.
  Cells rates_{};                      // Octets a second, when something came last.
  std::array<std::uint32_t, kSeconds> peaks_{};
  std::size_t at_ = 0;
  std::size_t complete_ = 0;  // Slots that are.
  std::uint64_t closed_ = 0;  // Slots so far.
  Instant slot_end_{};
  Layer highest_;
  bool started_ = false;
  bool silent_ = false;  // Nothing has come for a second.
};

}  // namespace noir
