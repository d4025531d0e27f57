#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "sfu/params.hpp"

namespace noir {

/// Whose the datagrams are that come from clients of other loops: they come to a socket of this loop because something
/// between them and us has sent them there. Only what the other loop has found authentic makes an entry.
/// Thread: loop.
class StrayPaths {
 public:
  /// More are refused: whoever knows one password can claim as many paths as he can forge senders.
  static constexpr std::size_t kMaxPaths = 16'384;
  /// Without a datagram.
  static constexpr Duration kPathLife = std::chrono::seconds(30);
  /// How long a proven path without a datagram is kept from another loop's claim; as `Directory::claim`.
  static constexpr Duration kSilence = std::chrono::seconds(10);
  /// Checks on paths that are nobody's are passed on, too, so many at once and then 2000 a second: a stranger can write
  /// any loop into a fragment.
  static constexpr int kMaxChecks = 500;
  static constexpr Duration kCheckEvery = std::chrono::microseconds(500);

  /// A transport of `loop` has the path. `proven`: its client has shown to be there.
  void add(Instant now, const Path& path, LoopIndex loop, bool proven);
  /// Who is to have a datagram that has come now.
  [[nodiscard]] std::optional<LoopIndex> find(Instant now, const Path& path);
  /// `loop` does not know it any more.
  void forget(const Path& path, LoopIndex loop);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    LoopIndex loop = 0;
    bool proven = false;
    Instant heard{};
  };

  void sweep(Instant now);

  std::unordered_map<Path, Entry, PathHash> entries_;
  Instant next_sweep_ = Instant::min();
};

}  // namespace noir
