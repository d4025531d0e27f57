#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "base/time.hpp"
#include "forward/encoded_frame.hpp"
#include "forward/frame_builder.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Makes whole frames of the packets of one encoding, in whatever order they come. Waits for one that is missing as
/// long as the publisher may send it again; then frames are missing up to the next key frame. Thread: loop.
class FrameAssembler {
 public:
  /// How long a packet is waited for that the publisher is asked for again: about as long as it is asked for,
  static constexpr Duration kRepairWait = std::chrono::seconds(1);
  /// how long one is from before a key frame, which is asked for less often,
  static constexpr Duration kOldRepairWait = std::chrono::milliseconds(300);
  /// and how long one is that can only be late.
  static constexpr Duration kReorderWait = std::chrono::milliseconds(100);
  /// Of packets behind one that is missing, and of a frame. Beyond, they are given up.
  static constexpr std::size_t kMaxBytes = std::size_t{2} * 1024 * 1024;
  static constexpr std::size_t kMaxPackets = 4096;

  /// A frame, and what its time follows from.
  struct Frame {
    EncodedFrame encoded;
    std::uint32_t rtp_ts = 0;
    std::uint32_t generation = 0;  // `MediaPacket::generation`.
    Instant arrival;               // Of its first packet that came.
  };

  /// `repaired`: the publisher is asked for what is lost.
  FrameAssembler(MediaKind kind, bool repaired) : kind_(kind), repaired_(repaired) {}

  void insert(const MediaPacket& packet);
  /// Gives up what has been waited for too long. With packets, and now and then without.
  void handle_timeout(Instant now);
  /// Gives up whatever is missing.
  void flush();
  /// The next frame in decoding order; false when there is none.
  [[nodiscard]] bool poll(Frame& frame);
  /// Everything begins anew with the next packet, video with a key frame. What is missing until then is not lost.
  void restart();
  /// Frames have been lost behind here: nothing before the next key frame is of use.
  void break_off(std::uint32_t packets);

  /// Nothing comes before a key frame does. Never so of audio.
  [[nodiscard]] bool waits_for_keyframe() const { return waits_ && kind_ == MediaKind::kVideo; }
  /// There has been a frame already: what waits, waits because of a loss.
  [[nodiscard]] bool has_begun() const { return begun_; }
  /// Since the last frame that `poll` gave.
  [[nodiscard]] std::uint32_t lost() const { return lost_; }

 private:
  void begin(const MediaPacket& packet);
  void keep(const MediaPacket& packet);
  void take(const MediaPacket& packet);
  void take_waiting();
  void give_up();
  void end_unit();
  void lose(std::size_t packets);
  [[nodiscard]] Duration patience() const;

  // Given.
  MediaKind kind_;
  bool repaired_;

  // State.
  bool started_ = false;
  bool begun_ = false;
  bool waits_ = true;  // For a key frame.
  std::uint32_t generation_ = 0;
  std::uint64_t next_ = 0;  // `MediaPacket::ext_seq`.
  std::uint32_t lost_ = 0;
  std::map<std::uint64_t, MediaPacket> waiting_;  // Behind the packet that is missing.
  std::size_t waiting_bytes_ = 0;
  Instant missing_since_{};
  std::uint64_t keyframe_ = 0;     // The first packet of the newest key frame that waits; 0 = none.
  std::vector<MediaPacket> unit_;  // Of one timestamp.
  std::size_t unit_bytes_ = 0;
  bool unit_too_large_ = false;
  FrameBuilder builder_;
  std::deque<Frame> frames_;
};

}  // namespace noir
