#include "loop/frame_backlog.hpp"

#include <algorithm>
#include <cstring>

#include "loop/frames.hpp"
#include "sfu/demux.hpp"

namespace noir {

namespace {

iovec to_vector(ByteSpan bytes) {
  // The kernel does not write through iov_base when it sends.
  return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

bool is_media(ByteSpan packet) { return classify(packet) == DatagramKind::kRtp; }

}  // namespace

void FrameQueue::push(Instant now, ByteSpan packet) {
  if (empty()) {
    bytes_.clear();
    head_ = 0;
  } else if (head_ > bytes_.size() / 2) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  const auto since = now.time_since_epoch().count();
  const std::size_t at = bytes_.size();
  bytes_.resize(at + kStamp + kFrameHeader);
  std::memcpy(bytes_.data() + at, &since, kStamp);
  store_be16(bytes_.data() + at + kStamp, static_cast<std::uint16_t>(packet.size()));
  bytes_.insert(bytes_.end(), packet.begin(), packet.end());
}

void FrameQueue::pop() { head_ += kStamp + front().size(); }

Instant FrameQueue::since_at(std::size_t at) const {
  Instant::rep since = 0;
  std::memcpy(&since, bytes_.data() + at, kStamp);
  return Instant(Duration(since));
}

ByteSpan FrameQueue::frame_at(std::size_t at) const {
  const std::uint8_t* frame = bytes_.data() + at + kStamp;
  return {frame, kFrameHeader + load_be16(frame)};
}

void FrameQueue::shrink() {
  if (!empty() || bytes_.capacity() <= kKept) return;
  bytes_ = {};
  head_ = 0;
}

std::size_t FrameQueue::gather(std::span<iovec> out) const {
  std::size_t count = 0;
  for (std::size_t at = head_; at < bytes_.size() && count < out.size();) {
    const ByteSpan frame = frame_at(at);
    out[count++] = to_vector(frame);
    at += kStamp + frame.size();
  }
  return count;
}

std::size_t FrameBacklog::add(Instant now, ByteSpan packet) {
  if (!is_media(packet)) {
    if (control_.size() + packet.size() > kMaxControl) return 1;
    control_.push(now, packet);
    return 0;
  }
  std::size_t dropped = 0;
  for (; !media_.empty() && media_.size() + packet.size() > kMaxMedia; ++dropped) media_.pop();
  media_.push(now, packet);
  return dropped;
}

void FrameBacklog::add_cut(ByteSpan packet, std::size_t sent) {
  rest_.resize(kFrameHeader);
  store_be16(rest_.data(), static_cast<std::uint16_t>(packet.size()));
  rest_.insert(rest_.end(), packet.begin(), packet.end());
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(sent));
}

std::size_t FrameBacklog::drop_old(Instant now) {
  std::size_t dropped = 0;
  for (; !media_.empty() && now - media_.since() > kMaxAge; ++dropped) media_.pop();
  return dropped;
}

std::size_t FrameBacklog::gather(std::span<iovec> out) const {
  std::size_t count = 0;
  if (!rest_.empty()) out[count++] = to_vector(rest_);
  count += control_.gather(out.subspan(count));
  return count + media_.gather(out.subspan(count));
}

void FrameBacklog::consume(std::size_t bytes) {
  const std::size_t of_rest = std::min(bytes, rest_.size());
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(of_rest));
  if (!rest_.empty()) return;
  (void)consume(media_, consume(control_, bytes - of_rest));
}

/// How many of the bytes are left for the next queue.
std::size_t FrameBacklog::consume(FrameQueue& queue, std::size_t bytes) {
  while (bytes > 0 && !queue.empty()) {
    const ByteSpan frame = queue.front();
    if (bytes < frame.size()) {
      rest_.assign(frame.begin() + static_cast<std::ptrdiff_t>(bytes), frame.end());
      queue.pop();
      return 0;
    }
    bytes -= frame.size();
    queue.pop();
  }
  return bytes;
}

void FrameBacklog::shrink() {
  control_.shrink();
  media_.shrink();
}

}  // namespace noir
