#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "base/time.hpp"

namespace noir {

/// How many packets of a client are looked at: what is beyond is dropped unread. Counted in short windows, since a
/// count costs less than a clock of tokens. Thread: loop.
class IngressLimits {
 public:
  static constexpr Duration kWindow = std::chrono::milliseconds(250);
  /// Authentic packets: 10 000 a second, a 4K screen of 80 Mbit/s with all its encodings.
  static constexpr std::uint32_t kMaxPackets = 2500;
  /// Failed authentications, each of which costs as much as a packet: so many whatever they are,
  static constexpr std::uint32_t kMaxFailures = 64;
  /// and so many that look like the next packet of an rtp stream that is there. They may be: somebody who sends forged
  /// ones from the client's address, but does not see the client's, does not cut it off.
  static constexpr std::uint32_t kMaxLikelyFailures = 1000;

  /// Whether a packet is to be looked at; `is_likely` is asked only when there is reason to.
  template <typename IsLikely>
  [[nodiscard]] bool admits(Instant now, IsLikely&& is_likely) {
    if (now >= window_end_) [[unlikely]] {
      window_end_ = now + kWindow;
      packets_ = 0;
      failures_ = 0;
    }
    if (packets_ >= kMaxPackets) [[unlikely]] {
      return false;
    }
    if (failures_ < kMaxFailures) [[likely]] {
      return true;
    }
    return failures_ < kMaxLikelyFailures && is_likely();
  }
  /// What has come of the packet.
  void note(const Result<std::size_t>& size) {
    if (size) [[likely]] {
      ++packets_;
    } else if (size.error() == ErrorCode::kAuthentication) {
      ++failures_;
    }
  }

 private:
  Instant window_end_{Instant::min()};
  std::uint32_t packets_ = 0;
  std::uint32_t failures_ = 0;
};

}  // namespace noir
