#include "congestion/arrival_groups.hpp"

#include <algorithm>

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr Duration kSentTogether = milliseconds(5);
constexpr Duration kArrivedTogether = milliseconds(5);
constexpr Duration kLongestBurst = milliseconds(100);
// The receiver's clock was set, or its machine slept.
constexpr Duration kClockJump = std::chrono::seconds(3);
constexpr int kMaxBackwards = 3;

}  // namespace

std::optional<GroupDelta> ArrivalGroups::handle(Instant sent, Duration arrived) {
  if (!current_.open) {
    current_ = {sent, sent, arrived, arrived, true};
    return std::nullopt;
  }
  if (sent < current_.first_sent) return std::nullopt;  // Reordered into an earlier group.
  if (belongs(sent, arrived)) {
    current_.last_sent = std::max(current_.last_sent, sent);
    current_.last_arrived = std::max(current_.last_arrived, arrived);
    return std::nullopt;
  }
  const auto delta = previous_.open ? compare() : std::nullopt;
  if (!current_.open) return std::nullopt;
  previous_ = current_;
  current_ = {sent, sent, arrived, arrived, true};
  return delta;
}

bool ArrivalGroups::belongs(Instant sent, Duration arrived) const {
  if (sent - current_.first_sent <= kSentTogether) return true;
  const Duration since = arrived - current_.last_arrived;
  const bool came_closer = since < sent - current_.last_sent;
  return came_closer && since <= kArrivedTogether && arrived - current_.first_arrived < kLongestBurst;
}

std::optional<GroupDelta> ArrivalGroups::compare() {
  const GroupDelta delta{current_.last_sent - previous_.last_sent, current_.last_arrived - previous_.last_arrived,
                         current_.last_arrived};
  if (delta.arrived - delta.sent > kClockJump || delta.sent - delta.arrived > kClockJump) {
    *this = {};
    return std::nullopt;
  }
  if (delta.arrived < Duration::zero()) {
    if (++backwards_ >= kMaxBackwards) *this = {};
    return std::nullopt;
  }
  backwards_ = 0;
  return delta;
}

}  // namespace noir
