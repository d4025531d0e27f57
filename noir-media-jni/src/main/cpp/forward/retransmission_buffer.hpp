#pragma once

#include <cstdint>
#include <vector>

#include "forward/media_packet.hpp"

namespace noir {

/// The last packets of one encoding, for all of its subscribers: a ring by ext_seq. Takes memory with the first packet,
/// and lets go of packets too old to be of use, so that a slow encoding does not hold many buffers.
class RetransmissionBuffer {
 public:
  static constexpr Duration kMaxAge = std::chrono::seconds(3);

  /// `capacity` is a power of two.
  explicit RetransmissionBuffer(std::size_t capacity);

  void insert(const MediaPacket& packet);
  [[nodiscard]] const MediaPacket* find(std::uint64_t ext_seq) const;
  void clear();

 private:
  void release_old(Instant now);

  std::size_t capacity_;
  std::uint64_t oldest_ = 0;  // Nothing is kept below.
  std::uint64_t newest_ = 0;
  std::vector<MediaPacket> ring_;
};

}  // namespace noir
