#include "sfu/audio_observer.hpp"

namespace noir {

AudioObserver& AudioObservers::enter(std::uint32_t group) {
  AudioObserver& observer = rooms_.try_emplace(group, settings_, group, timers_).first->second;
  ++observer.tracks_;
  return observer;
}

bool AudioObservers::leave(AudioObserver& observer) {
  if (--observer.tracks_ > 0) return false;
  const bool spoke = !observer.speakers().empty();
  rooms_.erase(observer.group());
  if (rooms_.empty()) timers_.clear();
  return spoke;
}

const AudioObserver* AudioObservers::poll(Instant now) {
  while (const std::uint32_t group = timers_.pop_due(now)) {
    const auto found = rooms_.find(group);
    if (found != rooms_.end() && found->second.poll(now)) return &found->second;
  }
  return nullptr;
}

}  // namespace noir
