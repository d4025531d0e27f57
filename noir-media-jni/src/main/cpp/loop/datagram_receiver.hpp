#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <span>

#include "base/packet_buffer.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "loop/udp_socket.hpp"

namespace noir {

struct ReceivedDatagram {
  SocketAddress remote;
  Instant arrival{};  // At the kernel: the loop may have been busy, or without a processor, since.
  PacketRef buffer;   // The taker moves it out.
};

/// Reads datagrams in batches and copies each into a pooled buffer of its size: one that is kept for retransmission
/// takes no more than it needs, and the copy is a thirtieth of what receiving costs. Thread: loop.
class DatagramReceiver {
 public:
  static constexpr std::size_t kBatch = 64;

  explicit DatagramReceiver(PacketPool& pool);

  /// The next datagrams of `socket`; valid until the next call. `more` says whether the socket may hold further ones.
  std::span<ReceivedDatagram> receive(const UdpSocket& socket, bool& more);

  /// Too large for a buffer, or no buffer was free.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void prepare();
  [[nodiscard]] std::size_t collect(std::size_t count);

  /// Room for the one control message we ask for: SCM_TIMESTAMPNS.
  union ArrivalControl {
    cmsghdr align;
    std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))> bytes;
  };

  // Given.
  PacketPool& pool_;

  // Owned. Message i reads into bytes i.
  std::array<std::array<std::uint8_t, PacketBuffer::kCapacity>, kBatch> bytes_;
  std::array<SystemAddress, kBatch> names_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<mmsghdr, kBatch> headers_{};
  std::array<ArrivalControl, kBatch> controls_{};
  std::array<ReceivedDatagram, kBatch> received_;

  // State.
  std::uint64_t dropped_ = 0;
};

}  // namespace noir
