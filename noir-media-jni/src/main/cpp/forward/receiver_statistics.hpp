#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "rtp/rtcp_report_block.hpp"

namespace noir {

/// Ticks of a media clock in a duration, modulo 2^32.
[[nodiscard]] std::uint32_t to_ticks(Duration duration, std::uint32_t clock_rate);

/// What a receiver report says about one rtp stream (RFC 3550 §6.4.1, A.3, A.8). Padding-only packets count: the sender
/// has sent them.
class ReceiverStatistics {
 public:
  /// Begins to count with the packet that is handled next.
  void restart() { received_ = 0; }
  void handle_packet(Instant now, std::uint64_t ext_seq, std::uint32_t rtp_ts, std::uint32_t clock_rate);

  /// The RTP time that the packets which have come would have now; nothing before the first.
  [[nodiscard]] std::optional<std::uint32_t> rtp_ts_at(Instant now, std::uint32_t clock_rate) const {
    if (received_ == 0) return std::nullopt;
    return to_ticks(now.time_since_epoch(), clock_rate) - last_transit_;
  }
  /// Something came since the last `make_block`.
  [[nodiscard]] bool has_news() const { return received_ > received_prior_; }
  /// Packets that have come, and those that have not; some may have come twice.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::int64_t lost() const {
    return static_cast<std::int64_t>(expected()) - static_cast<std::int64_t>(received_);
  }
  /// Packets that the numbers of those that have come say were sent.
  [[nodiscard]] std::uint64_t expected() const { return received_ == 0 ? 0 : highest_ext_seq_ - base_ext_seq_ + 1; }
  /// In ticks of the media clock.
  [[nodiscard]] std::uint32_t jitter() const { return jitter_q4_ >> 4; }
  /// The block without SSRC and SR times; begins a new interval.
  [[nodiscard]] ReportBlock make_block();

 private:
  std::uint64_t base_ext_seq_ = 0;
  std::uint64_t highest_ext_seq_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t received_prior_ = 0;
  std::uint64_t expected_prior_ = 0;
  std::uint32_t last_transit_ = 0;
  std::uint32_t jitter_q4_ = 0;  // Four bits of fraction, as in A.8.
};

}  // namespace noir
