#include "forward/rewriter.hpp"

#include <algorithm>

namespace noir {

namespace {

// False when there is nothing for `source`.
bool map_one(SeqCompactor& compactor, std::uint64_t source, std::uint64_t& out) {
  if (compactor.is_after_drops(source)) [[likely]] {
    out = compactor.map_after_drops(source);
    return true;
  }
  const auto mapped = compactor.map(source);
  out = mapped.value_or(0);
  return mapped.has_value();
}

}  // namespace

void Rewriter::begin_segment(const MediaPacket& packet) {
  seqs_.restart(packet.ext_seq, next_seq_);
  const FrameInfo& frame = packet.frame;
  if (frame.has_picture) {
    pictures_.restart(frame.picture, next_picture_ != 0 ? next_picture_ : frame.picture);
  }
  if (!has_sent_ids_) return;
  // A segment begins with a key frame, and so with a new TL0PICIDX and KEYIDX.
  tl0_offset_ = static_cast<std::uint8_t>(last_ids_.tl0_pic_idx + 1 - frame.tl0_pic_idx);
  key_idx_offset_ = static_cast<std::uint8_t>(last_ids_.key_idx + 1 - frame.key_idx);
}

std::optional<Rewriter::Mapped> Rewriter::map(const MediaPacket& packet) {
  Mapped mapped;
  const FrameInfo& frame = packet.frame;
  if (frame.has_picture) {
    std::uint64_t picture = 0;
    if (!map_one(pictures_, frame.picture, picture)) return std::nullopt;
    mapped.ids.picture = static_cast<std::uint16_t>(picture);
  }
  if (!map_one(seqs_, packet.ext_seq, mapped.out_seq)) return std::nullopt;
  mapped.newest = mapped.out_seq >= next_seq_;
  if (frame.descriptor_size != 0) {
    mapped.ids.tl0_pic_idx = static_cast<std::uint8_t>(frame.tl0_pic_idx + tl0_offset_);
    mapped.ids.key_idx = (frame.key_idx + key_idx_offset_) & 0x1F;
  }
  if (mapped.newest) {
    next_seq_ = mapped.out_seq + 1;
    if (frame.descriptor_size != 0) {
      last_ids_ = mapped.ids;
      has_sent_ids_ = true;
    }
    if (frame.has_picture) next_picture_ = pictures_.next_out();
  }
  return mapped;
}

bool Rewriter::drop(const MediaPacket& packet) {
  // References of VP9 and of dependency descriptors are distances between these numbers, so their gaps stay.
  const FrameInfo& frame = packet.frame;
  if (frame.has_picture && frame.layering == Layering::kTemporal) (void)pictures_.drop(frame.picture);
  return seqs_.drop(packet.ext_seq);
}

std::optional<Rewriter::Mapped> Rewriter::map_filler(const MediaPacket& packet) {
  const auto seq = seqs_.map(packet.ext_seq);
  if (!seq) return std::nullopt;
  Mapped mapped;
  mapped.out_seq = *seq;
  mapped.newest = *seq >= next_seq_;
  next_seq_ = std::max(next_seq_, *seq + 1);
  return mapped;
}

}  // namespace noir
