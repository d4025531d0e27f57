#pragma once

#include <optional>
#include <vector>

#include "base/socket_address.hpp"
#include "loop/file_descriptor.hpp"

namespace noir {

/// A listening TCP socket for passive ICE candidates (RFC 6544), non-blocking. Thread: loop.
class TcpListener {
 public:
  /// Throws `SystemError`, which names address and port.
  explicit TcpListener(const SocketAddress& address);

  struct Accepted {
    FileDescriptor fd;
    SocketAddress remote;
  };
  /// Nothing when nobody waits, or when the process may have no more descriptors: `exhausted` says so.
  [[nodiscard]] std::optional<Accepted> accept(bool& exhausted) const;

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
};

using TcpListeners = std::vector<TcpListener>;

/// Options of a connection that carries media: nothing waits in the kernel that could wait here, where it ages.
void set_media_options(int fd);

}  // namespace noir
