#include "forward/speaker_detector.hpp"

#include <algorithm>
#include <tuple>

namespace noir {

namespace {

constexpr std::uint8_t kLevel = 0x7F;  // RFC 6464 §3: the rest is the voice flag.

// ion's formula: with packets of 20 ms, half of `percent` of the milliseconds over ten.
std::uint32_t packets_of(Duration interval, std::uint8_t percent) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(interval).count();
  return static_cast<std::uint32_t>(ms * percent / 2000);
}

}  // namespace

SpeakerDetector::SpeakerDetector(const Settings& settings)
    : interval_(settings.interval > Duration::zero() ? settings.interval : Settings{}.interval),
      threshold_(settings.threshold),
      enough_(std::max(packets_of(interval_, settings.filter_percent), 1U)) {}

void SpeakerDetector::handle_packet(Instant now, StreamNumber stream, std::uint8_t audio_level) {
  const std::uint8_t level = audio_level & kLevel;
  if (level > threshold_) return;
  if (interval_end_ == kNever) interval_end_ = now + interval_;
  auto it = std::find_if(tallies_.begin(), tallies_.end(), [&](const Tally& t) { return t.stream == stream; });
  if (it == tallies_.end()) it = tallies_.insert(it, {stream, 0, 0});
  ++it->count;
  it->sum += level;
}

void SpeakerDetector::remove(StreamNumber stream) {
  std::erase_if(tallies_, [&](const Tally& t) { return t.stream == stream; });
}

bool SpeakerDetector::poll(Instant now) {
  if (now < interval_end_) return false;
  std::erase_if(tallies_, [&](const Tally& t) { return t.count < enough_; });
  std::sort(tallies_.begin(), tallies_.end(), [](const Tally& a, const Tally& b) {
    return std::tuple(b.count, a.sum, a.stream) < std::tuple(a.count, b.sum, b.stream);
  });
  const auto same = [](const Tally& t, const Speaker& s) { return t.stream == s.stream; };
  const bool changed = !std::equal(tallies_.begin(), tallies_.end(), speakers_.begin(), speakers_.end(), same);
  speakers_.clear();
  for (const Tally& t : tallies_) speakers_.push_back({t.stream, static_cast<std::uint8_t>(t.sum / t.count)});
  tallies_.clear();
  // Nobody spoke, nobody is to be silenced: the next loud packet begins the next interval.
  interval_end_ = speakers_.empty() ? kNever : now + interval_;
  return changed;
}

}  // namespace noir
