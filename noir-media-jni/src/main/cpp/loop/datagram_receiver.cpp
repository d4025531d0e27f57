#include "loop/datagram_receiver.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "loop/clock.hpp"
#include "loop/system_error.hpp"

namespace noir {

namespace {

/// When the kernel took the datagram, in UTC.
std::optional<Duration> arrival_stamp(const msghdr& header) {
  const cmsghdr* control = CMSG_FIRSTHDR(&header);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) return {};
  timespec stamp{};
  std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
  return std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec);
}

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): nobody reads `bytes_` before the kernel has written it.
DatagramReceiver::DatagramReceiver(PacketPool& pool) : pool_(pool) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_name = &names_[i];
    vectors_[i] = {bytes_[i].data(), bytes_[i].size()};
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_control = &controls_[i];
  }
}

std::span<ReceivedDatagram> DatagramReceiver::receive(const UdpSocket& socket, bool& more) {
  prepare();
  const int count = ::recvmmsg(socket.fd(), headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (count < 0) {
    if (errno == EBADF || errno == ENOTSOCK || errno == EFAULT) {
      throw_system_error("cannot receive on UDP " + describe(socket.local()), errno);
    }
    // Others are an earlier ICMP error or a signal: there may be datagrams behind it.
    more = errno != EAGAIN && errno != EWOULDBLOCK;
    return {};
  }
  more = static_cast<std::size_t>(count) == kBatch;
  return {received_.data(), collect(static_cast<std::size_t>(count))};
}

void DatagramReceiver::prepare() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof names_[i];
    headers_[i].msg_hdr.msg_controllen = sizeof controls_[i];
  }
}

std::size_t DatagramReceiver::collect(std::size_t count) {
  const Duration offset = wallclock_offset();
  const Instant now = monotonic_now();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool truncated = (headers_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    PacketRef buffer;
    if (!truncated) buffer = pool_.copy_of(ByteSpan(bytes_[i]).first(headers_[i].msg_len));
    if (!buffer) {
      ++dropped_;
      continue;
    }
    received_[kept].remote = from_system(names_[i]);
    const std::optional<Duration> stamp = arrival_stamp(headers_[i].msg_hdr);
    received_[kept].arrival = stamp ? std::min(Instant(*stamp - offset), now) : now;
    received_[kept].buffer = std::move(buffer);
    ++kept;
  }
  return kept;
}

}  // namespace noir
