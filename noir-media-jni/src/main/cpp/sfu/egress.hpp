#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "sfu/transmit.hpp"

namespace noir {

/// Where outgoing datagrams are written: straight into an arena, one behind the other, so that what goes to one
/// destination in a row becomes one run for UDP_SEGMENT. The arena is small enough to stay in the cache; the caller
/// drains it when it is `full()`, and what is appended beyond that still finds room.
/// Thread: loop.
class Egress {
 public:
  /// Largest datagram: an Ethernet frame and room for SRTP's trailer.
  static constexpr std::size_t kMaxDatagram = 1600;

  /// Room for one datagram; write into it, then `commit` what it became. Valid until the next call.
  [[nodiscard]] MutableByteSpan reserve();
  void commit(const Path& path, std::size_t size);
  void append(const Path& path, ByteSpan datagram);

  [[nodiscard]] bool full() const { return chunk_ > 0; }
  [[nodiscard]] std::span<const Transmit> transmits() const { return transmits_; }
  void clear();

 private:
  static constexpr std::size_t kChunk = std::size_t{192} * 1024;
  // Limits of one UDP_SEGMENT send: 64 segments (UDP_MAX_SEGMENTS), and the UDP payload of one IPv4 packet.
  static constexpr std::size_t kMaxSegments = 64;
  static constexpr std::size_t kMaxRun = 65'507;
  static constexpr std::size_t kMaxSpareChunks = 4;

  using Chunk = std::array<std::uint8_t, kChunk>;

  [[nodiscard]] bool extends_last(const Path& path, std::size_t size) const;

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::size_t chunk_ = 0;
  std::size_t used_ = 0;
  std::size_t open_segments_ = 0;  // Datagrams of the last run when another one may follow, else 0.
  std::vector<Transmit> transmits_;
};

}  // namespace noir
