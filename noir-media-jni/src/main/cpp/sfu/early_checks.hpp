#pragma once

#include <array>
#include <cstddef>
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
/// Anybody can send such a check, so few are kept, and not for long; where a check is kept goes by its sender's address
/// (IPv6: the first 64 bits), so that a stranger takes the place of his neighbours' checks alone.
/// Thread: loop.
class EarlyChecks {
 public:
  static constexpr std::size_t kPlaces = 128;
  static constexpr std::size_t kPerPlace = 4;
  static constexpr std::size_t kMaxSize = 400;
  static constexpr Duration kMaxAge = std::chrono::milliseconds(500);

  /// `secret` keeps it unknown whose neighbour is whose.
  explicit EarlyChecks(std::uint64_t secret) : secret_(secret) {}

  void add(Instant now, const Path& path, std::string_view ufrag, ByteSpan check);

  /// Calls `answer(path, check)` for those that this transport was meant by.
  template <typename Answer>
  void take(Instant now, std::string_view ufrag, Answer answer) {
    for (Place& place : places_) {
      for (Check& check : place) {
        if (check.ufrag != ufrag) continue;
        check.ufrag.clear();
        if (now - check.arrival <= kMaxAge) answer(check.path, ByteSpan(check.bytes));
      }
    }
  }

 private:
  struct Check {
    Instant arrival = Instant::min();
    Path path;
    std::string ufrag;  // Empty = nothing here.
    std::vector<std::uint8_t> bytes;
  };
  using Place = std::vector<Check>;  // At most `kPerPlace`; empty until somebody needs it.

  [[nodiscard]] Place& place_of(const SocketAddress& sender);

  const std::uint64_t secret_;
  std::array<Place, kPlaces> places_;
};

}  // namespace noir
