#include "sfu/fan_out_queue.hpp"

#include <algorithm>
#include <iterator>

namespace noir {

namespace {

// Packets to send for each packet of the track; one is given away to a mirror as it is.
std::int64_t cost_of(const PublishedTrack& track) {
  return static_cast<std::int64_t>(std::max<std::size_t>(track.subscribers.size() + track.mirrors.size(), 1));
}

std::int64_t work_of(const PublishedTrack& track) {
  return cost_of(track) * static_cast<std::int64_t>(track.fresh.size());
}

}  // namespace

bool FanOutQueue::begin(Instant now) {
  begun_.clear();
  late_.clear();
  if (track() != nullptr) {
    interrupt(now);
    return true;
  }
  going_.clear();
  track_ = 0;
  subscriber_ = 0;
  interrupted_track_ = 0;
  begin_round(now);
  return track() != nullptr || !late_.empty();
}

void FanOutQueue::begin_round(Instant now) {
  // A packet may cost more than a lane has: its credit grows from round to round.
  while (going_.empty() && late_.empty()) {
    collect([&](const PublishedTrack& track) { return track.fresh_due <= now; });
    if (due_.empty()) return;
    ++round_;
    std::int64_t work = 0;
    for (const PublishedTrack* track : due_) work += work_of(*track);
    if (work <= kQuantum) [[likely]] {
      for (PublishedTrack* track : due_) take(*track, track->fresh.size());
    } else {
      share_credit();
      take_turns(now);
    }
    // Who has little first: behind a flood it would wait for most of a quantum, and what is going cannot be let in.
    if (work > kLittle) {
      std::sort(begun_.begin(), begun_.end(), [](const PublishedTrack* a, const PublishedTrack* b) {
        return cost_of(*a) * std::ssize(a->going) < cost_of(*b) * std::ssize(b->going);
      });
    }
    going_ = begun_;
  }
}

// A track with something going must not overtake itself.
void FanOutQueue::interrupt(Instant now) {
  if (waiting_.empty() || track_ < interrupted_track_) return;
  collect([&](const PublishedTrack& track) {
    FanOutLane& lane = *track.lane;
    if (track.fresh_due > now || !track.going.empty()) return false;
    if (lane.round != round_) lane.let_in = 0;
    lane.round = round_;
    if (lane.let_in + work_of(track) > kLittle) return false;
    lane.let_in += work_of(track);
    return true;
  });
  for (PublishedTrack* track : due_) take(*track, track->fresh.size());
  if (begun_.empty()) return;
  going_.insert(going_.begin() + static_cast<std::ptrdiff_t>(track_), begun_.begin(), begun_.end());
  interrupted_track_ = track_ + begun_.size();
  interrupted_subscriber_ = subscriber_;
  subscriber_ = 0;
}

/// Moves them from `waiting_` to `due_`, in order.
template <typename Wanted>
void FanOutQueue::collect(Wanted&& wanted) {
  due_.clear();  // Not std::stable_partition, which allocates.
  std::erase_if(waiting_, [&](PublishedTrack* track) {
    if (!wanted(*track)) return false;
    due_.push_back(track);
    return true;
  });
}

void FanOutQueue::share_credit() {
  groups_.clear();
  const auto first_of_lane = [&](const PublishedTrack& track) { return track.lane->round != round_; };
  for (const PublishedTrack* track : due_) {
    if (!first_of_lane(*track)) continue;
    track->lane->round = round_;
    groups_.push_back(track->lane->group);
  }
  std::sort(groups_.begin(), groups_.end());
  ++round_;
  for (const PublishedTrack* track : due_) {
    if (!first_of_lane(*track)) continue;
    FanOutLane& lane = *track->lane;
    lane.round = round_;
    lane.let_in = 0;
    lane.credit = std::min(lane.credit + std::max<std::int64_t>(kQuantum / lanes_in(lane.group), 1), kQuantum);
  }
}

std::int64_t FanOutQueue::lanes_in(std::uint32_t group) const {
  if (group == 0) return 1;
  const auto [first, last] = std::equal_range(groups_.begin(), groups_.end(), group);
  return std::distance(first, last);
}

void FanOutQueue::take_turns(Instant now) {
  for (PublishedTrack* track : due_) {
    FanOutLane& lane = *track->lane;
    const std::int64_t cost = cost_of(*track);
    // With all the credit there can be, a packet goes whatever it costs.
    const std::int64_t most = lane.credit == kQuantum ? std::max<std::int64_t>(lane.credit / cost, 1)
                                                      : std::max<std::int64_t>(lane.credit, 0) / cost;
    const std::size_t count = std::min(track->fresh.size(), static_cast<std::size_t>(most));
    lane.credit -= cost * static_cast<std::int64_t>(count);
    take(*track, count);
    if (track->fresh.empty()) continue;
    (track->fresh.front().arrival + kMaxAge < now ? late_ : waiting_).push_back(track);
  }
}

void FanOutQueue::take(PublishedTrack& track, std::size_t count) {
  if (count == 0) return;
  begun_.push_back(&track);
  if (count == track.fresh.size()) [[likely]] {
    track.going.swap(track.fresh);
    track.fresh_due = kNever;
    return;
  }
  const auto end = track.fresh.begin() + static_cast<std::ptrdiff_t>(count);
  track.going.assign(std::make_move_iterator(track.fresh.begin()), std::make_move_iterator(end));
  track.fresh.erase(track.fresh.begin(), end);
  track.fresh_due = Instant::min();
}

void FanOutQueue::remove(const PublishedTrack& track) {
  std::erase(waiting_, &track);
  std::erase(late_, &track);
  const auto found = std::find(going_.begin(), going_.end(), &track);
  if (found == going_.end()) return;
  const auto place = static_cast<std::size_t>(found - going_.begin());
  going_.erase(found);
  if (place < interrupted_track_) --interrupted_track_;
  if (place < track_) {
    --track_;
  } else if (place == track_) {
    subscriber_ = track_ == interrupted_track_ ? interrupted_subscriber_ : 0;
  }
}

void FanOutQueue::remove_subscriber(const PublishedTrack& track, std::size_t place) {
  if (this->track() == &track && place < subscriber_) --subscriber_;
  if (track_ >= interrupted_track_ || interrupted_track_ >= going_.size()) return;
  if (going_[interrupted_track_] == &track && place < interrupted_subscriber_) --interrupted_subscriber_;
}

std::size_t FanOutQueue::served(const PublishedTrack& track) const {
  if (this->track() == &track) return subscriber_;
  const bool interrupted = track_ < interrupted_track_ && interrupted_track_ < going_.size();
  return interrupted && going_[interrupted_track_] == &track ? interrupted_subscriber_ : 0;
}

Instant FanOutQueue::next_due() const {
  if (track() != nullptr) return Instant::min();
  Instant next = kNever;
  for (const PublishedTrack* track : waiting_) next = std::min(next, track->fresh_due);
  return next;
}

}  // namespace noir
