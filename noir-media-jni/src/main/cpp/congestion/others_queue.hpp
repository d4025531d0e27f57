#pragma once

#include "base/time.hpp"

namespace noir {

/// Whether the queue at the bottleneck is somebody else's: it stays deep though we have sent less for a second. A
/// flow that keeps queues full, as TCP does, would take everything from one that yields to delay; while it is there,
/// only loss counts.
class OthersQueue {
 public:
  void note_reduction(Instant now, Duration queue) {
    if (since_ != kNever) return;
    since_ = now;
    queue_then_ = queue;
  }
  void handle(Instant now, Duration queue) {
    if (queue < kShort) {
      since_ = kNever;
      present_ = false;
    } else if (since_ != kNever && queue < queue_then_ - kDraining) {
      restart(now, queue);  // It drains: it was ours.
    } else if (since_ != kNever && now - since_ > kLong && queue > kDeep) {
      present_ = true;
    }
  }
  /// The second begins anew: we have yielded to loss, say.
  void restart(Instant now, Duration queue) {
    since_ = now;
    queue_then_ = queue;
    present_ = false;
  }
  [[nodiscard]] bool present() const { return present_; }

 private:
  static constexpr Duration kLong = std::chrono::milliseconds(1000);
  static constexpr Duration kDraining = std::chrono::milliseconds(40);
  static constexpr Duration kShort = std::chrono::milliseconds(25);
  static constexpr Duration kDeep = std::chrono::milliseconds(60);

  Instant since_ = kNever;  // Of the first reduction since the queue was short.
  Duration queue_then_{};
  bool present_ = false;
};

}  // namespace noir
