#include "forward/loudest_streams.hpp"

#include <algorithm>

namespace noir {

int LoudestStreams::level_at(const Voice& voice, Instant now) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - voice.at).count();
  const auto fade = std::clamp<std::int64_t>(ms * kFadePerSecond, 0, kSilent);
  return std::min(voice.level + static_cast<int>(fade), kSilent);
}

bool LoudestStreams::handle_packet(Instant now, StreamNumber stream, std::uint8_t audio_level) {
  if (count_ == 0) return true;
  auto it = std::find_if(voices_.begin(), voices_.end(), [&](const Voice& v) { return v.stream == stream; });
  if (it == voices_.end())
    it = voices_.insert(it, {.stream = stream, .level = kSilent, .at = now, .came = now, .chosen = false});
  const int level = (audio_level & 0x7F) * 1000;
  it->level = std::min(level, level_at(*it, now));
  it->at = now;
  if (!it->chosen && it->level < kSilent) challenge(now, *it);
  return it->chosen;
}

// In a free place, or in that of the quietest that has had its time.
void LoudestStreams::challenge(Instant now, Voice& voice) {
  std::size_t chosen = 0;
  Voice* quietest = nullptr;
  for (Voice& other : voices_) {
    if (!other.chosen) continue;
    ++chosen;
    if (other.came + kStay > now) continue;
    if (quietest == nullptr || level_at(other, now) > level_at(*quietest, now)) quietest = &other;
  }
  if (chosen >= count_) {
    if (quietest == nullptr || voice.level + kMargin * 1000 > level_at(*quietest, now)) return;
    quietest->chosen = false;
  }
  voice.chosen = true;
  voice.came = now;
}

void LoudestStreams::remove(StreamNumber stream) {
  std::erase_if(voices_, [&](const Voice& v) { return v.stream == stream; });
}

bool LoudestStreams::contains(StreamNumber stream) const {
  if (count_ == 0) return true;
  return std::any_of(voices_.begin(), voices_.end(), [&](const Voice& v) { return v.stream == stream && v.chosen; });
}

}  // namespace noir
