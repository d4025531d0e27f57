#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace noir {

/// How often something may be done: so many times at once, and once more every so often. Thread: its owner's.
class Credit {
 public:
  constexpr Credit(int most, Duration every) : most_(most), every_(every) {}

  [[nodiscard]] bool has(Instant now) const { return since(now) + every_ <= now; }
  [[nodiscard]] bool take(Instant now) {
    if (!has(now)) return false;
    from_ = since(now) + every_;
    return true;
  }

 private:
  [[nodiscard]] Instant since(Instant now) const { return std::max(from_, now - most_ * every_); }

  int most_;
  Duration every_;
  Instant from_ = Instant::min();  // There is one for each `every_` from here to now.
};

}  // namespace noir
