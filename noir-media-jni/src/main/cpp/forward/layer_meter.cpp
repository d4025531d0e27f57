#include "forward/layer_meter.hpp"

#include <algorithm>
#include <numeric>

namespace noir {

void LayerMeter::handle_packet(Instant now, std::uint8_t spatial, std::uint8_t temporal, std::size_t octets) {
  roll(now);
  const auto s = std::min<std::size_t>(spatial, kSpatial - 1);
  const auto t = std::min<std::size_t>(temporal, kTemporal - 1);
  slots_[at_][s * kTemporal + t] += static_cast<std::uint32_t>(octets);
  highest_.spatial = std::max(highest_.spatial, static_cast<std::uint8_t>(s));
  highest_.temporal = std::max(highest_.temporal, static_cast<std::uint8_t>(t));
}

void LayerMeter::roll(Instant now) {
  if (!started_) {
    started_ = true;
    slot_end_ = now + kSlot;
  }
  // After a longer silence, all that is there is over anyway.
  for (std::size_t i = 0; i < kSlots && now >= slot_end_; ++i) close_slot();
  if (now >= slot_end_) slot_end_ = now + kSlot;
}

void LayerMeter::close_slot() {
  slot_end_ += kSlot;
  complete_ = std::min(complete_ + 1, kSlots);
  Cells sum{};
  for (const Cells& slot : slots_) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += slot[i];
  }
  for (std::uint32_t& cell : sum) cell = static_cast<std::uint32_t>(std::uint64_t{cell} * kSlots / complete_);
  const auto total = std::accumulate(sum.begin(), sum.end(), std::uint32_t{0});
  if (total != 0) {
    rates_ = sum;
    highest_ = {};
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (sum[i] == 0) continue;
      highest_.spatial = std::max(highest_.spatial, static_cast<std::uint8_t>(i / kTemporal));
      highest_.temporal = std::max(highest_.temporal, static_cast<std::uint8_t>(i % kTemporal));
    }
  }
  auto& peak = peaks_[closed_ / kSlots % kSeconds];
  peak = closed_ % kSlots == 0 ? total : std::max(peak, total);
  ++closed_;
  at_ = (at_ + 1) % kSlots;
  slots_[at_] = {};
}

std::uint64_t LayerMeter::octets_of(Layer layer) const {
  std::uint64_t octets = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    if (i / kTemporal <= layer.spatial && i % kTemporal <= layer.temporal) octets += rates_[i];
  }
  return octets;
}

std::uint64_t LayerMeter::bitrate(Instant now, Layer layer) {
  if (started_) roll(now);
  return octets_of(layer) * 8;
}

std::uint64_t LayerMeter::peak(Instant now, Layer layer) {
  if (started_) roll(now);
  const std::uint64_t all = octets_of({0xFF, 0xFF});
  const std::uint64_t peak = *std::max_element(peaks_.begin(), peaks_.end());
  return all == 0 ? 0 : std::max(peak, all) * 8 * octets_of(layer) / all;
}

}  // namespace noir
