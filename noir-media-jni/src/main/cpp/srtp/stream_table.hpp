#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/prefetch.hpp"

namespace noir {

/// Per-SSRC state of a transport, found by a scan over packed SSRCs (a transport has a few). Bounded: inserting beyond
/// the limit forgets the stream whose last packet is oldest.
template <typename State>
class StreamTable {
 public:
  explicit StreamTable(std::size_t limit) : limit_(limit) {}

  /// Null when unknown; marks the stream as used.
  [[nodiscard]] State* find(std::uint32_t ssrc) {
    if (last_ < keys_.size() && keys_[last_].ssrc == ssrc) return states_[last_].get();
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i].ssrc == ssrc) {
        last_ = i;
        return states_[i].get();
      }
    }
    return nullptr;
  }

  /// For an authenticated packet of `ssrc`: makes it the most recently used one. `find` came just before.
  void touch() { keys_[last_].last_used = ++uses_; }

  /// A new stream, for an authenticated packet of an SSRC that `find` does not know.
  State& insert(std::uint32_t ssrc) {
    if (keys_.size() < limit_) {
      keys_.push_back({ssrc, 0});
      states_.push_back(std::make_unique<State>());
      last_ = keys_.size() - 1;
    } else {
      last_ = 0;
      for (std::size_t i = 1; i < keys_.size(); ++i) {
        if (keys_[i].last_used < keys_[last_].last_used) last_ = i;
      }
      keys_[last_].ssrc = ssrc;
      *states_[last_] = State{};
    }
    touch();
    return *states_[last_];
  }

  /// Asks for what `find` will read if it is asked for the same as before, in the order in which one thing points to
  /// the next.
  void prefetch_table() const {
    noir::prefetch(keys_.data(), sizeof(Key));
    noir::prefetch(states_.data(), sizeof(std::unique_ptr<State>));
  }
  void prefetch_last() const {
    if (last_ < states_.size()) noir::prefetch(states_[last_].get(), sizeof(State));
  }

  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::uint32_t ssrc;
    std::uint64_t last_used;
  };

  std::size_t limit_;
  std::vector<Key> keys_;
  std::vector<std::unique_ptr<State>> states_;
  std::size_t last_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace noir
