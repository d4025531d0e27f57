#include "loop/udp_socket.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/udp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "loop/system_error.hpp"

namespace noir {

namespace {

// Two seconds of 16 Mbit/s while the loop does something else; the kernel counts about double for its own structures.
constexpr int kSocketBufferBytes = 4 * 1024 * 1024;

int family_of(const SocketAddress& address) { return address.is_v4() ? AF_INET : AF_INET6; }

void set_option(int fd, int level, int name, int value) {
  // All of these are wishes: without them the loop is slower, not wrong.
  (void)::setsockopt(fd, level, name, &value, sizeof value);
}

void raise_buffer(int fd, int forced, int ordinary) {
  // The forced form ignores net.core.[rw]mem_max and needs CAP_NET_ADMIN; the other is cut to the limit.
  const int size = kSocketBufferBytes;
  if (::setsockopt(fd, SOL_SOCKET, forced, &size, sizeof size) != 0) set_option(fd, SOL_SOCKET, ordinary, size);
}

}  // namespace

socklen_t to_system(const SocketAddress& address, SystemAddress& out) {
  if (address.is_v4()) {
    out.v4 = {};
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(address.port);
    std::memcpy(&out.v4.sin_addr, address.ip.data() + 12, sizeof out.v4.sin_addr);
    return sizeof out.v4;
  }
  out.v6 = {};
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(address.port);
  out.v6.sin6_scope_id = address.scope_id;
  std::memcpy(&out.v6.sin6_addr, address.ip.data(), sizeof out.v6.sin6_addr);
  return sizeof out.v6;
}

SocketAddress from_system(const SystemAddress& address) {
  if (address.any.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> ip{};
    std::memcpy(ip.data(), &address.v4.sin_addr, ip.size());
    return SocketAddress::v4(ip[0], ip[1], ip[2], ip[3], ntohs(address.v4.sin_port));
  }
  SocketAddress result;
  std::memcpy(result.ip.data(), &address.v6.sin6_addr, result.ip.size());
  result.port = ntohs(address.v6.sin6_port);
  result.scope_id = address.v6.sin6_scope_id;
  return result;
}

std::string describe(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = address.is_v4();
  (void)::inet_ntop(v4 ? AF_INET : AF_INET6, address.ip.data() + (v4 ? 12 : 0), text.data(), text.size());
  return std::string(text.data()) + " port " + std::to_string(address.port);
}

UdpSocket::UdpSocket(int family) : fd_(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP)) {
  if (fd_.get() < 0) return;
  set_options();
  if (family == AF_INET6) set_option(fd(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
}

UdpSocket::UdpSocket(const SocketAddress& address) : UdpSocket(family_of(address)) {
  if (fd_.get() < 0) throw_system_error("cannot open a UDP socket for " + describe(address), errno);
  if (!bind(address)) throw_system_error("cannot bind UDP " + describe(address), errno);
}

bool UdpSocket::bind(const SocketAddress& address) {
  SystemAddress name{};
  socklen_t size = to_system(address, name);
  if (::bind(fd(), &name.any, size) != 0) return false;
  size = sizeof name;
  if (::getsockname(fd(), &name.any, &size) != 0) throw_system_error("getsockname " + describe(address), errno);
  local_ = from_system(name);
  return true;
}

bool UdpSocket::share_port() {
  const int on = 1;
  return ::setsockopt(fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
}

// This one is bound already, and was alone: whoever else has the port has been told apart from us by then.
std::unique_ptr<UdpSocket> UdpSocket::open_for_feedback() {
  std::unique_ptr<UdpSocket> other(new UdpSocket(family_of(local_)));
  if (other->fd_.get() < 0 || !share_port() || !other->share_port() || !other->bind(local_)) return nullptr;
  // The first to share a port is number 0, the second 1. Offset 0 is behind the UDP header; a datagram that is too
  // short for a load is number 0's.
  std::array<sock_filter, 5> program{{
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xDFFF),        // But for the padding bit:
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8FCD, 0, 1),  // version 2, format 15, type 205.
      BPF_STMT(BPF_RET | BPF_K, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
  }};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::setsockopt(fd(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) != 0) return nullptr;
  return other;
}

void UdpSocket::set_options() {
  raise_buffer(fd(), SO_RCVBUFFORCE, SO_RCVBUF);
  raise_buffer(fd(), SO_SNDBUFFORCE, SO_SNDBUF);
  // Congestion control at the publishers lives on exact arrival times; ours of reading would be those of a batch.
  set_option(fd(), SOL_SOCKET, SO_TIMESTAMPNS, 1);
  // Better a fragment than a hole: media cannot be made smaller here when a path is narrower than the client thought.
  set_option(fd(), IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  set_option(fd(), IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
  int segment = 0;
  socklen_t size = sizeof segment;
  has_gso_ = ::getsockopt(fd(), SOL_UDP, UDP_SEGMENT, &segment, &size) == 0;  // Linux 4.18
}

}  // namespace noir
