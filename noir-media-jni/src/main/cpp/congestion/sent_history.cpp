#include "congestion/sent_history.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr unsigned kTagShift = 4;
constexpr std::uint32_t kGrowBelowUs = 1'000'000;
constexpr std::int64_t kMaxAgeUs = std::chrono::duration_cast<std::chrono::microseconds>(SentHistory::kMaxAge).count();

std::uint32_t tag_of(std::uint16_t seq) { return static_cast<std::uint32_t>(seq) >> kTagShift; }

std::uint32_t to_wrapping_us(Instant t) { return static_cast<std::uint32_t>(t.time_since_epoch().count() / 1000); }

}  // namespace

void SentHistory::record(Instant now, std::uint16_t seq, std::uint32_t size, SentKind kind, std::uint8_t cluster) {
  const std::uint32_t now_us = to_wrapping_us(now);
  if (capacity_ == 0) {
    grow();
  } else {
    const Entry& old = at(seq);
    const bool waits = static_cast<State>(old.state) == State::kInFlight && now_us - old.sent_us < kGrowBelowUs;
    if (waits && capacity_ < kMaxCapacity) [[unlikely]] {
      grow();
    }
  }
  Entry& entry = at(seq);
  entry.sent_us = now_us;
  entry.size = std::min(size, kMaxSize) & kMaxSize;
  entry.state = static_cast<std::uint32_t>(State::kInFlight) & 3U;
  entry.kind = static_cast<std::uint32_t>(kind) & 3U;
  entry.cluster = cluster & kMaxCluster;
  entry.tag = tag_of(seq) & 0xFFFU;
  newest_ = seq;
}

bool SentHistory::holds(Instant now, std::uint16_t seq) const {
  if (capacity_ == 0) return false;
  const Entry& entry = at(seq);
  return static_cast<State>(entry.state) != State::kNone && entry.tag == tag_of(seq) &&
         to_wrapping_us(now) - entry.sent_us <= kMaxAgeUs;
}

std::uint32_t SentHistory::unreported_size(Instant now, std::uint16_t seq) const {
  return holds(now, seq) && static_cast<State>(at(seq).state) == State::kInFlight ? at(seq).size : 0;
}

SentHistory::Match SentHistory::report(Instant now, std::uint16_t seq, bool received, PacketResult& result) {
  if (!holds(now, seq)) return Match::kUnknown;
  Entry& entry = at(seq);
  const auto state = static_cast<State>(entry.state);
  const std::uint32_t age_us = to_wrapping_us(now) - entry.sent_us;
  if (state == State::kReceived || (state == State::kLost && !received)) return Match::kRepeated;
  result.sent = now - std::chrono::microseconds(age_us);
  result.received = received;
  result.was_lost = state == State::kLost;
  result.kind = static_cast<SentKind>(entry.kind);
  result.cluster = static_cast<std::uint8_t>(entry.cluster);
  result.size = entry.size;
  entry.state = static_cast<std::uint32_t>(received ? State::kReceived : State::kLost) & 3U;
  return Match::kNew;
}

void SentHistory::grow() {
  const std::uint32_t capacity = capacity_ == 0 ? kInitialCapacity : capacity_ * 2;
  auto larger = std::make_unique<Entry[]>(capacity);  // All zero: State::kNone.
  for (std::uint32_t i = 0; i < capacity_; ++i) {
    const auto seq = static_cast<std::uint16_t>(newest_ - i);
    const Entry& entry = at(seq);
    if (entry.tag == tag_of(seq)) larger[seq & (capacity - 1)] = entry;
  }
  ring_ = std::move(larger);
  capacity_ = capacity;
}

}  // namespace noir
