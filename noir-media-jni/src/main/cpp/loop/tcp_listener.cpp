#include "loop/tcp_listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "loop/system_error.hpp"
#include "loop/udp_socket.hpp"

namespace noir {

namespace {

constexpr int kWaiting = 1024;  // Handshakes that are done and not looked at; the kernel cuts it to net.core.somaxconn.
// Octets that the kernel has and has not sent. Some packets, so that the next ones go without a turn of the loop in
// between; no more, for what waits here gets older, and the estimate of the line is to see it.
constexpr int kUnsent = 16 * 1024;

void set_option(int fd, int level, int name, int value) { (void)::setsockopt(fd, level, name, &value, sizeof value); }

}  // namespace

TcpListener::TcpListener(const SocketAddress& address) {
  const int family = address.is_v4() ? AF_INET : AF_INET6;
  fd_ = FileDescriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (fd_.get() < 0) throw_system_error("cannot open a TCP socket for " + describe(address), errno);
  if (family == AF_INET6) set_option(fd(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  set_option(fd(), SOL_SOCKET, SO_REUSEADDR, 1);  // Old connections of a server before this one are no obstacle.
  SystemAddress name{};
  const socklen_t size = to_system(address, name);
  if (::bind(fd(), &name.any, size) != 0) throw_system_error("cannot bind TCP " + describe(address), errno);
  if (::listen(fd(), kWaiting) != 0) throw_system_error("cannot listen on TCP " + describe(address), errno);
}

std::optional<TcpListener::Accepted> TcpListener::accept(bool& exhausted) const {
  SystemAddress name{};
  socklen_t size = sizeof name;
  const int fd = ::accept4(fd_.get(), &name.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return std::nullopt;
  }
  return Accepted{FileDescriptor(fd), from_system(name)};
}

void set_media_options(int fd) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsent);
}

}  // namespace noir
