#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "base/prefetch.hpp"
#include "base/time.hpp"

namespace noir {

/// What a down track remembers of a packet it has sent, so that it comes out with the same bytes again: where it came
/// from and what was put into it.
struct SentPacket {
  std::uint32_t source_seq = 0;  // Low 32 bits of MediaPacket::ext_seq.
  std::uint32_t ts_offset = 0;
  std::uint16_t out_seq = 0;
  std::uint16_t picture = 0;
  std::uint16_t repeated_ms : 14 = 0;  // When it was retransmitted last, modulo 2^14; 0 = never.
  std::uint16_t filler : 1 = 0;        // Sent without its payload.
  std::uint16_t marker : 1 = 0;
  std::uint8_t tl0_pic_idx = 0;
  std::uint8_t key_idx : 5 = 0;
  std::uint8_t encoding : 3 = 0;
};
static_assert(sizeof(SentPacket) == 16);

/// Ring of the last packets sent, by out seq. Takes its memory with the first packet, and as much of it as the source's
/// retransmission buffer has: what is not there any more need not be remembered here.
class SentPackets {
 public:
  /// `history`: how many packets the source keeps, a power of two.
  void record(const SentPacket& packet, std::uint32_t history) {
    reserve(history);
    ring_[packet.out_seq & (capacity_ - 1)] = packet;
  }
  /// Remembers so many from now on, a power of two.
  void reserve(std::uint32_t history) {
    if (history > capacity_) [[unlikely]] {
      grow(history);
    }
  }
  /// The packet sent with `out_seq`, or null. `out_seq` must be one of the last `capacity` up to the newest.
  [[nodiscard]] SentPacket* find(std::uint16_t out_seq) const {
    if (!ring_) return nullptr;
    SentPacket& packet = ring_[out_seq & (capacity_ - 1)];
    return packet.out_seq == out_seq ? &packet : nullptr;
  }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  /// The places of `count` packets from `out_seq` on.
  void prefetch(std::uint64_t out_seq, std::size_t count) const {
    if (ring_) noir::prefetch(&ring_[out_seq & (capacity_ - 1)], count * sizeof(SentPacket));
  }

 private:
  void grow(std::uint32_t capacity) {
    auto larger = std::make_unique<SentPacket[]>(capacity);
    // No slot is found before it has been written: nothing in it has its index.
    for (std::uint32_t i = 0; i < capacity; ++i) larger[i].out_seq = static_cast<std::uint16_t>(~i);
    for (std::uint32_t i = 0; i < capacity_; ++i) {
      const SentPacket& packet = ring_[i];
      if ((packet.out_seq & (capacity_ - 1)) == i) larger[packet.out_seq & (capacity - 1)] = packet;
    }
    ring_ = std::move(larger);
    capacity_ = capacity;
  }

  std::uint32_t capacity_ = 0;
  std::unique_ptr<SentPacket[]> ring_;
};

}  // namespace noir
