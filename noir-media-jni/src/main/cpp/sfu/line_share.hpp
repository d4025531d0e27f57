#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "forward/layer_allocator.hpp"
#include "sfu/published_track.hpp"

namespace noir {

/// What is known of a subscriber's line.
struct Line {
  std::int64_t bps = 0;
  bool known = false;        // By reports of the client, which may still be awaited. Else it may take anything.
  bool constrained = false;  // Something has shown that this is all, and what is paused for it can come back.
  EstimateBasis basis = EstimateBasis::kMeasured;
  bool numbered = true;  // What is not numbered is not reported either: `bps` is of what is left beside it.
};

/// Shares what a subscriber's line takes among its tracks: what could be had of each goes to the allocator, what comes
/// out of it to the down tracks. Thread: loop.
class LineShare {
 public:
  /// News of the line counts no more often than that,
  static constexpr Duration kInterval = std::chrono::milliseconds(100);
  /// and without any, what the tracks take is looked at so often.
  static constexpr Duration kPeriod = std::chrono::milliseconds(500);

  /// After what may be news of the line, and at `next_timeout`. Gives the tracks whose layers have changed, which may
  /// wait for key frames now. Valid until the next call.
  std::span<SubscribedTrack* const> apply(Instant now, const Line& line, std::span<SubscribedTrack* const> tracks);
  /// bit/s that are worth probing for; of the last time.
  [[nodiscard]] std::int64_t wanted() const { return wanted_bps_; }

  /// Tracks have come or gone.
  void note_change() { due_ = Instant::min(); }
  /// Something else is wanted of a track; what is wanted in the same turn counts, too.
  void note_wish(Instant now);
  /// When `apply` last did anything.
  [[nodiscard]] Instant shared_at() const { return shared_at_; }
  [[nodiscard]] Instant next_timeout() const { return due_; }

  /// What `apply` has made of a track, the last time; null before.
  [[nodiscard]] const AllocatedTrack* last(DownTrackId track) const { return allocator_.last(track); }

 private:
  [[nodiscard]] bool is_news(const Line& line) const;
  void allow(Instant now, SubscribedTrack& track, std::optional<Layer> layer);
  [[nodiscard]] static std::optional<Layer> allowed(const AllocatedTrack& allocated, const Line& line);
  void collect(Instant now, const Line& line, std::span<SubscribedTrack* const> tracks);

  LayerAllocator allocator_;
  Instant shared_at_ = Instant::min();
  Instant due_ = Instant::min();
  std::int64_t wanted_bps_ = 0;
  std::int64_t shared_bps_ = 0;
  bool shared_constrained_ = false;
  // Of one call; here so that they keep their room.
  std::vector<OfferedLayer> offered_;
  std::vector<std::size_t> first_offered_;  // Of each track.
  std::vector<WantedTrack> wanted_;
  std::vector<SubscribedTrack*> changed_;
};

}  // namespace noir
