#include "load/client_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "loop/clock.hpp"
#include "loop/system_error.hpp"

namespace noir {

namespace {

// A second of 16 Mbit/s, with what the kernel counts for its own structures: clients may be kept from the processor.
constexpr int kReceiveBufferBytes = 4 << 20;
constexpr std::size_t kSendBatch = 64;

void set_option(int fd, int name, int value) {
  if (::setsockopt(fd, SOL_SOCKET, name, &value, sizeof value) != 0) {
    throw_system_error("cannot set option " + std::to_string(name) + " of a UDP socket", errno);
  }
}

}  // namespace

ClientSocket::ClientSocket(bool v4) {
  const int family = v4 ? AF_INET : AF_INET6;
  fd_ = FileDescriptor(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
  if (fd_.get() < 0) throw_system_error("cannot open a UDP socket", errno);
  const int size = kReceiveBufferBytes;
  // The forced form ignores net.core.rmem_max and needs CAP_NET_ADMIN.
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) set_option(fd(), SO_RCVBUF, size);
  set_option(fd(), SO_TIMESTAMPNS, 1);
  set_option(fd(), SO_RXQ_OVFL, 1);
  SystemAddress any{};
  any.any.sa_family = static_cast<sa_family_t>(family);
  if (::bind(fd(), &any.any, v4 ? sizeof any.v4 : sizeof any.v6) != 0) throw_system_error("cannot bind UDP", errno);
}

void ClientSocket::send(std::span<const ClientTransmit> transmits) {
  std::array<SystemAddress, kSendBatch> names{};
  std::array<iovec, kSendBatch> vectors{};
  std::array<mmsghdr, kSendBatch> headers{};
  while (!transmits.empty()) {
    const std::size_t count = std::min(transmits.size(), kSendBatch);
    for (std::size_t i = 0; i < count; ++i) {
      const ClientTransmit& transmit = transmits[i];
      // The kernel does not write through iov_base when it sends.
      vectors[i] = {const_cast<std::uint8_t*>(transmit.bytes.data()), transmit.bytes.size()};
      headers[i].msg_hdr = {};
      headers[i].msg_hdr.msg_namelen = to_system(transmit.path.remote, names[i]);
      headers[i].msg_hdr.msg_name = &names[i];
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(fd(), headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (sent <= 0 && errno == EINTR) continue;
    // An ICMP error of before (ECONNREFUSED) also ends here: one datagram is given up, the next may go.
    if (sent <= 0) ++unsent_;
    transmits = transmits.subspan(sent > 0 ? static_cast<std::size_t>(sent) : 1);
  }
}

DatagramReader::DatagramReader() : storage_(kBatch * kBufferSize) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    vectors_[i] = {storage_.data() + i * kBufferSize, kBufferSize};
    headers_[i].msg_hdr.msg_name = &names_[i];
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_control = &controls_[i];
    read_[i].remote = &names_[i];
  }
}

std::span<ReadDatagram> DatagramReader::read(ClientSocket& socket) {
  for (mmsghdr& header : headers_) {
    header.msg_hdr.msg_namelen = sizeof(SystemAddress);
    header.msg_hdr.msg_controllen = sizeof(Control);
  }
  const int count = ::recvmmsg(socket.fd(), headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (count <= 0) return {};
  const Duration offset = wallclock_offset();
  const auto size = static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < size; ++i) {
    read_[i].bytes = {static_cast<std::uint8_t*>(vectors_[i].iov_base), headers_[i].msg_len};
    msghdr& header = headers_[i].msg_hdr;
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
      if (control->cmsg_type == SCM_TIMESTAMPNS) {
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        read_[i].arrival = Instant(std::chrono::seconds(stamp.tv_sec) + Duration(stamp.tv_nsec) - offset);
      } else if (control->cmsg_type == SO_RXQ_OVFL) {
        std::memcpy(&socket.overflows_, CMSG_DATA(control), sizeof socket.overflows_);
      }
    }
  }
  return {read_.data(), size};
}

}  // namespace noir
