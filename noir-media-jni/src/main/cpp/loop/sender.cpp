#include "loop/sender.hpp"

#include <netinet/udp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "loop/system_error.hpp"

namespace noir {

namespace {

// A full socket buffer means that the link is slower than the loop. Waiting longer would only delay everybody.
constexpr int kMaxWaits = 3;
constexpr int kWaitMs = 1;

std::size_t datagrams_in(ByteSpan bytes, std::size_t segment_size) {
  return (bytes.size() + segment_size - 1) / segment_size;
}

}  // namespace

Sender::Sender() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_name = &names_[i];
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

void Sender::send(UdpSocket& socket, std::uint16_t local, std::span<const Transmit> transmits) {
  waits_left_ = kMaxWaits;
  for (const Transmit& transmit : transmits) {
    if (transmit.path.local == local && !transmit.bytes.empty()) add(socket, transmit);
  }
  flush(socket);
}

void Sender::add(UdpSocket& socket, const Transmit& transmit) {
  const std::size_t segment =
      transmit.segment_size == 0 ? transmit.bytes.size() : std::min(transmit.segment_size, transmit.bytes.size());
  ByteSpan rest = transmit.bytes;
  while (!rest.empty()) {
    const std::size_t segments =
        socket.has_gso() ? std::clamp<std::size_t>(kMaxRunBytes / segment, 1, kMaxSegments) : 1;
    const ByteSpan run = rest.first(std::min(rest.size(), segments * segment));
    add_message(socket, transmit.path, run, segment);
    rest = rest.subspan(run.size());
  }
}

void Sender::add_message(UdpSocket& socket, const Path& path, ByteSpan bytes, std::size_t segment_size) {
  if (count_ == kBatch) flush(socket);
  const std::size_t i = count_++;
  messages_[i] = {bytes, segment_size};
  // The kernel does not write through iov_base when it sends.
  vectors_[i] = {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  msghdr& header = headers_[i].msg_hdr;
  header.msg_namelen = to_system(path.remote, names_[i]);
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (!is_run(i)) return;
  header.msg_control = controls_[i].bytes.data();
  header.msg_controllen = controls_[i].bytes.size();
  cmsghdr* control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto size = static_cast<std::uint16_t>(segment_size);
  std::memcpy(CMSG_DATA(control), &size, sizeof size);
}

void Sender::flush(UdpSocket& socket) {
  std::size_t done = 0;
  while (done < count_) {
    const int sent = ::sendmmsg(socket.fd(), &headers_[done], static_cast<unsigned>(count_ - done), MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      continue;
    }
    const int error_number = errno;
    if (error_number == EINTR) continue;
    if ((error_number == EAGAIN || error_number == EWOULDBLOCK) && wait_writable(socket)) continue;
    handle_refusal(socket, done, error_number);
    ++done;
  }
  count_ = 0;
}

/// The kernel did not take message `index`.
void Sender::handle_refusal(UdpSocket& socket, std::size_t index, int error_number) {
  if (error_number == EBADF || error_number == ENOTSOCK || error_number == EFAULT) {
    throw_system_error("cannot send on UDP " + describe(socket.local()), error_number);
  }
  // EIO: a device without checksum offload or an IPsec route; EINVAL: the path's MTU is below the segment size.
  if (is_run(index) && (error_number == EIO || error_number == EINVAL)) {
    ++gso_refused_;
    if (error_number == EIO) socket.give_up_gso();
    send_singly(socket, index);
    return;
  }
  dropped_ += datagrams_in(messages_[index].bytes, messages_[index].segment_size);
}

void Sender::send_singly(UdpSocket& socket, std::size_t index) {
  const msghdr& header = headers_[index].msg_hdr;
  ByteSpan rest = messages_[index].bytes;
  while (!rest.empty()) {
    const ByteSpan datagram = rest.first(std::min(rest.size(), messages_[index].segment_size));
    rest = rest.subspan(datagram.size());
    ssize_t sent = -1;
    do {
      sent = ::sendto(socket.fd(), datagram.data(), datagram.size(), MSG_DONTWAIT,
                      static_cast<const sockaddr*>(header.msg_name), header.msg_namelen);
    } while (sent < 0 && (errno == EINTR || (errno == EAGAIN && wait_writable(socket))));
    if (sent < 0) ++dropped_;
  }
}

bool Sender::is_run(std::size_t index) const { return messages_[index].segment_size < messages_[index].bytes.size(); }

/// False when the patience of this `send` is used up.
bool Sender::wait_writable(const UdpSocket& socket) {
  if (waits_left_ == 0) return false;
  --waits_left_;
  pollfd waiting{socket.fd(), POLLOUT, 0};
  (void)::poll(&waiting, 1, kWaitMs);
  return true;
}

}  // namespace noir
