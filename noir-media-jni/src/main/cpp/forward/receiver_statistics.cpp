#include "forward/receiver_statistics.hpp"

#include <algorithm>

#include "rtp/seq_num.hpp"

namespace noir {

std::uint32_t to_ticks(Duration duration, std::uint32_t clock_rate) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  // Seconds and the rest apart, so that neither product overflows.
  const std::int64_t seconds = duration.count() / kNanosPerSecond;
  const std::int64_t nanos = duration.count() % kNanosPerSecond;
  const auto whole = static_cast<std::uint64_t>(seconds) * clock_rate;
  const auto part = static_cast<std::uint64_t>(nanos * static_cast<std::int64_t>(clock_rate) / kNanosPerSecond);
  return static_cast<std::uint32_t>(whole + part);
}

void ReceiverStatistics::handle_packet(Instant now, std::uint64_t ext_seq, std::uint32_t rtp_ts,
                                       std::uint32_t clock_rate) {
  const std::uint32_t transit = to_ticks(now.time_since_epoch(), clock_rate) - rtp_ts;
  if (received_ == 0) {
    base_ext_seq_ = ext_seq;
    highest_ext_seq_ = ext_seq;
    received_prior_ = 0;
    expected_prior_ = 0;
    jitter_q4_ = 0;
  } else {
    const auto difference = static_cast<std::int32_t>(transit - last_transit_);
    const std::uint32_t magnitude =
        difference < 0 ? 0U - static_cast<std::uint32_t>(difference) : static_cast<std::uint32_t>(difference);
    // A.8: J += |D| - ((J + 8) >> 4). A hostile timestamp must not overflow it.
    jitter_q4_ += std::min(magnitude, 0x0FFF'FFFFU) - std::min(jitter_q4_, (jitter_q4_ + 8) >> 4);
  }
  last_transit_ = transit;
  // Packets reordered before the first one count as expected, too.
  base_ext_seq_ = std::min(base_ext_seq_, ext_seq);
  highest_ext_seq_ = std::max(highest_ext_seq_, ext_seq);
  ++received_;
}

ReportBlock ReceiverStatistics::make_block() {
  ReportBlock block;
  const std::uint64_t expected = highest_ext_seq_ - base_ext_seq_ + 1;
  block.cumulative_lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x80'0000, 0x7F'FFFF));
  const auto expected_interval = static_cast<std::int64_t>(expected - expected_prior_);
  const auto received_interval = static_cast<std::int64_t>(received_ - received_prior_);
  const std::int64_t lost_interval = expected_interval - received_interval;
  if (expected_interval > 0 && lost_interval > 0) {
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>((lost_interval << 8) / expected_interval, 255));
  }
  expected_prior_ = expected;
  received_prior_ = received_;
  // Cycles count from the first packet on.
  const std::uint64_t first_cycle = base_ext_seq_ / SeqUnwrapper::kCycle * SeqUnwrapper::kCycle;
  block.highest_seq = static_cast<std::uint32_t>(highest_ext_seq_ - first_cycle);
  block.jitter = jitter();
  return block;
}

}  // namespace noir
