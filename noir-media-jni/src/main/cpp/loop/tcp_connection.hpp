#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "loop/file_descriptor.hpp"
#include "loop/frame_backlog.hpp"
#include "loop/frames.hpp"
#include "sfu/transmit.hpp"

namespace noir {

/// One connection that packets travel over in frames (RFC 4571). Never waits: what the kernel has no room for is kept,
/// and ages. Thread: loop.
class TcpConnection {
 public:
  TcpConnection(FileDescriptor fd, const Path& path, Instant now)
      : since(now), fd_(std::move(fd)), path_(path), progress_(now) {}

  /// Sends a run, or keeps it. False: the connection is broken.
  [[nodiscard]] bool send(Instant now, const Transmit& transmit);
  /// There is room again.
  [[nodiscard]] bool flush(Instant now);
  /// Whether it wants to be told of room.
  [[nodiscard]] bool waits() const { return !backlog_.empty(); }
  /// Drops what is too old, and gives memory back.
  void tidy(Instant now);
  /// Since when the other side has not taken anything, though there was something.
  [[nodiscard]] Duration stuck(Instant now) const { return waits() ? now - progress_ : Duration{}; }

  /// Reads once, into `into` behind what was left before, and gives `take` the packets. False: the connection has
  /// ended, or what comes is longer than `most`.
  template <typename Take>
  [[nodiscard]] bool receive(MutableByteSpan into, std::size_t most, Take&& take) {
    std::size_t size = 0;
    if (!read(into, size)) return false;
    const ByteSpan stream = into.first(size);
    const SplitFrames split = split_frames(stream, most, take);
    const ByteSpan rest = stream.subspan(split.used);
    rest_.assign(rest.begin(), rest.end());
    return split.valid;
  }

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const Path& path() const { return path_; }
  /// Packets that had waited for too long, since the last call.
  [[nodiscard]] std::uint64_t take_dropped() { return std::exchange(dropped_, 0); }
  /// Gives up the descriptor, for another loop.
  [[nodiscard]] FileDescriptor take_fd() { return std::move(fd_); }
  /// What has been read and not taken yet.
  [[nodiscard]] const std::vector<std::uint8_t>& rest() const { return rest_; }
  /// As if it had just been read: by whoever had the connection before.
  void put_back(ByteSpan bytes) { rest_.assign(bytes.begin(), bytes.end()); }

  // What the table of connections knows of it.
  Instant since;          // Accepted.
  bool is_known = false;  // A transport has its path, or has had it.
  bool wants_room = false;
  std::uint8_t packets = 0;  // While it was not known.

 private:
  [[nodiscard]] bool read(MutableByteSpan into, std::size_t& size);
  [[nodiscard]] bool send_some(Instant now, const Transmit& transmit, std::size_t& at);

  // Owned.
  FileDescriptor fd_;
  FrameBacklog backlog_;
  std::vector<std::uint8_t> rest_;  // The beginning of a frame.

  // State.
  Path path_;
  Instant progress_;  // The kernel took something, or there was nothing to take.
  std::uint64_t dropped_ = 0;
};

}  // namespace noir
