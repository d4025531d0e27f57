#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "loop/file_descriptor.hpp"
#include "loop/udp_socket.hpp"
#include "sim/test_client.hpp"

namespace noir {

/// The UDP socket of one simulated transport. It does not ask for UDP_GRO: over loopback the kernel cuts GSO runs for
/// such a receiver at the sender's cost, as a network card would at nobody's; the floor is measured the same way.
class ClientSocket {
 public:
  explicit ClientSocket(bool v4);

  [[nodiscard]] int fd() const { return fd_.get(); }
  void send(std::span<const ClientTransmit> transmits);
  /// Datagrams that came while the buffer was full: lost by this program, not by the server.
  [[nodiscard]] std::uint32_t overflows() const { return overflows_; }
  /// Datagrams that the kernel did not take from us.
  [[nodiscard]] std::uint64_t unsent() const { return unsent_; }

 private:
  friend class DatagramReader;

  // Owned.
  FileDescriptor fd_;

  // State.
  std::uint32_t overflows_ = 0;
  std::uint64_t unsent_ = 0;
};

struct ReadDatagram {
  MutableByteSpan bytes;
  Instant arrival{};  // At the kernel: when this program gets to read it must not count as delay.
  const SystemAddress* remote = nullptr;
};

/// Buffers for one recvmmsg at a time, shared by all sockets of a thread.
class DatagramReader {
 public:
  static constexpr std::size_t kBatch = 64;

  DatagramReader();

  /// What is there, at most a batch; valid until the next call.
  std::span<ReadDatagram> read(ClientSocket& socket);

 private:
  static constexpr std::size_t kBufferSize = 1600;

  /// Room for SCM_TIMESTAMPNS and SO_RXQ_OVFL.
  union Control {
    cmsghdr align;
    std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(std::uint32_t))> bytes;
  };

  // Owned. Message i reads into part i of the storage.
  std::vector<std::uint8_t> storage_;
  std::array<SystemAddress, kBatch> names_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<mmsghdr, kBatch> headers_{};
  std::array<Control, kBatch> controls_{};
  std::array<ReadDatagram, kBatch> read_;
};

}  // namespace noir
