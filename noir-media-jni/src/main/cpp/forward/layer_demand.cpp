#include "forward/layer_demand.hpp"

#include <algorithm>

namespace noir {

bool LayerDemand::update(Instant now, std::uint8_t taken) {
  const std::uint8_t before = wanted_;
  for (std::size_t i = 0; i < kLayers; ++i) {
    const auto bit = static_cast<std::uint8_t>(1U << i);
    if ((taken & bit) != 0) {
      wanted_ |= bit;
    } else if ((taken_ & bit) != 0) {
      until_[i] = now + kLinger;
    } else if ((wanted_ & bit) != 0 && now >= until_[i]) {
      wanted_ &= static_cast<std::uint8_t>(~bit);
    }
  }
  taken_ = taken;
  return wanted_ != before;
}

Instant LayerDemand::next_timeout() const {
  Instant next = kNever;
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (((wanted_ & ~taken_) >> i & 1U) != 0) next = std::min(next, until_[i]);
  }
  return next;
}

}  // namespace noir
