#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "loop/send_backlog.hpp"
#include "loop/udp_socket.hpp"
#include "sfu/transmit.hpp"

namespace noir {

/// Sends transmits of one socket in as few system calls as there can be: runs of equal datagrams as one UDP_SEGMENT
/// message, everything by sendmmsg. Never waits for a socket: what it has no room for is kept for a later call.
/// Thread: loop.
class Sender {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMaxSegments = 64;     // UDP_MAX_SEGMENTS of the oldest kernels that have GSO.
  static constexpr std::size_t kMaxRunBytes = 65507;  // 65535 less the IPv4 and UDP headers.

  /// sendmmsg, but for tests.
  using SendBatch = std::function<int(int fd, mmsghdr* messages, unsigned count)>;

  Sender();
  explicit Sender(SendBatch send_batch);

  /// Sends every transmit of `local`, leaves out the others; what was kept of it before goes first.
  void send(Instant now, UdpSocket& socket, std::uint16_t local, std::span<const Transmit> transmits);
  /// The sockets that `send` should be called for again soon, even with nothing.
  [[nodiscard]] std::vector<std::uint16_t> waiting() const;
  [[nodiscard]] bool waits() const { return waiting_ > 0; }

  /// Not taken by the kernel, at all or in time.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Runs that the kernel refused and that were then sent one by one.
  [[nodiscard]] std::uint64_t gso_refused() const { return gso_refused_; }

 private:
  struct Message {
    Path path;
    ByteSpan bytes;
    std::size_t segment_size = 0;
  };
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
  };

  void send_kept(Instant now, UdpSocket& socket);
  void add(Instant now, UdpSocket& socket, const Transmit& transmit);
  void add_message(Instant now, UdpSocket& socket, const Path& path, ByteSpan bytes, std::size_t segment_size);
  void put(const Path& path, ByteSpan bytes, std::size_t segment_size);
  std::size_t send_batch(UdpSocket& socket);
  void flush(Instant now, UdpSocket& socket);
  void handle_refusal(UdpSocket& socket, std::size_t index, int error_number);
  void send_singly(UdpSocket& socket, std::size_t index);
  [[nodiscard]] bool is_run(std::size_t index) const;

  // Given.
  const SendBatch system_send_;

  // Owned: message i of the batch.
  std::array<Message, kBatch> messages_{};
  std::array<SystemAddress, kBatch> names_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<Control, kBatch> controls_{};
  std::array<mmsghdr, kBatch> headers_{};

  // State.
  std::size_t count_ = 0;
  std::map<std::uint16_t, SendBacklog> backlogs_;  // By `Path::local`.
  SendBacklog* backlog_ = nullptr;                 // Of this `send`.
  std::size_t waiting_ = 0;                        // Backlogs with something in them.
  std::uint64_t dropped_ = 0;
  std::uint64_t gso_refused_ = 0;
};

}  // namespace noir
