#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "base/time.hpp"
#include "congestion/sent_history.hpp"

namespace noir {

/// What waits for a subscriber's pacer, not numbered yet: audio first, then repairs, then the rest in order. What has
/// waited for too long is of no use: the caller drops it, and what depends on it. Empty, as it nearly always is, it
/// holds no memory.
/// Thread: loop.
template <typename Item>
class PacedQueue {
 public:
  static constexpr Duration kMaxAge = std::chrono::milliseconds(250);

  void push(Instant now, SentKind kind, std::uint32_t octets, Item item) {
    if (!lanes_) lanes_ = std::make_unique<Lanes>();
    (*lanes_)[lane_of(kind)].push_back({now, octets, std::move(item)});
    octets_ += octets;
    ++size_;
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint32_t octets() const { return octets_; }

  /// Since when the one waits that has waited for longest.
  [[nodiscard]] std::optional<Instant> oldest() const {
    std::optional<Instant> first;
    if (!lanes_) return first;
    for (const auto& lane : *lanes_) {
      if (!lane.empty() && (!first || lane.front().since < *first)) first = lane.front().since;
    }
    return first;
  }

  /// The next to leave.
  std::optional<Item> pop() {
    return take([](const Entry&) { return true; });
  }
  /// One that has waited for more than `kMaxAge`.
  std::optional<Item> pop_late(Instant now) {
    return take([now](const Entry& first) { return now - first.since > kMaxAge; });
  }
  /// Takes out everything that `unwanted` likes: of a track that has ended, or whose layer has changed.
  template <typename Predicate>
  void remove_if(Predicate&& unwanted) {
    if (!lanes_) return;
    for (auto& lane : *lanes_) {
      std::erase_if(lane, [&](const Entry& entry) {
        if (!unwanted(entry.item)) return false;
        forget(entry);
        return true;
      });
    }
    if (size_ == 0) lanes_.reset();
  }

 private:
  struct Entry {
    Instant since;
    std::uint32_t octets = 0;
    Item item;
  };

  using Lanes = std::array<std::deque<Entry>, 3>;

  static std::size_t lane_of(SentKind kind) {
    if (kind == SentKind::kAudio) return 0;
    return kind == SentKind::kRepair ? 1 : 2;
  }
  void forget(const Entry& entry) {
    octets_ -= entry.octets;
    --size_;
  }
  template <typename Predicate>
  std::optional<Item> take(Predicate&& due) {
    if (!lanes_) return std::nullopt;
    for (auto& lane : *lanes_) {
      if (lane.empty() || !due(lane.front())) continue;
      forget(lane.front());
      std::optional<Item> item(std::move(lane.front().item));
      lane.pop_front();
      if (size_ == 0) lanes_.reset();
      return item;
    }
    return std::nullopt;
  }

  std::unique_ptr<Lanes> lanes_;
  std::uint32_t octets_ = 0;
  std::size_t size_ = 0;
};

}  // namespace noir
