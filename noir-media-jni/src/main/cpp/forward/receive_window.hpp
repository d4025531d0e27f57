#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rtp/seq_num.hpp"

namespace noir {

/// Decides which sequence numbers of an rtp stream are new, and unwraps them.
class ReceiveWindow {
 public:
  static constexpr std::uint64_t kSize = 1024;
  /// A bigger jump needs two packets in a row to be believed (RFC 3550 A.1, MAX_DROPOUT).
  static constexpr std::uint64_t kMaxDropout = 3000;

  struct Outcome {
    enum class Kind : std::uint8_t {
      kNew,
      kRestart,    // The first one ever, or after a believed jump: counts anew.
      kDuplicate,  // Or too old to know.
      kJump,       // Too far away; believed if the next one follows.
    };
    Kind kind = Kind::kNew;
    std::uint64_t ext_seq = 0;
  };

  Outcome handle_seq(std::uint16_t seq);
  /// The number of a packet that has not come, although newer ones have; nothing for any other. Notes nothing.
  [[nodiscard]] std::optional<std::uint64_t> find_gap(std::uint16_t seq) const;
  /// What `find_gap` gave has come, in whatever way.
  void fill_gap(std::uint64_t ext_seq) { set(ext_seq); }
  /// Another stream takes over: the next packet restarts.
  void reset();
  [[nodiscard]] std::uint64_t highest() const { return unwrapper_.highest(); }

 private:
  Outcome restart(std::uint16_t seq);
  void clear_between(std::uint64_t after, std::uint64_t upto);
  [[nodiscard]] bool test(std::uint64_t ext_seq) const;
  void set(std::uint64_t ext_seq);

  SeqUnwrapper unwrapper_;
  std::optional<std::uint16_t> expected_after_jump_;
  std::array<std::uint64_t, kSize / 64> received_{};
};

}  // namespace noir
