#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace noir {

/// The payloads of the packets that one frame is sent in, in one piece of memory, which the next frame uses again.
/// Thread: loop.
class PayloadList {
 public:
  /// Octets of one: with the headers, extensions and seals that are put around it, it fits an Ethernet frame behind a
  /// tunnel, and subscribers' RTX needs two more.
  static constexpr std::size_t kMaxPayload = 1180;

  void clear() {
    bytes_.clear();
    begins_.clear();
  }
  /// Another payload; what is added from now on is its.
  void begin() { begins_.push_back(bytes_.size()); }
  /// No more than there is room for.
  void add(ByteSpan bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void add(std::uint8_t byte) { bytes_.push_back(byte); }
  /// Sets bits of the first octet of the payload that is being written.
  void mark(std::uint8_t bits) { bytes_[begins_.back()] |= bits; }
  /// Octets that can still be added to it; 0 before the first `begin`.
  [[nodiscard]] std::size_t room() const {
    return begins_.empty() ? 0 : kMaxPayload - (bytes_.size() - begins_.back());
  }

  [[nodiscard]] std::size_t size() const { return begins_.size(); }
  [[nodiscard]] ByteSpan operator[](std::size_t i) const {
    const std::size_t end = i + 1 < begins_.size() ? begins_[i + 1] : bytes_.size();
    return ByteSpan(bytes_).subspan(begins_[i], end - begins_[i]);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> begins_;
};

/// Gives `bytes`, which are not empty, to `write` in parts of nearly the same size, none above `most`, which is not 0:
/// `write(part, first, last)`.
template <typename Write>
void split(ByteSpan bytes, std::size_t most, Write&& write) {
  const std::size_t count = (bytes.size() + most - 1) / most;
  for (std::size_t i = 0, at = 0; i < count; ++i) {
    const std::size_t end = bytes.size() * (i + 1) / count;
    write(bytes.subspan(at, end - at), i == 0, i + 1 == count);
    at = end;
  }
}

}  // namespace noir
