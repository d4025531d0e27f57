#include "forward/layer_meter.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace noir {

namespace {

constexpr std::uint32_t kKeySeconds = 4;              // Over so many, key frames are averaged:
constexpr std::uint32_t kKeySlots = 4 * kKeySeconds;  // what they take fades slot by slot.

}  // namespace

void LayerMeter::handle_packet(Instant now, std::uint8_t spatial, std::uint8_t temporal, std::size_t octets, bool key) {
  roll(now);
  const auto s = std::min<std::size_t>(spatial, kSpatial - 1);
  const auto t = std::min<std::size_t>(temporal, kTemporal - 1);
  // Who goes on behind a pause is measured anew, as in the beginning.
  if (key && std::exchange(silent_, false)) {
    complete_ = 0;
    slot_end_ = now + kSlot;
  }
  if (key) {
    key_slot_[s * kTemporal + t] += static_cast<std::uint32_t>(octets);
    keys_[at_].add({static_cast<std::uint8_t>(s), static_cast<std::uint8_t>(t)}, octets);
  } else {
    slots_[at_][s * kTemporal + t] += static_cast<std::uint32_t>(octets);
  }
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
  for (std::size_t i = 0; i < sum.size(); ++i) {
    key_rates_[i] -= key_rates_[i] / kKeySlots;
    key_rates_[i] += key_slot_[i] / kKeySeconds;
  }
  key_slot_ = {};
  std::uint32_t total = std::accumulate(sum.begin(), sum.end(), std::uint32_t{0});
  for (const Keys& keys : keys_) total += keys.octets;
  silent_ = total == 0;
  if (!silent_) measure(sum);
  auto& peak = peaks_[closed_ / kSlots % kSeconds];
  peak = closed_ % kSlots == 0 ? total : std::max(peak, total);
  ++closed_;
  at_ = (at_ + 1) % kSlots;
  slots_[at_] = {};
  keys_[at_] = {};
}

void LayerMeter::measure(const Cells& sum) {
  Keys highest;
  for (const Keys& keys : keys_) highest.add(keys.highest, 0);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    rates_[i] = sum[i] + key_rates_[i];
    if (sum[i] == 0) continue;
    highest.add({static_cast<std::uint8_t>(i / kTemporal), static_cast<std::uint8_t>(i % kTemporal)}, 0);
  }
  highest_ = highest.highest;
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

bool LayerMeter::settled(Instant now) {
  if (started_) roll(now);
  return !silent_ && complete_ == kSlots;
}

std::uint64_t LayerMeter::peak(Instant now, Layer layer) {
  if (started_) roll(now);
  const std::uint64_t all = octets_of({0xFF, 0xFF});
  const std::uint64_t peak = *std::max_element(peaks_.begin(), peaks_.end());
  return all == 0 ? 0 : std::max(peak, all) * 8 * octets_of(layer) / all;
}

}  // namespace noir
