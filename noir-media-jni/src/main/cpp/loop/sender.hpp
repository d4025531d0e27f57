#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>

#include "loop/udp_socket.hpp"
#include "sfu/transmit.hpp"

namespace noir {

/// Sends transmits of one socket in as few system calls as there can be: runs of equal datagrams as one UDP_SEGMENT
/// message, everything by sendmmsg. Thread: loop.
class Sender {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMaxSegments = 64;     // UDP_MAX_SEGMENTS of the oldest kernels that have GSO.
  static constexpr std::size_t kMaxRunBytes = 65507;  // 65535 less the IPv4 and UDP headers.

  Sender();

  /// Sends every transmit of `local`, leaves out the others.
  void send(UdpSocket& socket, std::uint16_t local, std::span<const Transmit> transmits);

  /// Not taken by the kernel.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Runs that the kernel refused and that were then sent one by one.
  [[nodiscard]] std::uint64_t gso_refused() const { return gso_refused_; }

 private:
  struct Message {
    ByteSpan bytes;
    std::size_t segment_size = 0;
  };
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
  };

  void add(UdpSocket& socket, const Transmit& transmit);
  void add_message(UdpSocket& socket, const Path& path, ByteSpan bytes, std::size_t segment_size);
  void flush(UdpSocket& socket);
  void handle_refusal(UdpSocket& socket, std::size_t index, int error_number);
  void send_singly(UdpSocket& socket, std::size_t index);
  [[nodiscard]] bool is_run(std::size_t index) const;
  [[nodiscard]] bool wait_writable(const UdpSocket& socket);

  // Owned: message i of the batch.
  std::array<Message, kBatch> messages_{};
  std::array<SystemAddress, kBatch> names_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<Control, kBatch> controls_{};
  std::array<mmsghdr, kBatch> headers_{};

  // State.
  std::size_t count_ = 0;
  int waits_left_ = 0;  // Of this `send`.
  std::uint64_t dropped_ = 0;
  std::uint64_t gso_refused_ = 0;
};

}  // namespace noir
