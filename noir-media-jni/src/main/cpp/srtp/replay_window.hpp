#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace noir {

/// Which of the last `kBits` packet indices were already received (RFC 3711 §3.3.2): a ring of bits, one per index.
template <std::size_t kBits>
class ReplayWindow {
  static_assert(kBits % 64 == 0 && (kBits & (kBits - 1)) == 0);

 public:
  /// Seen before, or too old to know.
  [[nodiscard]] bool is_replay(std::uint64_t index) const {
    if (!started_ || index > highest_) return false;
    if (highest_ - index >= kBits) return true;
    return (word(index) & bit(index)) != 0;
  }

  /// The highest index accepted, 0 before the first.
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

  /// Only for authenticated packets that are no replay.
  void accept(std::uint64_t index) {
    if (!started_) {
      started_ = true;
      highest_ = index;
    } else if (index > highest_) {
      if (index - highest_ >= kBits) {
        words_.fill(0);
      } else {
        for (std::uint64_t i = highest_ + 1; i <= index; ++i) words_[slot(i)] &= ~bit(i);
      }
      highest_ = index;
    }
    words_[slot(index)] |= bit(index);
  }

 private:
  static std::size_t slot(std::uint64_t index) { return static_cast<std::size_t>((index / 64) % (kBits / 64)); }
  static std::uint64_t bit(std::uint64_t index) { return std::uint64_t{1} << (index % 64); }
  [[nodiscard]] std::uint64_t word(std::uint64_t index) const { return words_[slot(index)]; }

  std::array<std::uint64_t, kBits / 64> words_{};
  std::uint64_t highest_ = 0;
  bool started_ = false;
};

}  // namespace noir
