#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/packet_buffer.hpp"

namespace noir {

/// The bytes of an encoded frame where they lie: slices of its packets, and the few that stand between them. Nothing is
/// copied before somebody takes them. Thread: loop.
class FrameBytes {
 public:
  /// `slice` is a part of the packet.
  void add(const PacketRef& packet, ByteSpan slice);
  /// Bytes that no packet has.
  void add(ByteSpan own);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Copies those from `at` on to `out`, as many as there are or as it has room for; gives how many.
  [[nodiscard]] std::size_t copy(std::size_t at, MutableByteSpan out) const;

 private:
  struct Piece {
    PacketRef packet;      // Null: of `own_`.
    std::uint32_t at = 0;  // There.
    std::uint32_t size = 0;
  };

  std::vector<Piece> pieces_;
  std::vector<std::uint8_t> own_;
  std::size_t size_ = 0;
};

}  // namespace noir
