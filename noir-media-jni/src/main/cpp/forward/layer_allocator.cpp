#include "forward/layer_allocator.hpp"

#include <algorithm>
#include <tuple>

namespace noir {

namespace {

// What an estimate and the bitrates that are measured waver by, each, and a little: 1.05 / 0.95 of what is taken still
// fits.
constexpr std::uint64_t kReservePercent = 15;
constexpr std::uint64_t kSparedPercent = 70;

std::uint64_t with_reserve(std::uint64_t bitrate) { return bitrate + bitrate * kReservePercent / 100; }

bool covers(const OfferedLayer& offered, const WantedTrack& track) {
  const int wanted = std::max(track.max_width, track.max_height);
  return wanted != 0 && std::max(offered.width, offered.height) >= wanted;
}

// How many of the layers the subscriber has any use for: up to those that fill the size it is shown in.
std::size_t useful_layers(const WantedTrack& track) {
  std::optional<std::uint8_t> enough;
  std::size_t count = 0;
  for (const OfferedLayer& offered : track.layers) {
    if (enough && offered.layer.spatial > *enough) break;
    if (count > 0 && offered.layer.spatial > track.max.spatial) break;
    if (covers(offered, track)) enough = offered.layer.spatial;
    ++count;
  }
  return count;
}

}  // namespace

std::string_view to_words(AllocationReason reason) {
  switch (reason) {
    case AllocationReason::kWanted:
      return "as wanted";
    case AllocationReason::kNotWanted:
      return "not wanted";
    case AllocationReason::kNothingOffered:
      return "the publisher sends nothing";
    case AllocationReason::kNoBandwidth:
      return "no bandwidth for more";
    case AllocationReason::kNoHeadRoom:
      return "no head room for more";
    case AllocationReason::kHeldDown:
      return "more did not hold a moment ago";
    case AllocationReason::kNeverPaused:
      return "no bandwidth, but a screen is never paused";
  }
  return {};
}

LayerAllocator::Result LayerAllocator::allocate(Instant now, std::uint64_t estimate,
                                                std::span<const WantedTrack> tracks, EstimateBasis basis) {
  estimate_ = estimate;
  used_ = 0;
  collect(tracks);
  take_audio();
  take_first_layers(now);
  take_better_layers(now);
  conclude();
  if (basis == EstimateBasis::kMeasured) remember(now);
  // Who is not wanted any more, and comes back, begins anew.
  std::erase_if(memories_, [](const Memory& memory) { return !memory.seen; });
  return {result_, used_, wanted()};
}

void LayerAllocator::collect(std::span<const WantedTrack> tracks) {
  result_.clear();
  candidates_.clear();
  steps_.clear();
  for (Memory& memory : memories_) memory.seen = false;
  for (const WantedTrack& track : tracks) {
    result_.push_back(
        {.id = track.id, .layer = {}, .demand = {}, .reason = AllocationReason::kNotWanted, .bitrate = 0});
    Candidate candidate;
    candidate.track = &track;
    candidate.place = result_.size() - 1;
    if (!track.wanted) continue;
    add_steps(candidate);
    if (candidate.count == 0) {
      result_.back().reason = AllocationReason::kNothingOffered;
      if (!track.layers.empty()) result_.back().demand = candidate.useful;
      continue;
    }
    candidate.memory = memory_of(track.id);
    memories_[candidate.memory].seen = true;
    candidates_.push_back(candidate);
  }
}

// Above the lowest spatial layer only whole pictures' rates: more pixels at a quarter of the pictures is no step up.
void LayerAllocator::add_steps(Candidate& candidate) {
  const WantedTrack& track = *candidate.track;
  const auto layers = track.layers.first(useful_layers(track));
  candidate.first = steps_.size();
  std::uint64_t floor = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const OfferedLayer& offered = layers[i];
    const bool lowest = offered.layer.spatial == layers[0].layer.spatial;
    if (offered.layer.temporal > track.max.temporal && i != 0) continue;
    candidate.useful = offered.layer;
    if (!offered.available) continue;
    const bool next_is_better = i + 1 < layers.size() && layers[i + 1].layer.spatial == offered.layer.spatial &&
                                layers[i + 1].layer.temporal <= track.max.temporal && layers[i + 1].available;
    if (!lowest && next_is_better) continue;
    floor = std::max(floor, track.use == TrackUse::kScreen ? std::max(offered.bitrate, offered.peak) : offered.bitrate);
    steps_.push_back({offered.layer, floor});
    if (track.current && std::tie(offered.layer.spatial, offered.layer.temporal) <=
                             std::tie(track.current->spatial, track.current->temporal)) {
      candidate.current = steps_.size() - candidate.first;
    }
  }
  candidate.count = steps_.size() - candidate.first;
}

std::uint64_t LayerAllocator::bitrate(const Candidate& candidate, std::size_t level) const {
  return level == 0 ? 0 : steps_[candidate.first + level - 1].bitrate;
}

// Nothing is worth more for so little.
void LayerAllocator::take_audio() {
  for (Candidate& candidate : candidates_) {
    if (candidate.track->use != TrackUse::kAudio) continue;
    candidate.level = candidate.count;
    used_ += bitrate(candidate, candidate.level);
  }
}

