#include "loop/tcp_connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace noir {

namespace {

constexpr std::size_t kBatch = 64;  // Frames in a system call.

/// What the kernel took of it: 0 when it has no room, negative when the connection is broken.
ssize_t send_vectors(int fd, std::span<iovec> vectors) {
  msghdr header{};
  header.msg_iov = vectors.data();
  header.msg_iovlen = vectors.size();
  while (true) {
    const ssize_t sent = ::sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) return 0;
    if (errno != EINTR) return -1;
  }
}

}  // namespace

bool TcpConnection::send(Instant now, const Transmit& transmit) {
  std::size_t at = 0;
  while (at < transmit.bytes.size() && backlog_.empty()) {
    if (!send_some(now, transmit, at)) return false;
  }
  while (at < transmit.bytes.size()) {
    const ByteSpan packet = transmit.bytes.subspan(at, std::min(transmit.segment_size, transmit.bytes.size() - at));
    dropped_ += backlog_.add(now, packet);
    at += packet.size();
  }
  return true;
}

// Up to a batch of the run from `at` on; a packet that is sent in part leaves its rest in the backlog.
bool TcpConnection::send_some(Instant now, const Transmit& transmit, std::size_t& at) {
  std::array<std::array<std::uint8_t, kFrameHeader>, kBatch> headers{};
  std::array<iovec, 2 * kBatch> vectors{};
  std::size_t count = 0;
  std::size_t end = at;
  for (; count < kBatch && end < transmit.bytes.size(); ++count) {
    const ByteSpan packet = transmit.bytes.subspan(end, std::min(transmit.segment_size, transmit.bytes.size() - end));
    store_be16(headers[count].data(), static_cast<std::uint16_t>(packet.size()));
    vectors[2 * count] = {headers[count].data(), kFrameHeader};
    vectors[2 * count + 1] = {const_cast<std::uint8_t*>(packet.data()), packet.size()};
    end += packet.size();
  }
  const ssize_t sent = send_vectors(fd(), std::span(vectors).first(2 * count));
  if (sent < 0) return false;
  progress_ = now;
  auto left = static_cast<std::size_t>(sent);
  for (std::size_t i = 0; i < count; ++i) {
    const ByteSpan packet(static_cast<const std::uint8_t*>(vectors[2 * i + 1].iov_base), vectors[2 * i + 1].iov_len);
    const std::size_t frame = kFrameHeader + packet.size();
    at += packet.size();
    if (left < frame) {
      if (left > 0) {
        backlog_.add_cut(packet, left);
      } else {
        dropped_ += backlog_.add(now, packet);
      }
      return true;
    }
    left -= frame;
  }
  return true;
}

bool TcpConnection::flush(Instant now) {
  dropped_ += backlog_.drop_old(now);
  while (!backlog_.empty()) {
    std::array<iovec, kBatch> vectors{};
    const std::size_t count = backlog_.gather(vectors);
    std::size_t offered = 0;
    for (std::size_t i = 0; i < count; ++i) offered += vectors[i].iov_len;
    const ssize_t sent = send_vectors(fd(), std::span(vectors).first(count));
    if (sent < 0) return false;
    if (sent == 0) return true;
    progress_ = now;
    backlog_.consume(static_cast<std::size_t>(sent));
    if (static_cast<std::size_t>(sent) < offered) return true;
  }
  return true;
}

void TcpConnection::tidy(Instant now) {
  dropped_ += backlog_.drop_old(now);
  backlog_.shrink();
}

bool TcpConnection::read(MutableByteSpan into, std::size_t& size) {
  std::copy(rest_.begin(), rest_.end(), into.begin());
  size = rest_.size();
  while (true) {
    const ssize_t count = ::recv(fd(), into.data() + size, into.size() - size, MSG_DONTWAIT);
    if (count > 0) size += static_cast<std::size_t>(count);
    if (count >= 0) return count > 0;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
    if (errno != EINTR) return false;
  }
}

}  // namespace noir
