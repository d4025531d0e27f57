#pragma once

#include <cstdint>
#include <vector>

#include "forward/media_packet.hpp"

namespace noir {

/// The last packets of one encoding, for all of its subscribers: a ring by ext_seq. Takes memory with the first packet.
class RetransmissionBuffer {
 public:
  /// `capacity` is a power of two.
  explicit RetransmissionBuffer(std::size_t capacity);

  void insert(const MediaPacket& packet);
  [[nodiscard]] const MediaPacket* find(std::uint64_t ext_seq) const;
  void clear();

 private:
  std::size_t capacity_;
  std::vector<MediaPacket> ring_;
};

}  // namespace noir