void LayerAllocator::take_first_layers(Instant now) {
  video_.clear();
  for (Candidate& candidate : candidates_) {
    if (candidate.track->use != TrackUse::kAudio) video_.push_back(&candidate);
  }
  std::sort(video_.begin(), video_.end(), [&](const Candidate* a, const Candidate* b) {
    const auto key = [&](const Candidate& c) {
      return std::tuple(c.track->use != TrackUse::kScreen, 0xFF - c.track->priority, bitrate(c, 1), c.track->id);
    };
    return key(*a) < key(*b);
  });
  for (Candidate* candidate : video_) take_step(now, *candidate);
}

// Priority by priority, from the highest down.
void LayerAllocator::take_better_layers(Instant now) {
  int below = 0x100;
  while (true) {
    int priority = -1;
    for (const Candidate* c : video_) {
      if (c->track->priority < below) priority = std::max<int>(priority, c->track->priority);
    }
    if (priority < 0) return;
    take_better_layers(now, static_cast<std::uint8_t>(priority));
    below = priority;
  }
}

// A step for everybody before anybody gets the next.
void LayerAllocator::take_better_layers(Instant now, std::uint8_t priority) {
  for (std::size_t level = 1;; ++level) {
    round_.clear();
    bool more = false;
    for (Candidate* c : video_) {
      if (c->track->priority != priority || c->count <= level) continue;
      more = true;
      if (c->level == level && !c->stuck) round_.push_back(c);
    }
    if (!more) return;
    std::sort(round_.begin(), round_.end(), [&](const Candidate* a, const Candidate* b) {
      const auto key = [&](const Candidate& c) {
        return std::tuple(c.track->use != TrackUse::kScreen, bitrate(c, level + 1) - bitrate(c, level), c.track->id);
      };
      return key(*a) < key(*b);
    });
    for (Candidate* candidate : round_) take_step(now, *candidate);
  }
}

void LayerAllocator::take_step(Instant now, Candidate& candidate) {
  const std::uint64_t more = bitrate(candidate, candidate.level + 1) - bitrate(candidate, candidate.level);
  AllocationReason& reason = result_[candidate.place].reason;
  const AllocationReason answer = judge(now, candidate, more);
  if (reason != AllocationReason::kNeverPaused) reason = answer;
  candidate.stuck = answer != AllocationReason::kWanted && answer != AllocationReason::kNeverPaused;
  if (candidate.stuck) return;
  ++candidate.level;
  used_ += more;
}

AllocationReason LayerAllocator::judge(Instant now, const Candidate& candidate, std::uint64_t more) const {
  const std::uint64_t needed = used_ + more;
  const bool floor = candidate.track->use == TrackUse::kScreen && candidate.level == 0;
  if (needed > estimate_) {
    if (floor) return AllocationReason::kNeverPaused;
    // The only picture there is, is not taken away for what an estimate may err by: a path that loses packets shows so
    // much less, and a thread that had no processor looks like a queue.
    const bool only =
        candidate.level == 0 && candidate.current > 0 && needed * kSparedPercent / 100 <= estimate_ &&
        std::none_of(video_.begin(), video_.end(), [](const Candidate* other) { return other->level > 0; });
    return only ? AllocationReason::kWanted : AllocationReason::kNoBandwidth;
  }
  if (floor || candidate.level < candidate.current) return AllocationReason::kWanted;
  if (now < memories_[candidate.memory].held_until) return AllocationReason::kHeldDown;
  return with_reserve(needed) > estimate_ ? AllocationReason::kNoHeadRoom : AllocationReason::kWanted;
}

void LayerAllocator::conclude() {
  for (const Candidate& candidate : candidates_) {
    AllocatedTrack& track = result_[candidate.place];
    if (candidate.track->use == TrackUse::kAudio) track.reason = AllocationReason::kWanted;
    track.bitrate = bitrate(candidate, candidate.level);
    // What does not fit is not asked for, but for the next step, which is what there is to find out.
    const bool thin = track.reason == AllocationReason::kNoBandwidth || track.reason == AllocationReason::kNeverPaused;
    track.demand =
        thin && candidate.level < candidate.count ? steps_[candidate.first + candidate.level].layer : candidate.useful;
    if (candidate.level != 0) track.layer = steps_[candidate.first + candidate.level - 1].layer;
  }
}

// Only what bandwidth did counts, not a subscriber that wants less.
void LayerAllocator::remember(Instant now) {
  for (const Candidate& candidate : candidates_) {
    Memory& memory = memories_[candidate.memory];
    if (candidate.level < candidate.current && candidate.stuck) {
      if (candidate.track->waits) continue;
      const bool in_vain = memory.went_up + kTrial > now;
      memory.hold = in_vain ? std::min<Duration>(memory.hold * 2, kLongestHold) : kHold;
      memory.held_until = now + memory.hold;
    } else if (candidate.level > candidate.current) {
      memory.went_up = now;
    }
  }
}

std::size_t LayerAllocator::memory_of(std::uint32_t id) {
  const auto it = std::find_if(memories_.begin(), memories_.end(), [&](const Memory& m) { return m.id == id; });
  const auto place = static_cast<std::size_t>(it - memories_.begin());
  if (it == memories_.end()) memories_.emplace_back().id = id;
  return place;
}

// With everything as wanted already, no more than that: nothing is to be found out.
std::uint64_t LayerAllocator::wanted() const {
  std::uint64_t sum = 0;
  bool complete = true;
  for (const Candidate& candidate : candidates_) {
    sum += bitrate(candidate, candidate.count);
    complete &= candidate.level == candidate.count;
  }
  return complete ? sum : with_reserve(sum);
}

}  // namespace noir
