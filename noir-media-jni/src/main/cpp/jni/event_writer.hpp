#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "loop/loop.hpp"

namespace noir {

/// Appends events to the buffer that Java's `EventReader` reads after `run`; the layout stands there. Little-endian.
class EventWriter : public EventSink {
 public:
  static constexpr std::size_t kHeaderSize = 12;

  explicit EventWriter(MutableByteSpan buffer) : buffer_(buffer) {}

  /// Starts an empty batch.
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Events that would not fit even into the empty buffer.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  bool accept(const Event& event) override;

 private:
  const MutableByteSpan buffer_;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace noir
