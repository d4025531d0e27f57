#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace noir {

/// Frames (RFC 4571) that wait, one behind the other in one block that keeps its size: no allocation for each of them.
/// Thread: loop.
class FrameQueue {
 public:
  void push(Instant now, ByteSpan packet);
  void pop();
  [[nodiscard]] bool empty() const { return head_ == bytes_.size(); }
  [[nodiscard]] Instant since() const { return since_at(head_); }
  /// The first one, with its length in front.
  [[nodiscard]] ByteSpan front() const { return frame_at(head_); }
  [[nodiscard]] std::size_t size() const { return bytes_.size() - head_; }
  /// As many as there are places; how many.
  [[nodiscard]] std::size_t gather(std::span<iovec> out) const;
  /// Gives memory back, when nothing waits and there was much.
  void shrink();

 private:
  static constexpr std::size_t kStamp = sizeof(Instant::rep);
  static constexpr std::size_t kKept = std::size_t{16} * 1024;  // Octets of memory that are worth keeping.

  [[nodiscard]] Instant since_at(std::size_t at) const;
  [[nodiscard]] ByteSpan frame_at(std::size_t at) const;

  std::vector<std::uint8_t> bytes_;  // Each: when it came, its length, its bytes.
  std::size_t head_ = 0;
};

/// What a connection has not taken yet. Media is of no use later, and who is behind a slow line is better off with what
/// is new; STUN, DTLS and RTCP are what keeps a call alive, they go first and are dropped by nothing but their sum.
/// A frame that is half sent is finished whatever becomes of the others. Thread: loop.
class FrameBacklog {
 public:
  static constexpr std::size_t kMaxMedia = std::size_t{256} * 1024;  // Octets: 250 ms of 8 Mbit/s.
  static constexpr std::size_t kMaxControl = std::size_t{64} * 1024;
  static constexpr Duration kMaxAge = std::chrono::milliseconds(250);

  /// How many packets had to go for it, itself among them.
  std::size_t add(Instant now, ByteSpan packet);
  /// What is left of a packet's frame whose first `sent` octets are gone. Only while nothing waits.
  void add_cut(ByteSpan packet, std::size_t sent);
  /// How many packets of media were too old.
  std::size_t drop_old(Instant now);

  [[nodiscard]] bool empty() const { return rest_.empty() && control_.empty() && media_.empty(); }
  [[nodiscard]] std::size_t size() const { return rest_.size() + control_.size() + media_.size(); }
  /// What goes next, in its order; how many places it takes.
  [[nodiscard]] std::size_t gather(std::span<iovec> out) const;
  /// The first `bytes` of what `gather` gave have been sent.
  void consume(std::size_t bytes);
  void shrink();

 private:
  std::size_t consume(FrameQueue& queue, std::size_t bytes);

  std::vector<std::uint8_t> rest_;
  FrameQueue control_;
  FrameQueue media_;
};

}  // namespace noir
