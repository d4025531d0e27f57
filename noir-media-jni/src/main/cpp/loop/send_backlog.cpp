#include "loop/send_backlog.hpp"

namespace noir {

std::size_t SendBacklog::add(Instant now, const Path& path, ByteSpan bytes, std::size_t segment_size) {
  std::size_t dropped = 0;
  while (!messages_.empty() && bytes_ + bytes.size() > kMaxBytes) dropped += drop_first();
  messages_.push_back({now, path, segment_size, {bytes.begin(), bytes.end()}});
  bytes_ += bytes.size();
  return dropped;
}

std::size_t SendBacklog::drop_old(Instant now) {
  std::size_t dropped = 0;
  while (!messages_.empty() && now - messages_.front().since > kMaxAge) dropped += drop_first();
  return dropped;
}

std::size_t SendBacklog::drop_first() {
  const Message& first = messages_.front();
  const std::size_t datagrams = (first.bytes.size() + first.segment_size - 1) / first.segment_size;
  bytes_ -= first.bytes.size();
  messages_.pop_front();
  return datagrams;
}

}  // namespace noir
