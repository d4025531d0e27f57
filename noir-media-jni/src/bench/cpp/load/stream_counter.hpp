#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "load/description.hpp"
#include "rtp/rtcp_report_block.hpp"
#include "rtp/seq_num.hpp"

namespace noir {

/// Counts of one received rtp stream; differences of two of them describe the time between.
struct StreamCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;     // UDP payload.
  std::uint64_t expected = 0;  // By sequence numbers.
};

/// Follows one rtp stream by its plain headers: no packet needs to be decrypted to know what is missing.
class StreamCounter {
 public:
  explicit StreamCounter(const OfferedStream& stream) : stream_(stream) {}

  void add(Instant arrival, std::uint16_t seq, std::size_t bytes) {
    if (!unwrapper_.started()) {
      first_arrival_ = arrival;
      first_ = unwrapper_.peek(seq);
    }
    unwrapper_.unwrap(seq);
    ++counts_.packets;
    counts_.bytes += bytes;
    counts_.expected = unwrapper_.highest() - first_ + 1;
  }

  [[nodiscard]] const OfferedStream& stream() const { return stream_; }
  [[nodiscard]] const StreamCounts& counts() const { return counts_; }
  [[nodiscard]] std::optional<Instant> first_arrival() const { return first_arrival_; }

  /// RFC 3550 §6.4.1, without jitter and without a sender report to refer to.
  [[nodiscard]] ReportBlock report_block() {
    ReportBlock block{.ssrc = stream_.ssrc};
    const std::uint64_t expected = counts_.expected - reported_.expected;
    const std::uint64_t received = counts_.packets - reported_.packets;
    if (expected > received) block.fraction_lost = static_cast<std::uint8_t>((expected - received) * 255 / expected);
    block.cumulative_lost = static_cast<std::int32_t>(counts_.expected - counts_.packets);
    block.highest_seq = static_cast<std::uint32_t>(unwrapper_.highest() - SeqUnwrapper::kCycle);
    reported_ = counts_;
    return block;
  }

 private:
  const OfferedStream stream_;
  SeqUnwrapper unwrapper_;
  std::uint64_t first_ = 0;
  StreamCounts counts_;
  StreamCounts reported_;
  std::optional<Instant> first_arrival_;
};

}  // namespace noir
