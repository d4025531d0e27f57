#include "sfu/line_share.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "sfu/timer_queue.hpp"

namespace noir {

namespace {

TrackUse use_of(const Track& track) {
  if (track.kind() == MediaKind::kAudio) return TrackUse::kAudio;
  return track.params().screen ? TrackUse::kScreen : TrackUse::kCamera;
}

}  // namespace

std::span<SubscribedTrack* const> LineShare::apply(Instant now, const Line& line,
                                                   std::span<SubscribedTrack* const> tracks) {
  changed_.clear();
  if (is_news(line)) due_ = std::min(due_, shared_at_ + kInterval);
  if (now < due_) return changed_;
  shared_at_ = now;
  due_ = std::chrono::ceil<TimerSlot>(now + kPeriod);
  shared_bps_ = line.bps;
  shared_constrained_ = line.constrained;
  collect(now, line, tracks);
  const auto estimate = static_cast<std::uint64_t>(line.bps);
  const LayerAllocator::Result result = allocator_.allocate(now, estimate, wanted_, line.basis);
  // A probe is padding, and that takes a track with RTX.
  const bool can_probe = std::any_of(tracks.begin(), tracks.end(),
                                     [](const SubscribedTrack* track) { return track->down.params().rtx_ssrc != 0; });
  wanted_bps_ = can_probe ? static_cast<std::int64_t>(result.wanted) : 0;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const AllocatedTrack& allocated = result.tracks[i];
    SubscribedTrack& track = *tracks[i];
    if (line.known) track.line_demand = allocated.demand;
    allow(now, track, line.known ? LineShare::allowed(allocated, line) : LayerFilter::kAll);
  }
  return changed_;
}

void LineShare::allow(Instant now, SubscribedTrack& track, std::optional<Layer> layer) {
  if (track.source.track.kind() == MediaKind::kVideo && track.allow(now, layer)) changed_.push_back(&track);
}

void LineShare::note_wish(Instant now) {
  due_ = std::min(due_, std::max(shared_at_ + kInterval, Instant(std::chrono::ceil<TimerSlot>(now))));
}

// Two percent are less than what is measured wavers by.
bool LineShare::is_news(const Line& line) const {
  const std::int64_t change = line.bps - shared_bps_;
  return std::max(change, -change) > shared_bps_ / 50 || line.constrained != shared_constrained_;
}

std::optional<Layer> LineShare::allowed(const AllocatedTrack& allocated, const Line& line) {
  if (allocated.layer) return allocated.layer;
  if (allocated.reason == AllocationReason::kNothingOffered || allocated.reason == AllocationReason::kNotWanted) {
    return LayerFilter::kAll;
  }
  // As long as nothing has shown that it does not get through, something is better than nothing.
  return line.constrained ? std::nullopt : std::optional<Layer>(Layer{});
}

void LineShare::collect(Instant now, const Line& line, std::span<SubscribedTrack* const> tracks) {
  offered_.clear();
  first_offered_.clear();
  wanted_.clear();
  for (const SubscribedTrack* track : tracks) {
    first_offered_.push_back(offered_.size());
    std::array<OfferedLayer, Track::kMaxOffered> offered;
    const std::size_t count = track->source.track.offered_layers(now, offered);
    offered_.insert(offered_.end(), offered.begin(), offered.begin() + static_cast<std::ptrdiff_t>(count));
    WantedTrack wanted;
    wanted.id = track->id;
    wanted.use = use_of(track->source.track);
    wanted.wanted = !track->wish.muted && !track->down.undecodable() && (track->down.numbers() || !line.numbered);
    wanted.priority = track->wish.priority;
    wanted.max_width = track->wish.shown.width;
    wanted.max_height = track->wish.shown.height;
    wanted.max = track->wish.max;
    // Also while it waits for a key frame: what it has is not taken from it, to be given back as something better.
    if (track->down.segments() > 0) wanted.current = track->allowed;
    wanted.waits = track->down.keyframe_wanted().has_value();
    wanted_.push_back(wanted);
  }
  first_offered_.push_back(offered_.size());
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    wanted_[i].layers = std::span(offered_).subspan(first_offered_[i], first_offered_[i + 1] - first_offered_[i]);
  }
}

}  // namespace noir
