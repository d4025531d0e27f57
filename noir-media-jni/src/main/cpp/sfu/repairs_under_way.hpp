#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.hpp"
#include "sfu/params.hpp"

namespace noir {

/// A packet that was sent again because its receiver has lost it.
struct Repair {
  DownTrackId track = 0;
  std::uint16_t seq = 0;     // Of the stream.
  std::uint8_t repeats = 0;  // How many of its repairs before this one got lost, too.
};

/// The last repairs sent to one subscriber, by their transport-wide numbers, until it is known whether they came
/// through. Browsers do not always ask again for one that got lost, and then wait seconds for a key frame. Takes its
/// memory with the first repair: 2 KB. Thread: loop.
class RepairsUnderWay {
 public:
  /// Those of a quarter of a second on a line of 3 Mbit/s of which nothing but repairs is sent.
  static constexpr std::size_t kCapacity = 64;

  void add(Instant now, std::uint16_t number, const Repair& repair) {
    if (!ring_) ring_ = std::make_unique<Ring>();
    (*ring_)[next_++ % kCapacity] = Entry{now, number, true, repair};
  }
  /// What was sent as `number`, once; nothing when that was no repair, or one that is forgotten.
  std::optional<Repair> take(std::uint16_t number) {
    if (!ring_) return std::nullopt;
    for (Entry& entry : *ring_) {
      if (!entry.known || entry.number != number) continue;
      entry.known = false;
      return entry.repair;
    }
    return std::nullopt;
  }
  /// Whether one of the track was sent after `then`, and is not known to be lost.
  [[nodiscard]] bool any_since(Instant then, DownTrackId track) const {
    return ring_ && std::any_of(ring_->begin(), ring_->end(), [&](const Entry& entry) {
             return entry.known && entry.repair.track == track && entry.sent > then;
           });
  }

 private:
  struct Entry {
    Instant sent;
    std::uint16_t number = 0;
    bool known = false;
    Repair repair;
  };
  using Ring = std::array<Entry, kCapacity>;

  std::unique_ptr<Ring> ring_;
  std::size_t next_ = 0;
};

}  // namespace noir
