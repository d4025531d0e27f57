#pragma once

#include <algorithm>
#include <cstdint>

namespace noir {

/// What may be sent again of one down track: a quarter of what has been sent, so that ten percent of random loss are
/// repaired with ease, and nobody's NACKs bring him several times the media. What is not used is kept up to a burst.
class RepairBudget {
 public:
  static constexpr std::uint32_t kShare = 4;              // One in so many octets.
  static constexpr std::uint32_t kStart = 8 * 1024;       // Octets: the first packets can be lost, too.
  static constexpr std::uint32_t kMostKept = 128 * 1024;  // A tenth of a second of 10 Mbit/s.

  /// `sent`: octets of media so far, modulo 2^32. False when it is too much.
  bool take(std::uint32_t sent, std::uint32_t octets) {
    const std::uint32_t fresh = sent - counted_;
    const std::uint32_t earned = fresh / kShare;
    counted_ += earned * kShare;
    credit_ = std::min(credit_ + std::min(earned, kMostKept), kMostKept);
    if (octets > credit_) return false;
    credit_ -= octets;
    return true;
  }

 private:
  std::uint32_t counted_ = 0;
  std::uint32_t credit_ = kStart;
};

}  // namespace noir
