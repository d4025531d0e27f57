#pragma once

#include <cstddef>
#include <cstdint>

#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "stun/message.hpp"

namespace noir {

/// A path that somebody with the right password has claimed by a check, and what is known of who is there. A check may
/// carry a forged sender: until whoever sits at the address has answered something that was sent there (the path is
/// *proven*), it gets three times the bytes that came from it and no more.
/// Thread: loop.
class IcePath {
 public:
  static constexpr std::uint64_t kAmplification = 3;  // As RFC 9000 §8.1.

  IcePath(const Path& of, Instant now) : path(of), heard(now) {}

  [[nodiscard]] bool is_proven() const { return proven_at != Instant::min(); }
  void note_received(std::size_t bytes) {
    if (!is_proven()) received += bytes;
  }
  /// Whether that many bytes more may be sent there; if so they count as sent.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (is_proven()) return true;
    if (sent + bytes > kAmplification * received) return false;
    sent += bytes;
    return true;
  }

  Path path;
  Instant heard;                       // Last authentic check, record or packet.
  Instant proven_at = Instant::min();  // Never, or the last time.
  std::uint64_t received = 0;          // Bytes while it is not proven.
  std::uint64_t sent = 0;
  std::uint32_t generation = 0;  // Of the credentials of its last check.
  bool reliable = false;         // A connection: what is sent arrives, or the connection ends.
  bool in_use = false;           // Media goes there, or is to go there once it is proven: silence ends the transport.

  // Our own check.
  bool proof_wanted = false;
  std::uint8_t checks_sent = 0;  // With this transaction, which nobody has answered yet.
  StunTransactionId transaction{};
  Instant asked_at{};     // Its first check.
  Duration round_trip{};  // Of the last check that was answered at once; zero = none.
  Instant next_check = kNever;
};

}  // namespace noir
