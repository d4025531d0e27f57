#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Which encoding of a track one subscriber gets: the highest active one up to its maximum, or the lowest active one
/// when all are above. Starts with whatever key frame comes first and switches at key frames only. An encoding whose
/// key frame does not come for 3 s is left alone for 10 s, so that waiting for it does not block the next best.
class LayerSelector {
 public:
  static constexpr std::uint8_t kNone = 0xFF;
  static constexpr Duration kSwitchTimeout = std::chrono::seconds(3);
  static constexpr Duration kExclusion = std::chrono::seconds(10);

  enum class Verdict : std::uint8_t { kForward, kBegin, kDrop };

  /// `sending` is false while a key frame is needed to go on. `kBegin`: this packet is the key frame to (re)start with;
  /// its encoding is the current one from here on.
  Verdict handle_packet(Instant now, const MediaPacket& packet, bool sending) {
    if (packet.encoding == current_ && sending && packet.active_encodings == active_ && now < recheck_) [[likely]] {
      return Verdict::kForward;
    }
    return reconsider(now, packet, sending);
  }
  /// The highest encoding to send; kNone = none is too high.
  void set_max(Instant now, std::uint8_t max_encoding);

  /// The encoding of the last packets, or kNone before the first.
  [[nodiscard]] std::uint8_t current() const { return current_; }
  /// The encoding to send from its next key frame on, or kNone before the first packet.
  [[nodiscard]] std::uint8_t target() const { return target_; }

 private:
  Verdict reconsider(Instant now, const MediaPacket& packet, bool sending);
  void update_target(Instant now);
  [[nodiscard]] bool is_startable(std::uint8_t encoding, bool sending) const;

  std::uint8_t current_ = kNone;
  std::uint8_t target_ = kNone;
  std::uint8_t max_ = kNone;
  std::uint8_t active_ = 0;
  std::uint8_t excluded_ = 0;    // Encodings whose key frame did not come.
  Instant recheck_;              // The earliest of the two below; before the first packet, the past.
  Instant give_up_at_ = kNever;  // Waiting for the target's key frame until then.
  Instant forgive_at_ = kNever;  // The excluded get another chance then.
};

}  // namespace noir
