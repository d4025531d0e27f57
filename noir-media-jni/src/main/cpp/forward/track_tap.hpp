#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.hpp"
#include "forward/capture_clock.hpp"
#include "forward/encoded_frame.hpp"
#include "forward/frame_assembler.hpp"
#include "forward/keyframe_allowance.hpp"
#include "forward/peer_clock.hpp"
#include "forward/track.hpp"

namespace noir {

/// A sink of a published track that gets whole frames as they were encoded: of simulcast the best encoding that is
/// sent, and another one from a key frame on. Knows nobody who takes the frames, but not more of them wait for him than
/// may. Thread: loop.
class TrackTap {
 public:
  /// Frames that nobody has taken. Beyond, all up to the next key frame are lost.
  static constexpr std::size_t kMaxQueued = std::size_t{4} * 1024 * 1024;
  static constexpr Duration kMaxQueuedFor = std::chrono::seconds(2);
  /// How long a better encoding has to be there: each change of the encoding is one of the picture's size.
  static constexpr Duration kBetterFor = std::chrono::seconds(3);

  /// Both outlive this.
  TrackTap(const Track& track, const PeerClock& peer);

  /// Every packet that the track gives to forward.
  void handle_packet(const MediaPacket& packet);
  void handle_timeout(Instant now);
  /// The track goes on after a pause that everybody knows of.
  void restart();
  /// Nothing that is missing comes any more.
  void flush();
  /// The next frame, to be taken now; it counts as waiting until `note_taken`.
  [[nodiscard]] std::optional<EncodedFrame> poll(Instant now);
  /// The oldest of those that wait has been taken.
  void note_taken();

  /// The encoding that a key frame is to be asked for of now, if any: `repairs` may refuse it after a loss.
  template <typename Refuses>
  [[nodiscard]] std::optional<std::uint8_t> take_keyframe_request(Instant now, Refuses&& refuses);
  /// Bit per encoding that the publisher is to send because of the tap.
  [[nodiscard]] std::uint8_t wanted_encodings() const;
  [[nodiscard]] bool takes(std::uint8_t encoding) const {
    return current_.encoding == encoding || (next_ && next_->encoding == encoding);
  }

 private:
  struct Lane {
    std::uint8_t encoding = 0;
    FrameAssembler assembler;
  };

  [[nodiscard]] Lane lane(std::uint8_t encoding) const;
  void choose(const MediaPacket& packet);
  [[nodiscard]] std::uint8_t better(Instant now, std::uint8_t active);
  [[nodiscard]] EncodedFrame finish(Instant now, FrameAssembler::Frame& frame);
  [[nodiscard]] bool is_full(Instant now) const;

  // Given.
  const Track& track_;
  const PeerClock& peer_;

  // State.
  Lane current_;
  std::optional<Lane> next_;          // Waits for its key frame.
  std::optional<Instant> better_at_;  // Since when there has been a better encoding.
  CaptureClock clock_;
  std::uint32_t generation_ = 0;  // Of the last frame.
  struct Queued {
    Instant since;
    std::size_t bytes = 0;
  };
  std::deque<Queued> queue_;  // What nobody has taken.
  std::size_t queued_ = 0;    // Bytes of it.
  KeyframeAllowance requests_;
  bool waited_ = false;
};

template <typename Refuses>
std::optional<std::uint8_t> TrackTap::take_keyframe_request(Instant now, Refuses&& refuses) {
  const Lane& waiting = next_ ? *next_ : current_;
  const bool waits = waiting.assembler.waits_for_keyframe();
  if (waits && !waited_) requests_.reset();
  waited_ = waits;
  if (!waits || !requests_.take(now)) return std::nullopt;
  if (waiting.assembler.has_begun() && refuses(waiting.encoding)) return std::nullopt;
  return waiting.encoding;
}

}  // namespace noir
