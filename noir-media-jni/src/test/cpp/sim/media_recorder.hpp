#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/rtcp_report_block.hpp"
#include "rtp/rtcp_sender_report.hpp"
#include "rtp/rtp_packet.hpp"
#include "rtp/seq_num.hpp"
#include "sim/delay_histogram.hpp"
#include "sim/synthetic_source.hpp"

namespace noir {

/// One rtp stream that a client expects.
struct ReceiveParams {
  Codec codec = Codec::kVp8;
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 96;
  std::uint32_t rtx_ssrc = 0;  // 0 = no RTX.
  bool nack = true;
};

/// What has come of it. Packets are looked at in order of their sequence numbers, as a decoder would see them.
struct RecordedMedia {
  std::uint64_t packets = 0;  // First arrivals, padding included.
  std::uint64_t duplicates = 0;
  std::uint64_t rtx_packets = 0;
  std::uint64_t rtx_padding = 0;  // Padding alone, of probes.
  std::uint64_t padding_only = 0;
  std::uint64_t nacked = 0;     // Sequence numbers asked for, repetitions included.
  std::uint64_t recovered = 0;  // Came after they were asked for.
  std::uint64_t lost = 0;       // Given up.
  std::uint64_t frames = 0;     // Complete and decodable.
  std::uint64_t keyframes = 0;
  std::uint64_t broken_frames = 0;  // Incomplete, or not decodable because something before is missing.
  std::uint64_t picture_id_gaps = 0;
  std::uint64_t timestamp_errors = 0;  // Going back, or changing inside a frame.
  std::uint64_t payload_errors = 0;    // Not the bytes that were sent.
  std::uint64_t sender_reports = 0;
  std::optional<Instant> first_packet_at;
  std::optional<Instant> first_frame_at;
  Instant last_frame_at{};
  Duration longest_freeze{};  // Between two frames.
  std::string mid;            // Last seen.
};

/// The receiving half of a simulated client for one rtp stream: continuity, frames, NACKs, report blocks.
class MediaRecorder {
 public:
  explicit MediaRecorder(const ReceiveParams& params);

  [[nodiscard]] const ReceiveParams& params() const { return params_; }
  void handle_rtp(Instant now, const RtpView& rtp, ByteSpan packet);
  void handle_sender_report(Instant now, const SenderReport& report);
  /// Missing packets to ask for now; each at most every 120 ms, and ten times unless `set_most_nacks` says otherwise.
  [[nodiscard]] std::vector<std::uint16_t> due_nacks(Instant now);
  void set_most_nacks(int most) { most_nacks_ = most; }
  /// Gets each packet's payload once, whatever is in it, in the order of arrival.
  struct Payload {
    std::uint64_t ext_seq = 0;
    std::uint32_t rtp_ts = 0;
    bool marker = false;
    ByteSpan bytes;
  };
  void listen(std::function<void(const Payload&)> listener) { listener_ = std::move(listener); }
  /// Gives up on what stays missing for long, or is behind a key frame that is there.
  void handle_timeout(Instant now);
  [[nodiscard]] std::optional<ReportBlock> report_block(Instant now);

  [[nodiscard]] const RecordedMedia& recorded() const { return recorded_; }
  [[nodiscard]] const DelayHistogram& delays() const { return *delays_; }
  void forget_delays() { *delays_ = {}; }
  [[nodiscard]] std::size_t missing() const { return missing_; }
  [[nodiscard]] std::uint64_t highest_ext_seq() const { return unwrapper_.highest(); }
  /// Capture time of the newest frame on the publisher's NTP clock, by the last sender report.
  [[nodiscard]] std::optional<double> newest_ntp_s() const;
  /// The same of what has this RTP timestamp.
  [[nodiscard]] std::optional<double> ntp_s_of(std::uint32_t rtp_ts) const;

 private:
  static constexpr std::size_t kWindow = 1024;

  struct Slot {
    std::uint64_t ext_seq = 0;
    bool filled = false;
    bool marker = false;
    bool padding = false;
    bool frame_start = false;
    bool keyframe = false;
    std::uint16_t picture_id = 0;
    std::uint32_t rtp_ts = 0;
    SyntheticContent content{};
    Instant noticed{};  // Missing since.
    Instant next_nack{};
    int nacks = 0;
  };

  void notice_missing(Instant now, std::uint64_t from, std::uint64_t to);
  bool parse_payload(const RtpView& rtp, ByteSpan payload, Slot& slot);
  bool parse_vp8(ByteReader& reader, Slot& slot) const;
  void advance(Instant now);
  [[nodiscard]] std::optional<std::uint64_t> complete_keyframe_ahead();
  void skip_missing();
  void take_in_order(Instant now, const Slot& slot);
  void begin_frame(const Slot& slot);
  void end_frame(Instant now);
  [[nodiscard]] Slot& slot(std::uint64_t ext_seq) { return slots_[ext_seq % kWindow]; }
  /// Whether it has come (and is still in the window).
  [[nodiscard]] bool has(std::uint64_t ext_seq) { return slot(ext_seq).ext_seq == ext_seq && slot(ext_seq).filled; }

  const ReceiveParams params_;
  std::function<void(const Payload&)> listener_ = [](const Payload&) {};
  int most_nacks_ = 10;
  RecordedMedia recorded_;
  std::unique_ptr<DelayHistogram> delays_;
  std::vector<Slot> slots_;
  SeqUnwrapper unwrapper_;
  std::uint64_t first_ = 0;
  std::uint64_t next_ = 0;  // The lowest one not yet looked at.
  std::size_t missing_ = 0;

  // Of the frame that is being put together.
  bool decodable_ = false;
  bool in_frame_ = false;
  std::uint16_t next_packet_ = 0;
  std::optional<SyntheticContent> frame_;
  std::optional<std::uint16_t> last_picture_id_;
  std::optional<std::uint32_t> last_rtp_ts_;

  // For report blocks.
  std::uint64_t reported_expected_ = 0;
  std::uint64_t reported_received_ = 0;
  std::optional<SenderReport> last_report_;
  Instant last_report_at_{};
};

}  // namespace noir
