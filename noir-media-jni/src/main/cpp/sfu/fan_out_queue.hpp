#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "sfu/published_track.hpp"

namespace noir {

/// Whose packets are fanned out next, in rounds: what is due is moved from `fresh` to `going`, and served track by
/// track, subscriber by subscriber.
///
/// A round takes everything as long as that is little work. Else it is one of a deficit round robin: each room gets the
/// same, and its publishers share it, so that a flood delays other rooms by its quantum and not by itself. Who has
/// little does not even wait for that. What does not get its turn within `kMaxAge` is of no use any more. Thread: loop.
class FanOutQueue {
 public:
  /// Packets to subscribers that a room may send in a round: a loop's work for some milliseconds, and a frame for
  /// hundreds.
  static constexpr std::int64_t kQuantum = 4096;
  /// As much of a publisher may be served in the middle of a round.
  static constexpr std::int64_t kLittle = 512;
  static constexpr Duration kMaxAge = std::chrono::milliseconds(250);

  /// The track has got its first fresh packet.
  void add(PublishedTrack& track) { waiting_.push_back(&track); }
  /// The track is going away, or has nothing left to send.
  void remove(const PublishedTrack& track);
  /// A subscriber of the track, the one at `place`, is going away.
  void remove_subscriber(const PublishedTrack& track, std::size_t place);

  /// Begins a round, or lets who has little into the one that is under way; false when there is nothing to do.
  bool begin(Instant now);
  /// After that: the tracks that have something going since then,
  [[nodiscard]] const std::vector<PublishedTrack*>& begun() const { return begun_; }
  /// and those whose packets have waited for too long: not in the queue any more, for the caller to drop them.
  [[nodiscard]] const std::vector<PublishedTrack*>& late() const { return late_; }

  /// Who is to be served; null when the round is over.
  [[nodiscard]] PublishedTrack* track() const { return track_ < going_.size() ? going_[track_] : nullptr; }
  [[nodiscard]] std::size_t subscriber() const { return subscriber_; }
  /// How many subscribers of a track have got what is going.
  [[nodiscard]] std::size_t served(const PublishedTrack& track) const;
  void next_subscriber() { ++subscriber_; }
  void next_track() {
    ++track_;
    subscriber_ = track_ == interrupted_track_ ? interrupted_subscriber_ : 0;
  }

  [[nodiscard]] Instant next_due() const;

 private:
  void begin_round(Instant now);
  void interrupt(Instant now);
  template <typename Wanted>
  void collect(Wanted&& wanted);
  void share_credit();
  void take_turns(Instant now);
  void take(PublishedTrack& track, std::size_t count);
  [[nodiscard]] std::int64_t lanes_in(std::uint32_t group) const;

  std::vector<PublishedTrack*> waiting_;  // With packets in `fresh`.
  std::vector<PublishedTrack*> due_;      // Used by `begin` alone.
  std::vector<PublishedTrack*> going_;    // Of the round.
  std::vector<PublishedTrack*> begun_;
  std::vector<PublishedTrack*> late_;
  std::vector<std::uint32_t> groups_;  // Sorted; one entry for each lane that has something due.
  std::uint64_t round_ = 0;
  std::size_t track_ = 0;  // Of `going_`.
  std::size_t subscriber_ = 0;
  std::size_t interrupted_track_ = 0;  // Where to go on after those who were let in.
  std::size_t interrupted_subscriber_ = 0;
};

}  // namespace noir
