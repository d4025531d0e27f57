#include "sfu/stray_paths.hpp"

namespace noir {

namespace {

constexpr Duration kSweepInterval = std::chrono::seconds(1);

}  // namespace

void StrayPaths::add(Instant now, const Path& path, LoopIndex loop, bool proven) {
  const auto known = entries_.find(path);
  if (known == entries_.end()) {
    sweep(now);
    if (entries_.size() < kMaxPaths) entries_.emplace(path, Entry{loop, proven, now});
    return;
  }
  Entry& entry = known->second;
  const bool stays = entry.loop != loop && entry.proven && !proven && now - entry.heard < kSilence;
  if (!stays) entry = {loop, proven, now};
}

std::optional<LoopIndex> StrayPaths::find(Instant now, const Path& path) {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return std::nullopt;
  if (now - found->second.heard > kPathLife) {
    entries_.erase(found);
    return std::nullopt;
  }
  found->second.heard = now;
  return found->second.loop;
}

void StrayPaths::forget(const Path& path, LoopIndex loop) {
  const auto found = entries_.find(path);
  if (found != entries_.end() && found->second.loop == loop) entries_.erase(found);
}

void StrayPaths::sweep(Instant now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + kSweepInterval;
  std::erase_if(entries_, [now](const auto& entry) { return now - entry.second.heard > kPathLife; });
}

}  // namespace noir
