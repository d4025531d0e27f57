#include "loop/foreign_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace noir {

int peek(int fd, MutableByteSpan into) {
  const ssize_t count = ::recv(fd, into.data(), into.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
  return count == 0 ? -1 : static_cast<int>(count);
}

FileDescriptor duplicate(int fd) { return FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

}  // namespace noir
