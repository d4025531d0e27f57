#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "base/socket_address.hpp"
#include "loop/file_descriptor.hpp"

namespace noir {

/// The kernel's form of an address.
union SystemAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

/// Gives the size of what was written.
socklen_t to_system(const SocketAddress& address, SystemAddress& out);
[[nodiscard]] SocketAddress from_system(const SystemAddress& address);

/// A non-blocking UDP socket bound to one address. Thread: loop; sending any of its plane.
class UdpSocket {
 public:
  /// Throws `SystemError`, which names address and port. Port 0 is any free one.
  explicit UdpSocket(const SocketAddress& address);

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// With the port that the kernel chose.
  [[nodiscard]] const SocketAddress& local() const { return local_; }

  /// Another socket with this one's address and port, to which the kernel gives transport-wide feedback from here on;
  /// null where it cannot. Nobody else gets the port: who binds it without sharing it fails, as before. Once.
  [[nodiscard]] std::unique_ptr<UdpSocket> open_for_feedback();

  /// Whether runs of datagrams may be sent by UDP_SEGMENT.
  [[nodiscard]] bool has_gso() const { return has_gso_.load(std::memory_order_relaxed); }
  void give_up_gso() { has_gso_.store(false, std::memory_order_relaxed); }

 private:
  explicit UdpSocket(int family);
  [[nodiscard]] bool bind(const SocketAddress& address);
  [[nodiscard]] bool share_port();
  void set_options();

  // Owned.
  FileDescriptor fd_;

  // State.
  SocketAddress local_;
  std::atomic<bool> has_gso_{false};
};

/// They stay where they are.
using UdpSockets = std::deque<UdpSocket>;

/// "192.0.2.1 port 5000", "2001:db8::1 port 5000".
[[nodiscard]] std::string describe(const SocketAddress& address);

}  // namespace noir
