#include "loop/sender.hpp"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "loop/system_error.hpp"

namespace noir {

namespace {

std::size_t datagrams_in(ByteSpan bytes, std::size_t segment_size) {
  return (bytes.size() + segment_size - 1) / segment_size;
}

int send_by_kernel(int fd, mmsghdr* messages, unsigned count) { return ::sendmmsg(fd, messages, count, MSG_DONTWAIT); }

}  // namespace

Sender::Sender() : Sender(send_by_kernel) {}

Sender::Sender(SendBatch send_batch) : system_send_(std::move(send_batch)) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_name = &names_[i];
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

void Sender::send(Instant now, UdpSocket& socket, std::uint16_t local, std::span<const Transmit> transmits) {
  backlog_ = &backlogs_[local];
  const bool waited = !backlog_->empty();
  if (waited) send_kept(now, socket);
  for (const Transmit& transmit : transmits) {
    if (transmit.path.local == local && !transmit.bytes.empty()) add(now, socket, transmit);
  }
  flush(now, socket);
  waiting_ += backlog_->empty() ? 0 : 1;
  waiting_ -= waited ? 1 : 0;
}

std::vector<std::uint16_t> Sender::waiting() const {
  std::vector<std::uint16_t> result;
  for (const auto& [local, backlog] : backlogs_) {
    if (!backlog.empty()) result.push_back(local);
  }
  return result;
}

void Sender::send_kept(Instant now, UdpSocket& socket) {
  dropped_ += backlog_->drop_old(now);
  std::size_t done = kBatch;
  while (done == kBatch && !backlog_->empty()) {
    count_ = 0;
    for (const SendBacklog::Message& message : backlog_->messages()) {
      if (count_ == kBatch) break;
      put(message.path, message.bytes, message.segment_size);
    }
    done = send_batch(socket);
    for (std::size_t i = 0; i < done; ++i) backlog_->pop();
  }
  count_ = 0;
}

void Sender::add(Instant now, UdpSocket& socket, const Transmit& transmit) {
  const std::size_t segment =
      transmit.segment_size == 0 ? transmit.bytes.size() : std::min(transmit.segment_size, transmit.bytes.size());
  ByteSpan rest = transmit.bytes;
  while (!rest.empty()) {
    const std::size_t segments =
        socket.has_gso() ? std::clamp<std::size_t>(kMaxRunBytes / segment, 1, kMaxSegments) : 1;
    const ByteSpan run = rest.first(std::min(rest.size(), segments * segment));
    add_message(now, socket, transmit.path, run, segment);
    rest = rest.subspan(run.size());
  }
}

// Behind what is kept, so that a client's packets stay in their order.
void Sender::add_message(Instant now, UdpSocket& socket, const Path& path, ByteSpan bytes, std::size_t segment_size) {
  if (count_ == kBatch) flush(now, socket);
  if (!backlog_->empty()) {
    dropped_ += backlog_->add(now, path, bytes, segment_size);
  } else {
    put(path, bytes, segment_size);
  }
}

void Sender::put(const Path& path, ByteSpan bytes, std::size_t segment_size) {
  const std::size_t i = count_++;
  messages_[i] = {path, bytes, segment_size};
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

void Sender::flush(Instant now, UdpSocket& socket) {
  for (std::size_t i = send_batch(socket); i < count_; ++i) {
    dropped_ += backlog_->add(now, messages_[i].path, messages_[i].bytes, messages_[i].segment_size);
  }
  count_ = 0;
}

/// How many of the batch are done with: all, unless the socket is full.
std::size_t Sender::send_batch(UdpSocket& socket) {
  std::size_t done = 0;
  while (done < count_) {
    const int sent = system_send_(socket.fd(), &headers_[done], static_cast<unsigned>(count_ - done));
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      continue;
    }
    const int error_number = errno;
    if (error_number == EINTR) continue;
    if (error_number == EAGAIN || error_number == EWOULDBLOCK) break;
    handle_refusal(socket, done, error_number);
    ++done;
  }
  return done;
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
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) ++dropped_;
  }
}

bool Sender::is_run(std::size_t index) const { return messages_[index].segment_size < messages_[index].bytes.size(); }

}  // namespace noir
