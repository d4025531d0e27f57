#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/bytes.hpp"
#include "loop/file_descriptor.hpp"
#include "loop/frames.hpp"
#include "loop/udp_socket.hpp"

namespace noir::test {

/// The client's side of a connection with frames (RFC 4571).
class TcpStream {
 public:
  explicit TcpStream(const SocketAddress& server, int receive_buffer = 0) {
    fd_ = FileDescriptor(::socket(server.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer > 0) ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SystemAddress name{};
    const socklen_t size = to_system(server, name);
    if (::connect(fd(), &name.any, size) != 0) throw std::runtime_error("cannot connect");
  }
  TcpStream(TcpStream&&) = default;
  TcpStream& operator=(TcpStream&&) = default;

  [[nodiscard]] int fd() const { return fd_.get(); }
  void send(ByteSpan packet) {
    std::vector<std::uint8_t> frame(kFrameHeader);
    store_be16(frame.data(), static_cast<std::uint16_t>(packet.size()));
    frame.insert(frame.end(), packet.begin(), packet.end());
    send_raw(frame);
  }
  void send_raw(ByteSpan bytes) { (void)!::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  /// The next packet, if it is there.
  std::optional<std::vector<std::uint8_t>> next() {
    std::vector<std::uint8_t> more(65536);
    const ssize_t size = ::recv(fd(), more.data(), more.size(), MSG_DONTWAIT);
    if (size > 0) read_.insert(read_.end(), more.begin(), more.begin() + size);
    if (size == 0 || (size < 0 && errno == ECONNRESET)) ended_ = true;
    if (read_.size() < kFrameHeader) return std::nullopt;
    const std::size_t end = kFrameHeader + load_be16(read_.data());
    if (read_.size() < end) return std::nullopt;
    std::vector<std::uint8_t> packet(read_.begin() + kFrameHeader, read_.begin() + static_cast<std::ptrdiff_t>(end));
    read_.erase(read_.begin(), read_.begin() + static_cast<std::ptrdiff_t>(end));
    return packet;
  }
  /// Whether the server has closed it; reads what is there.
  [[nodiscard]] bool ended() {
    while (next()) continue;
    return ended_;
  }
  /// In the middle of whatever it was.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd_ = FileDescriptor();
  }

 private:
  FileDescriptor fd_;
  std::vector<std::uint8_t> read_;
  bool ended_ = false;
};

}  // namespace noir::test
