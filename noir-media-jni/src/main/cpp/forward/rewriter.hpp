#pragma once

#include <cstdint>
#include <optional>

#include "forward/media_packet.hpp"
#include "forward/seq_compactor.hpp"

namespace noir {

/// Makes sequence numbers and picture ids (frame numbers, with dependency descriptors) of one down track continuous
/// over everything left out on purpose: mutes, waits for key frames, switches of encoding, temporal layers. Timestamps
/// are the down track's own.
class Rewriter {
 public:
  struct Mapped {
    std::uint64_t out_seq = 0;
    FrameIds ids;
    bool newest = false;  // In order, not a late one that fills its place.
  };

  explicit Rewriter(std::uint64_t first_out_seq) : next_seq_(first_out_seq) {}

  /// `packet` is the next to be sent; nothing older will be.
  void begin_segment(const MediaPacket& packet);
  /// Nothing when the packet is older than the segment.
  [[nodiscard]] std::optional<Mapped> map(const MediaPacket& packet);
  /// Leaves a packet out. False when something newer has been sent: then its place is to be filled by `map_filler`.
  bool drop(const MediaPacket& packet);
  [[nodiscard]] std::optional<Mapped> map_filler(const MediaPacket& packet);

 private:
  SeqCompactor seqs_;
  SeqCompactor pictures_;
  std::uint64_t next_seq_;
  std::uint64_t next_picture_ = 0;  // 0 = none sent yet.
  std::uint8_t tl0_offset_ = 0;
  std::uint8_t key_idx_offset_ = 0;
  FrameIds last_ids_;
  bool has_sent_ids_ = false;
};

}  // namespace noir
