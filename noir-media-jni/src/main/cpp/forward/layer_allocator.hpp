#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "forward/frame_info.hpp"
#include "forward/offered_layer.hpp"

namespace noir {

/// What a track shows or says, as far as sharing bandwidth goes.
enum class TrackUse : std::uint8_t { kAudio, kScreen, kCamera };

/// A track that a subscriber could get.
struct WantedTrack {
  std::uint32_t id = 0;  // The caller's; one of each.
  TrackUse use = TrackUse::kCamera;
  bool wanted = true;           // Not muted, not out of sight.
  std::uint8_t priority = 0;    // The higher, the sooner it is better than others.
  std::uint16_t max_width = 0;  // The size it is shown in; 0 = any.
  std::uint16_t max_height = 0;
  Layer max{0xFF, 0xFF};                 // The highest layers that the subscriber asks for.
  std::optional<Layer> current;          // What is being forwarded, or
  bool waits = false;                    // what a key frame is waited for, so that it has not been tried yet.
  std::span<const OfferedLayer> layers;  // Ascending by spatial, then temporal layer. Audio has one.
};

/// Why a track gets what it gets.
enum class AllocationReason : std::uint8_t {
  kWanted,          // It is what is wanted, or the best there is of it.
  kNotWanted,       // Paused.
  kNothingOffered,  // Paused: the publisher sends nothing.
  kNoBandwidth,     // Better, or anything, would not fit.
  kNoHeadRoom,      // Better would fit, without a reserve.
  kHeldDown,        // Better would fit, but did not hold a moment ago.
  kNeverPaused,     // A screen whose lowest layer does not fit.
};

/// "no bandwidth for more" and the like.
[[nodiscard]] std::string_view to_words(AllocationReason reason);

struct AllocatedTrack {
  std::uint32_t id = 0;
  std::optional<Layer> layer;   // Nothing = paused.
  std::optional<Layer> demand;  // The best that it could take now, were it sent: for `LayerDemand`.
  AllocationReason reason = AllocationReason::kWanted;
  std::uint64_t bitrate = 0;  // bit/s
};

/// How an estimate came to be.
enum class EstimateBasis : std::uint8_t {
  kStart,     // It is where every line begins, and may be another one in a moment.
  kMeasured,  // The line has shown something.
};

/// Shares what one subscriber's line takes among the tracks that it wants:
///
///   audio, always │ screens' lowest layer, always │ cameras' lowest layers │ better ones, by priority, a step for
///   each of a priority before a second one
///
/// Of equals, the cheapest step is first, so that as many as possible get one. A track goes down at once and up with a
/// reserve of 15 %, and not for a while after it went down: 2 s, doubled each time that it had gone up in vain. What
/// has not been tried yet has not failed, and at the start nothing has. Thread: loop.
class LayerAllocator {
 public:
  static constexpr Duration kHold = std::chrono::seconds(2);
  static constexpr Duration kLongestHold = std::chrono::seconds(8);
  /// An ascent that ends sooner was in vain.
  static constexpr Duration kTrial = std::chrono::seconds(10);

  struct Result {
    std::span<const AllocatedTrack> tracks;  // In the order they were given. Valid until the next call.
    std::uint64_t allocated = 0;             // bit/s
    std::uint64_t wanted = 0;                // bit/s; the estimate at which everybody has what is wanted.
  };
  /// `estimate` in bit/s.
  Result allocate(Instant now, std::uint64_t estimate, std::span<const WantedTrack> tracks,
                  EstimateBasis basis = EstimateBasis::kMeasured);

  /// What the last call gave a track; null when it was not among them.
  [[nodiscard]] const AllocatedTrack* last(std::uint32_t id) const {
    const auto it = std::find_if(result_.begin(), result_.end(), [&](const auto& track) { return track.id == id; });
    return it == result_.end() ? nullptr : &*it;
  }

 private:
  struct Memory {  // Of a track.
    std::uint32_t id = 0;
    Instant went_up{Instant::min()};
    Instant held_until{Instant::min()};
    Duration hold = kHold;
    bool seen = false;
  };
  struct Step {
    Layer layer;
    std::uint64_t bitrate = 0;  // Never less than the one below.
  };
  struct Candidate {
    const WantedTrack* track = nullptr;
    std::size_t place = 0;    // In `result_`.
    std::size_t memory = 0;   // In `memories_`.
    std::size_t first = 0;    // In `steps_`,
    std::size_t count = 0;    // and how many.
    std::size_t current = 0;  // How many of them are being forwarded,
    std::size_t level = 0;    // and are to be.
    Layer useful;             // The best that the subscriber has any use for.
    bool stuck = false;       // The next one does not fit.
  };

  void collect(std::span<const WantedTrack> tracks);
  void add_steps(Candidate& candidate);
  [[nodiscard]] std::uint64_t bitrate(const Candidate& candidate, std::size_t level) const;
  void take_audio();
  void take_first_layers(Instant now);
  void take_better_layers(Instant now);
  void take_better_layers(Instant now, std::uint8_t priority);
  void take_step(Instant now, Candidate& candidate);
  [[nodiscard]] AllocationReason judge(Instant now, const Candidate& candidate, std::uint64_t more) const;
  void conclude();
  void remember(Instant now);
  [[nodiscard]] std::size_t memory_of(std::uint32_t id);
  [[nodiscard]] std::uint64_t wanted() const;

  std::uint64_t estimate_ = 0;
  std::uint64_t used_ = 0;
  std::vector<Memory> memories_;
  // Of one call; here so that they keep their room.
  std::vector<AllocatedTrack> result_;
  std::vector<Candidate> candidates_;  // Those that can be had.
  std::vector<Candidate*> video_;      // Of those, by whom the first layer is given to first.
  std::vector<Candidate*> round_;
  std::vector<Step> steps_;
};

}  // namespace noir
