#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace noir {

/// Which packets of one rtp stream are missing and when to ask for them. Knows no RTCP and no I/O.
///
/// A gap is asked for after a short wait for reordering, then about once per round trip, ten times at most
/// (libwebrtc's limit); then it is given up, and an answer is none any more. So on a short line the times between grow,
/// until all of it takes a second: a publisher whose processor is busy may answer after hundreds of milliseconds only.
class NackGenerator {
 public:
  static constexpr unsigned kMaxTries = 10;
  static constexpr unsigned kMaxOldTries = 4;
  static constexpr std::size_t kMaxMissing = 256;
  static constexpr Duration kReorderWait = std::chrono::milliseconds(5);

  /// The stream begins anew.
  void restart();
  /// Each packet once, padding-only ones too.
  void handle_packet(Instant now, std::uint64_t ext_seq);
  /// Whether `ext_seq` is missing and still wanted.
  [[nodiscard]] bool misses(std::uint64_t ext_seq) const { return find(ext_seq) != missing_.end(); }
  [[nodiscard]] bool misses_any() const { return !missing_.empty(); }
  /// A key frame begins with `first`. What is missing before it holds nobody up any more, but a picture that came would
  /// still be shown, or recorded: it is asked for `kMaxOldTries` times in all, and giving it up is no loss.
  void handle_keyframe(std::uint64_t first) { old_before_ = std::max(old_before_, first); }
  /// Nobody needs what is missing from `first` up to, not including, `end`.
  void forget_between(std::uint64_t first, std::uint64_t end);

  /// Fills in what to ask for now, ascending; gives how many. What does not fit stays due.
  std::size_t poll(Instant now, std::span<std::uint16_t> seqs);
  /// True once after something has been given up.
  [[nodiscard]] bool take_given_up();
  [[nodiscard]] Instant next_timeout() const { return next_due_; }
  /// Estimated from answered requests.
  [[nodiscard]] Duration round_trip() const { return round_trip_; }

 private:
  struct Missing {
    std::uint64_t ext_seq = 0;
    Instant due;
    Instant asked_at;
    unsigned tries = 0;
  };

  [[nodiscard]] std::vector<Missing>::const_iterator find(std::uint64_t ext_seq) const;
  void add_gap(Instant now, std::uint64_t first, std::uint64_t end);
  void remove(Instant now, std::uint64_t ext_seq);
  [[nodiscard]] Duration retry_interval(unsigned tries) const;
  void find_next_due();

  std::vector<Missing> missing_;  // Ascending. Empty, without memory, until the first loss.
  std::uint64_t highest_ = 0;     // 0 = nothing yet.
  Instant next_due_ = kNever;
  Duration round_trip_ = std::chrono::milliseconds(80);
  bool given_up_ = false;
  std::uint64_t old_before_ = 0;
};

}  // namespace noir
