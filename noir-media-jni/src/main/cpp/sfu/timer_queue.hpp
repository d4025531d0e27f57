#pragma once

#include <cstdint>
#include <queue>
#include <ratio>
#include <vector>

#include "base/time.hpp"

namespace noir {

/// Twentieths of a second: deadlines that need not be exact are rounded up to them, so that many go off in one turn of
/// the loop. A wake-up costs more than what it is for.
using TimerSlot = std::chrono::duration<std::int64_t, std::ratio<1, 20>>;

/// Deadlines of many objects in one heap. Nothing is ever taken out early: an entry that comes due too soon, or whose
/// object is gone, costs its owner one look.
/// Thread: loop.
class TimerQueue {
 public:
  /// What is so near is due: some deadlines are kept to the microsecond only.
  static constexpr Duration kStep = std::chrono::microseconds(2);

  void arm(Instant at, std::uint32_t id) {
    if (at != kNever) heap_.push({at, id});
  }
  [[nodiscard]] Instant next() const { return heap_.empty() ? kNever : heap_.top().at; }

  /// The id of one entry that is due, or 0. The owner looks at the object and arms it anew.
  [[nodiscard]] std::uint32_t pop_due(Instant now) {
    if (heap_.empty() || heap_.top().at > now) return 0;
    const std::uint32_t id = heap_.top().id;
    heap_.pop();
    return id;
  }
  /// When no object is left.
  void clear() { heap_ = {}; }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  struct Entry {
    Instant at;
    std::uint32_t id;
    bool operator>(const Entry& other) const { return at > other.at; }
  };

  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
};

}  // namespace noir
