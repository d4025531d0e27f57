#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "rtp/rtcp_twcc.hpp"
#include "rtp/seq_num.hpp"

namespace noir {

/// Records when each packet of a publisher's transport came, and reports it: every 100 ms, or 50 ms when many packets
/// come (Chromium prefers 50 to 250 ms). Give it every authenticated RTP packet with a transport sequence number,
/// **padding-only ones too**: a sender that sees its padding probes unreported takes them for lost and never leaves
/// its lowest bitrate.
/// Thread: loop.
class TwccRecorder {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(100);
  static constexpr Duration kBusyInterval = std::chrono::milliseconds(50);
  static constexpr std::size_t kBusyPackets = 20;
  /// More than that between two reports is a flood; the rest is not reported.
  static constexpr std::size_t kMaxArrivals = 4096;

  void handle_packet(Instant now, std::uint16_t transport_seq, std::uint32_t media_ssrc);

  /// When `poll` has something to write; kNever when nothing came since the last report.
  [[nodiscard]] Instant next_timeout() const { return due_; }
  /// Appends one feedback message when it is due and fits. True: there is more, for a further compound packet.
  bool poll(Instant now, std::uint32_t sender_ssrc, ByteWriter& out);

 private:
  void sort_arrivals();
  [[nodiscard]] std::size_t count_late() const;

  std::vector<TwccArrival> arrivals_;  // Not yet reported.
  SeqUnwrapper unwrapper_;
  Instant due_ = kNever;
  Instant first_at_;              // When the first of them came.
  std::uint64_t next_base_ = 0;   // What follows the last report; 0 before the first.
  std::uint32_t media_ssrc_ = 0;  // The first one: the field has one place only.
  std::uint8_t feedback_count_ = 0;
  bool sorted_ = true;
};

}  // namespace noir
