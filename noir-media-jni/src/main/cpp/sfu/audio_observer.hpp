#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "base/time.hpp"
#include "forward/loudest_streams.hpp"
#include "forward/speaker_detector.hpp"
#include "sfu/timer_queue.hpp"

namespace noir {

/// How rooms are listened to.
struct AudioSettings {
  SpeakerDetector::Settings speakers;
  std::size_t loudest = 0;  // Streams of a room whose audio is sent on; 0 = all.
};

/// What is heard in one room, whose publishers are all on one loop: who speaks, and whose audio is sent on. ion's word.
/// Thread: loop.
class AudioObserver {
 public:
  /// `timers` outlives this; its entries are groups.
  AudioObserver(const AudioSettings& settings, std::uint32_t group, TimerQueue& timers)
      : group_(group), timers_(timers), detector_(settings.speakers), loudest_(settings.loudest) {}

  /// Of a packet with the audio level of RFC 6464: whether it is to be sent on.
  [[nodiscard]] bool handle_packet(Instant now, StreamNumber stream, std::uint8_t audio_level) {
    detector_.handle_packet(now, stream, audio_level);
    arm();
    return loudest_.handle_packet(now, stream, audio_level);
  }
  /// The last track of the stream has ended.
  void remove(StreamNumber stream) {
    detector_.remove(stream);
    loudest_.remove(stream);
  }

  /// An entry of the timers is due. True when `speakers` are others than before.
  bool poll(Instant now) {
    if (armed_at_ > now) return false;
    armed_at_ = kNever;
    const bool changed = detector_.poll(now);
    arm();
    return changed;
  }
  [[nodiscard]] std::uint32_t group() const { return group_; }
  [[nodiscard]] std::span<const SpeakerDetector::Speaker> speakers() const { return detector_.speakers(); }

 private:
  friend class AudioObservers;

  void arm() {
    if (detector_.next_timeout() >= armed_at_) return;
    armed_at_ = detector_.next_timeout();
    timers_.arm(armed_at_, group_);
  }

  // Given.
  const std::uint32_t group_;
  TimerQueue& timers_;

  // State.
  SpeakerDetector detector_;
  LoudestStreams loudest_;
  Instant armed_at_ = kNever;
  std::size_t tracks_ = 0;
};

/// The rooms of a loop that have audio. Thread: loop.
class AudioObservers {
 public:
  /// Before the first track.
  void set(const AudioSettings& settings) { settings_ = settings; }

  /// A track has come to the room; what is given is good until the last one has left.
  [[nodiscard]] AudioObserver& enter(std::uint32_t group);
  /// True when it was the last one and somebody was said to speak, whom nobody will say to be silent.
  [[nodiscard]] bool leave(AudioObserver& observer);

  [[nodiscard]] Instant next_timeout() const { return timers_.next(); }
  /// A room in which others speak than before, or null when there is no more.
  [[nodiscard]] const AudioObserver* poll(Instant now);
  [[nodiscard]] std::size_t timers() const { return timers_.size(); }

 private:
  AudioSettings settings_;
  TimerQueue timers_;
  std::unordered_map<std::uint32_t, AudioObserver> rooms_;
};

}  // namespace noir
