#include "forward/frame_bytes.hpp"

#include <algorithm>

namespace noir {

void FrameBytes::add(const PacketRef& packet, ByteSpan slice) {
  if (slice.empty()) return;
  const auto at = static_cast<std::uint32_t>(slice.data() - packet->bytes().data());
  pieces_.push_back({packet, at, static_cast<std::uint32_t>(slice.size())});
  size_ += slice.size();
}

void FrameBytes::add(ByteSpan own) {
  if (own.empty()) return;
  pieces_.push_back({{}, static_cast<std::uint32_t>(own_.size()), static_cast<std::uint32_t>(own.size())});
  own_.insert(own_.end(), own.begin(), own.end());
  size_ += own.size();
}

std::size_t FrameBytes::copy(std::size_t at, MutableByteSpan out) const {
  std::size_t copied = 0;
  for (const Piece& piece : pieces_) {
    if (copied == out.size()) break;
    if (at >= piece.size) {
      at -= piece.size;
      continue;
    }
    const ByteSpan whole = piece.packet ? piece.packet->bytes() : ByteSpan(own_);
    const ByteSpan rest = whole.subspan(piece.at + at, piece.size - at);
    const ByteSpan part = rest.first(std::min(rest.size(), out.size() - copied));
    std::copy(part.begin(), part.end(), out.begin() + static_cast<std::ptrdiff_t>(copied));
    copied += part.size();
    at = 0;
  }
  return copied;
}

}  // namespace noir
