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
  bool accept_frame(const TapFrame& event);
  std::uint8_t* append(std::uint8_t type, std::uint8_t detail, std::uint32_t id, std::size_t payload);

  const MutableByteSpan buffer_;
  std::size_t size_ = 0;
  std::size_t frame_at_ =
      0;  // How much of the frame that was accepted last has been written: it may need many batches.
  std::uint64_t dropped_ = 0;
};

}  // namespace noir
