#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "loop/file_descriptor.hpp"

namespace noir {

/// A connection on its way to the loop that is to have it, with what has been read of it.
struct MovingConnection {
  FileDescriptor fd;
  Path path;
  std::vector<std::uint8_t> read;
};

/// How connections come to a loop from other loops, and from those who accept for it. A pair of sockets inside the
/// process: bounded, without a lock, and the loop's epoll sees it. What is still in it when it ends is closed.
/// Thread: any, except `take`.
class ConnectionMail {
 public:
  static constexpr std::size_t kMaxRead = 2048;

  ConnectionMail();
  ~ConnectionMail();
  ConnectionMail(const ConnectionMail&) = delete;
  ConnectionMail& operator=(const ConnectionMail&) = delete;

  /// False when it is full: the connection ends with `connection`.
  [[nodiscard]] bool send(MovingConnection connection);
  /// The next one. Thread: loop.
  [[nodiscard]] std::optional<MovingConnection> take();
  /// Readable when there is one.
  [[nodiscard]] int fd() const { return in_.get(); }

 private:
  FileDescriptor in_;
  FileDescriptor out_;
};

}  // namespace noir
