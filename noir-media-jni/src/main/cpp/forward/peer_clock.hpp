#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace noir {

/// The wall clock of a publisher, which may be set to anything, as sender reports tell it, on ours: what it says of all
/// tracks of a peer comes out on one timeline. A report is taken for as old as reports use to be, so times are late by
/// what the network takes, by the same for all tracks. Thread: loop.
class PeerClock {
 public:
  /// Each report moves the clock by so much at most, in the direction that it says: clocks drift, networks jitter.
  static constexpr Duration kSlew = std::chrono::microseconds(500);
  /// A clock that is so far away has been set.
  static constexpr Duration kStep = std::chrono::seconds(2);

  /// `ntp` as in a sender report; 0 = it has no wall clock (RFC 3550 §6.4.1).
  void handle_sender_report(Instant now, std::uint64_t ntp);
  [[nodiscard]] bool known() const { return known_; }
  /// Our time when that of the publisher was `ntp`.
  [[nodiscard]] Instant at(std::uint64_t ntp) const;

 private:
  std::int64_t offset_ = 0;  // ns, ours less theirs.
  bool known_ = false;
};

}  // namespace noir
