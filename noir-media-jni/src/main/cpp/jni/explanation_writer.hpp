#pragma once

#include <cstdint>
#include <vector>

#include "sfu/explanation.hpp"

namespace noir::wire {

/// As Java's `ExplanationReader` reads it, where the layout stands: little-endian, lists by their u16 count.
[[nodiscard]] std::vector<std::uint8_t> write_explanation(const TransportExplanation& explanation);

}  // namespace noir::wire
