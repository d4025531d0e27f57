#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"

namespace noir {

/// ICE checks for transports that are not open here yet. A client has our answer as soon as the room has sent it, and
/// may be faster than the command that opens its transport; it would check again only after 500 ms (RFC 8445 §14.3).
/// Anybody can send such a check, so the latest few are kept, and not for long.
class EarlyChecks {
 public:
  static constexpr std::size_t kMost = 32;
  static constexpr std::size_t kMaxSize = 400;
  static constexpr Duration kMaxAge = std::chrono::milliseconds(500);

  void add(Instant now, const Path& path, std::string_view ufrag, ByteSpan check);

  /// Calls `answer(path, check)` for those that this transport was meant by.
  template <typename Answer>
  void take(Instant now, std::string_view ufrag, Answer answer) {
    for (Check& check : checks_) {
      if (check.ufrag != ufrag) continue;
      check.ufrag.clear();
      if (now - check.arrival <= kMaxAge) answer(check.path, ByteSpan(check.bytes));
    }
  }

 private:
  struct Check {
    Instant arrival{};
    Path path;
    std::string ufrag;  // Empty = nothing here.
    std::vector<std::uint8_t> bytes;
  };

  std::array<Check, kMost> checks_;
  std::size_t next_ = 0;
};

}  // namespace noir
