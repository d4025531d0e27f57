#include "forward/rewriter.hpp"

#include <algorithm>

namespace noir {

void Rewriter::begin_segment(const MediaPacket& packet) {
  seqs_.restart(packet.ext_seq, next_seq_);
  const Vp8Info& vp8 = packet.vp8;
  if (vp8.has_picture_id) {
    pictures_.restart(vp8.ext_picture_id, next_picture_ != 0 ? next_picture_ : vp8.ext_picture_id);
  }
  if (!has_sent_vp8_) return;
  // A segment begins with a key frame, and so with a new TL0PICIDX and KEYIDX.
  tl0_offset_ = static_cast<std::uint8_t>(last_vp8_.tl0_pic_idx + 1 - vp8.tl0_pic_idx);
  key_idx_offset_ = static_cast<std::uint8_t>(last_vp8_.key_idx + 1 - vp8.key_idx);
}

std::optional<Rewriter::Mapped> Rewriter::map(const MediaPacket& packet) {
  Mapped mapped;
  const Vp8Info& vp8 = packet.vp8;
  if (vp8.has_picture_id) {
    const auto picture = pictures_.map(vp8.ext_picture_id);
    if (!picture) return std::nullopt;
    mapped.vp8.picture_id = static_cast<std::uint16_t>(*picture & 0x7FFF);
  }
  const auto seq = seqs_.map(packet.ext_seq);
  if (!seq) return std::nullopt;
  mapped.out_seq = *seq;
  mapped.newest = *seq >= next_seq_;
  if (vp8.descriptor_size != 0) {
    mapped.vp8.tl0_pic_idx = static_cast<std::uint8_t>(vp8.tl0_pic_idx + tl0_offset_);
    mapped.vp8.key_idx = (vp8.key_idx + key_idx_offset_) & 0x1F;
  }
  if (mapped.newest) {
    next_seq_ = *seq + 1;
    if (vp8.descriptor_size != 0) {
      last_vp8_ = mapped.vp8;
      has_sent_vp8_ = true;
    }
    if (vp8.has_picture_id) next_picture_ = pictures_.next_out();
  }
  return mapped;
}

bool Rewriter::drop(const MediaPacket& packet) {
  if (packet.vp8.has_picture_id) (void)pictures_.drop(packet.vp8.ext_picture_id);
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
