#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace noir {

/// Makes a counter continuous over values that are left out on purpose, and only over those: a value that merely has
/// not come (a lost packet) keeps its place, so that it still fits in when it comes late.
///
///   source  10  11   12      13  14        10 10+0   11 lost: its place stays, it maps to 11 when it comes
///           ok  lost drop(12) ok ok   →    out 10, 13 → 12, 14 → 13
///
/// A value can be left out as long as nothing newer has been mapped. The mapping of a value never changes and is
/// injective: the sequence numbers of SRTP packets hang on that.
class SeqCompactor {
 public:
  /// Begins a segment in which `first_source` becomes `first_out`; everything before it is no longer mapped.
  void restart(std::uint64_t first_source, std::uint64_t first_out);

  /// Nothing for a source before the segment, or older than the remembered past.
  [[nodiscard]] std::optional<std::uint64_t> map(std::uint64_t source) {
    if (is_after_drops(source)) return map_after_drops(source);
    return map_past(source);
  }
  /// Whether nothing after `source` has been left out, as with nearly every packet. Then there is a result, and it
  /// comes in a register: an optional one would be written and read back by pieces of other sizes, which costs more
  /// than all the rest.
  [[nodiscard]] bool is_after_drops(std::uint64_t source) const { return source > newest_.end; }
  [[nodiscard]] std::uint64_t map_after_drops(std::uint64_t source) {
    note(source, newest_.shift);
    return source + newest_.shift;
  }
  /// Leaves `source` out and closes its gap. False when something newer has been mapped: its place stays, and may be
  /// filled with `map`.
  bool drop(std::uint64_t source);

  /// What would follow everything mapped so far.
  [[nodiscard]] std::uint64_t next_out() const { return highest_out_ + 1; }

 private:
  // Sources above `end`, up to the next step, are shifted by `shift` (modulo 2^64). A step leaves out the
  // (previous shift - shift) sources that end with `end`.
  struct Step {
    std::uint64_t end = 0;
    std::uint64_t shift = 0;
  };
  static constexpr std::size_t kMaxSteps = 32;

  void note(std::uint64_t source, std::uint64_t shift) {
    if (source <= highest_source_) return;
    highest_source_ = source;
    highest_out_ = source + shift;
  }
  [[nodiscard]] std::optional<std::uint64_t> map_past(std::uint64_t source);
  [[nodiscard]] std::size_t count() const { return earlier_.size() + 1; }
  [[nodiscard]] const Step& step(std::size_t i) const { return i < earlier_.size() ? earlier_[i] : newest_; }
  [[nodiscard]] std::size_t find_step(std::uint64_t source) const;
  [[nodiscard]] bool leaves_out(std::size_t i, std::uint64_t source) const;
  static void insert(std::vector<Step>& steps, std::size_t i, std::uint64_t source);

  std::uint64_t highest_source_ = 0;
  std::uint64_t highest_out_ = 0;
  Step newest_;                // What a packet in order needs, and
  std::vector<Step> earlier_;  // what only late ones and drops do: nothing before the first drop.
};

}  // namespace noir
