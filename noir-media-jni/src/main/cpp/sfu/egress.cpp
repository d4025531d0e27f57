#include "sfu/egress.hpp"

#include <cstring>

#include "base/check.hpp"

namespace noir {

MutableByteSpan Egress::reserve() {
  if (chunks_.empty()) chunks_.push_back(std::unique_ptr<Chunk>(new Chunk));  // Not make_unique: it would clear it.
  if (used_ + kMaxDatagram > kChunk) {
    ++chunk_;
    used_ = 0;
    open_segments_ = 0;
    if (chunk_ == chunks_.size()) chunks_.push_back(std::unique_ptr<Chunk>(new Chunk));
  }
  return {chunks_[chunk_]->data() + used_, kMaxDatagram};
}

void Egress::commit(const Path& path, std::size_t size) {
  NOIR_CHECK(size > 0 && size <= kMaxDatagram);
  const std::uint8_t* start = chunks_[chunk_]->data() + used_;
  if (extends_last(path, size)) {
    Transmit& last = transmits_.back();
    last.bytes = {last.bytes.data(), last.bytes.size() + size};
    // A shorter datagram ends a run.
    open_segments_ = size == last.segment_size ? open_segments_ + 1 : 0;
  } else {
    transmits_.push_back({path, {start, size}, size});
    open_segments_ = 1;
  }
  used_ += size;
}

void Egress::append(const Path& path, ByteSpan datagram) {
  NOIR_CHECK(datagram.size() <= kMaxDatagram);
  const auto room = reserve();
  std::memcpy(room.data(), datagram.data(), datagram.size());
  commit(path, datagram.size());
}

bool Egress::extends_last(const Path& path, std::size_t size) const {
  if (open_segments_ == 0 || open_segments_ == kMaxSegments) return false;
  const Transmit& last = transmits_.back();
  return size <= last.segment_size && last.bytes.size() + size <= kMaxRun && last.path == path;
}

void Egress::clear() {
  transmits_.clear();
  if (chunks_.size() > kMaxSpareChunks) chunks_.resize(kMaxSpareChunks);
  chunk_ = 0;
  used_ = 0;
  open_segments_ = 0;
}

}  // namespace noir
