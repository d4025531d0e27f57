#include "forward/nack_generator.hpp"

#include <algorithm>
#include <utility>

namespace noir {

using std::chrono::milliseconds;

void NackGenerator::restart() {
  missing_.clear();
  highest_ = 0;
  next_due_ = kNever;
  given_up_ = false;
  old_before_ = 0;
}

void NackGenerator::handle_packet(Instant now, std::uint64_t ext_seq) {
  if (highest_ == 0) {
    highest_ = ext_seq;
  } else if (ext_seq > highest_) {
    if (ext_seq != highest_ + 1) add_gap(now, highest_ + 1, ext_seq);
    highest_ = ext_seq;
  } else if (!missing_.empty()) {
    remove(now, ext_seq);
  }
}

void NackGenerator::add_gap(Instant now, std::uint64_t first, std::uint64_t end) {
  const std::uint64_t count = end - first;
  if (count > kMaxMissing || missing_.size() + count > kMaxMissing) {
    // So much is gone that only a key frame helps.
    missing_.clear();
    next_due_ = kNever;
    given_up_ = true;
    return;
  }
  const Instant due = now + kReorderWait;
  for (std::uint64_t s = first; s < end; ++s) missing_.push_back({s, due, {}, 0});
  next_due_ = std::min(next_due_, due);
}

std::vector<NackGenerator::Missing>::const_iterator NackGenerator::find(std::uint64_t ext_seq) const {
  const auto it = std::lower_bound(missing_.begin(), missing_.end(), ext_seq,
                                   [](const Missing& m, std::uint64_t s) { return m.ext_seq < s; });
  return it != missing_.end() && it->ext_seq == ext_seq ? it : missing_.end();
}

void NackGenerator::remove(Instant now, std::uint64_t ext_seq) {
  const auto it = find(ext_seq);
  if (it == missing_.end()) return;
  // Asked once only: the answer is surely to that request.
  if (it->tries == 1) round_trip_ += (now - it->asked_at - round_trip_) / 8;
  missing_.erase(it);
  if (missing_.empty()) next_due_ = kNever;
}

void NackGenerator::forget_between(std::uint64_t first, std::uint64_t end) {
  if (missing_.empty()) return;
  std::erase_if(missing_, [first, end](const Missing& m) { return m.ext_seq >= first && m.ext_seq < end; });
  find_next_due();
}

std::size_t NackGenerator::poll(Instant now, std::span<std::uint16_t> seqs) {
  if (now < next_due_) return 0;
  std::size_t count = 0;
  std::erase_if(missing_, [&](Missing& m) {
    if (m.due > now) return false;
    const bool old = m.ext_seq < old_before_;
    if (m.tries >= (old ? kMaxOldTries : kMaxTries)) {
      given_up_ = given_up_ || !old;
      return true;
    }
    if (count == seqs.size()) return false;
    seqs[count++] = static_cast<std::uint16_t>(m.ext_seq);
    ++m.tries;
    m.asked_at = now;
    m.due = now + retry_interval(m.tries);
    return false;
  });
  find_next_due();
  return count;
}

bool NackGenerator::take_given_up() { return std::exchange(given_up_, false); }

// 20, 40, 80 and 160 ms at least: 1.2 s in all, and 300 ms for what is old.
Duration NackGenerator::retry_interval(unsigned tries) const {
  const Duration least = milliseconds(10) * (1 << std::min(tries, 4U));
  return std::clamp<Duration>(round_trip_ + round_trip_ / 4 + milliseconds(5), least, milliseconds(300));
}

void NackGenerator::find_next_due() {
  next_due_ = kNever;
  for (const Missing& m : missing_) next_due_ = std::min(next_due_, m.due);
}

}  // namespace noir
