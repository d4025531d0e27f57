#include "loop/connection_mail.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "loop/system_error.hpp"

namespace noir {

namespace {

struct Letter {
  int fd = -1;
  Path path;
};

}  // namespace

ConnectionMail::ConnectionMail() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw_system_error("socketpair", errno);
  }
  in_ = FileDescriptor(ends[0]);
  out_ = FileDescriptor(ends[1]);
}

ConnectionMail::~ConnectionMail() {
  while (take()) continue;
}

bool ConnectionMail::send(MovingConnection connection) {
  NOIR_CHECK(connection.read.size() <= kMaxRead);
  const Letter letter{connection.fd.get(), connection.path};
  std::array<std::uint8_t, sizeof letter + kMaxRead> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::memcpy(bytes.data(), &letter, sizeof letter);
  if (!connection.read.empty()) {
    std::memcpy(bytes.data() + sizeof letter, connection.read.data(), connection.read.size());
  }
  const std::size_t size = sizeof letter + connection.read.size();
  if (::send(out_.get(), bytes.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL) != static_cast<ssize_t>(size)) return false;
  (void)connection.fd.release();
  return true;
}

std::optional<MovingConnection> ConnectionMail::take() {
  Letter letter;
  std::array<std::uint8_t, sizeof letter + kMaxRead> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t size = ::recv(in_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size < static_cast<ssize_t>(sizeof letter)) return std::nullopt;
  std::memcpy(&letter, bytes.data(), sizeof letter);
  return MovingConnection{
      FileDescriptor(letter.fd), letter.path, {bytes.begin() + sizeof letter, bytes.begin() + size}};
}

}  // namespace noir
