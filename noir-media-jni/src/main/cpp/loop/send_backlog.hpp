#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"

namespace noir {

/// What a socket had no room for, until it has or it is of no use any more: the link is slower than the loop, and who
/// is behind it is better off with what is new. Thread: loop.
class SendBacklog {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  /// Media that comes later than this is thrown away by who gets it.
  static constexpr Duration kMaxAge = std::chrono::milliseconds(250);

  struct Message {
    Instant since{};
    Path path;
    std::size_t segment_size = 0;
    std::vector<std::uint8_t> bytes;
  };

  /// How many datagrams had to go for it, the oldest first.
  std::size_t add(Instant now, const Path& path, ByteSpan bytes, std::size_t segment_size);
  /// How many datagrams were too old.
  std::size_t drop_old(Instant now);
  void pop() { drop_first(); }

  [[nodiscard]] bool empty() const { return messages_.empty(); }
  [[nodiscard]] const std::deque<Message>& messages() const { return messages_; }

 private:
  std::size_t drop_first();

  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace noir
