#pragma once

#include <cstdint>
#include <vector>

#include "forward/media_packet.hpp"

namespace noir {

/// The last packets of one encoding, for all of its subscribers: a ring by ext_seq. Takes memory with the first packet,
/// grows with the encoding's rate, and lets go of packets too old to be of use: a publisher of three encodings at
/// 2 Mbit/s holds a quarter of a megabyte.
class RetransmissionBuffer {
 public:
  // Two round trips of 300 ms and a little: who has not got it by then needs a key frame.
  static constexpr Duration kMaxAge = std::chrono::milliseconds(750);

  /// Grows up to `max_capacity`, a power of two.
  explicit RetransmissionBuffer(std::size_t max_capacity);

  void insert(const MediaPacket& packet);
  [[nodiscard]] const MediaPacket* find(std::uint64_t ext_seq) const;
  void clear();
  /// How far back `find` can reach at present.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void release_old(Instant now);
  [[nodiscard]] bool needs_room(const MediaPacket& packet) const;
  void grow();

  std::size_t max_capacity_;
  std::size_t capacity_;
  std::uint64_t oldest_ = 0;  // Nothing is kept below.
  std::uint64_t newest_ = 0;
  std::vector<MediaPacket> ring_;
};

}  // namespace noir
