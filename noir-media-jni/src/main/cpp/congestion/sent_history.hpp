#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/prefetch.hpp"
#include "base/time.hpp"

namespace noir {

/// What a packet was sent for.
enum class SentKind : std::uint8_t { kAudio, kMedia, kRepair, kPadding };

/// What became of one packet, whoever says so: transport-wide feedback today, RFC 8888 one day.
struct PacketResult {
  Instant sent;
  Duration arrived{};  // By the receiver's clock, of any origin; only when received.
  bool received = false;
  bool was_lost = false;  // An earlier report had called it lost: it only came late.
  SentKind kind = SentKind::kMedia;
  std::uint8_t cluster = 0;  // Of the probe it belonged to; 0 = none.
  std::uint32_t size = 0;    // Octets, of the IP packet.
};

/// When which transport-wide sequence number left, and what for: a ring by number, 8 octets each. Takes its memory with
/// the first packet and grows while what has not been reported yet would be forgotten within a second: a subscriber
/// of 3 Mbit/s has 4 KB, one of 25 Mbit/s 32 KB.
/// Thread: loop.
class SentHistory {
 public:
  static constexpr std::uint32_t kInitialCapacity = 256;
  static constexpr std::uint32_t kMaxCapacity = 4096;
  /// Who reports later than that reports nothing.
  static constexpr Duration kMaxAge = std::chrono::seconds(60);
  static constexpr std::uint8_t kMaxCluster = 31;
  static constexpr std::uint32_t kMaxSize = 2047;

  void record(Instant now, std::uint16_t seq, std::uint32_t size, SentKind kind, std::uint8_t cluster);

  enum class Match : std::uint8_t {
    kUnknown,   // Never sent, or forgotten.
    kRepeated,  // Says what is known already.
    kNew,
  };
  /// Takes what a receiver says about `seq`. Fills `result`, but for its time of arrival, when that is new: received
  /// once, lost once, and received after lost.
  Match report(Instant now, std::uint16_t seq, bool received, PacketResult& result);

  /// The size of what was sent as `seq` and no report has spoken of; else 0.
  [[nodiscard]] std::uint32_t unreported_size(Instant now, std::uint16_t seq) const;

  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  /// Asks for the places of `count` packets from `seq` on.
  void prefetch(std::uint16_t seq, std::size_t count) const {
    if (ring_) noir::prefetch(&at(seq), count * sizeof(Entry));
  }

 private:
  enum class State : std::uint32_t { kNone, kInFlight, kLost, kReceived };
  struct Entry {
    std::uint32_t sent_us;  // Of a wrapping clock: 71 minutes.
    std::uint32_t size : 11;
    std::uint32_t state : 2;
    std::uint32_t kind : 2;
    std::uint32_t cluster : 5;
    std::uint32_t tag : 12;  // The upper bits of the number, enough for the smallest ring.
  };
  static_assert(sizeof(Entry) == 8);

  [[nodiscard]] bool holds(Instant now, std::uint16_t seq) const;
  [[nodiscard]] Entry& at(std::uint16_t seq) const { return ring_[seq & (capacity_ - 1)]; }
  void grow();

  std::unique_ptr<Entry[]> ring_;
  std::uint32_t capacity_ = 0;
  std::uint16_t newest_ = 0;
};

}  // namespace noir
