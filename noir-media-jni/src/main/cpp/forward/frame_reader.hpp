#pragma once

#include <cstdint>
#include <memory>

#include "forward/codec/dependency_descriptor.hpp"
#include "forward/codec/frame_size.hpp"
#include "forward/codec/h264.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// Reads what a codec says of the frames of one encoding, as far as down tracks use it.
/// Thread: loop.
class FrameReader {
 public:
  /// The newest packet with media so far.
  struct Newest {
    std::uint64_t seq = 0;  // 0 = none.
    std::uint32_t picture = 0;
    bool ended_picture = false;  // Its picture is complete, and has a number.
  };
  enum class Outcome : std::uint8_t {
    kRead,
    kBeginsAnew,  // The encoder has begun anew: down tracks go on as with another SSRC.
    kOver,        // The packet belongs to what was before that.
  };

  void restart() { *this = {}; }
  /// Fills in `packet.frame` and, but for H264, `packet.keyframe_start`; takes away a dependency descriptor that down
  /// tracks must not pass on.
  [[nodiscard]] Outcome read(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest);
  /// The first packet of the key frame that a decoder can start with from this packet on; 0 = this is no such moment.
  [[nodiscard]] std::uint64_t find_keyframe(MediaPacket& packet, std::uint64_t ext_seq);

  /// Of the last key frame that said so.
  [[nodiscard]] FrameSize size() const { return size_; }
  /// In a mirror, which reads no frames.
  void set_size(FrameSize size) { size_ = size; }

 private:
  [[nodiscard]] Outcome read_vp8(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest);
  [[nodiscard]] Outcome read_vp9(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest);
  [[nodiscard]] Outcome read_dependencies(MediaPacket& packet, std::uint64_t ext_seq, const Newest& newest);
  void read_h264(MediaPacket& packet, bool newer);
  void read_size(const MediaPacket& packet);
  [[nodiscard]] Outcome unwrap(std::uint16_t number, unsigned bits, MediaPacket& packet, std::uint64_t ext_seq,
                               const Newest& newest);

  std::uint64_t ext_picture_ = 0;                         // The highest picture so far; 0 = none.
  std::uint64_t ids_since_ = 0;                           // Where pictures began to count as they do now,
  std::uint64_t first_id_ = 0;                            // and the number there.
  std::unique_ptr<const DependencyStructure> structure_;  // Of the last key frame; null = none, or not understood.
  std::uint16_t active_targets_ = 0;
  FrameSize size_;
  H264KeyframeFinder h264_keyframes_;
  // H264's access unit that came last.
  std::uint32_t unit_ = 0;  // They are counted.
  std::uint32_t unit_ts_ = 0;
  bool unit_is_reference_ = true;
  bool has_layers_ = false;  // One without a reference has come.
};

}  // namespace noir
