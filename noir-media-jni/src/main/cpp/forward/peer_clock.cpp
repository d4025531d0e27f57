#include "forward/peer_clock.hpp"

#include <algorithm>
#include <cstdlib>

namespace noir {

namespace {

// Since 1900; fits for any number.
std::int64_t to_nanos(std::uint64_t ntp) {
  constexpr std::uint64_t kSecond = 1'000'000'000ULL;
  return static_cast<std::int64_t>((ntp >> 32) * kSecond + (((ntp & 0xFFFF'FFFFULL) * kSecond) >> 32));
}

}  // namespace

void PeerClock::handle_sender_report(Instant now, std::uint64_t ntp) {
  if (ntp == 0) return;
  const std::int64_t seen = now.time_since_epoch().count() - to_nanos(ntp);
  const std::int64_t moved = seen - offset_;
  if (!known_ || std::abs(moved) > kStep.count()) {
    offset_ = seen;
  } else {
    offset_ += std::clamp<std::int64_t>(moved, -kSlew.count(), kSlew.count());
  }
  known_ = true;
}

Instant PeerClock::at(std::uint64_t ntp) const { return Instant(Duration(to_nanos(ntp) + offset_)); }

}  // namespace noir
