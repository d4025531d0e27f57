#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/bytes.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "congestion/bandwidth_controller.hpp"
#include "congestion/paced_queue.hpp"
#include "congestion/reported_limit.hpp"
#include "rtp/rtcp_nack.hpp"
#include "rtp/rtcp_report_block.hpp"
#include "sfu/line_share.hpp"
#include "sfu/published_track.hpp"
#include "sfu/repairs_under_way.hpp"

namespace noir {

class MediaRun;
class Transport;

/// The sending half of a subscriber's transport: its down tracks, the sender reports that go with them, and what the
/// subscriber's RTCP asks for.
/// Thread: loop.
class Subscriber {
 public:
  /// False when one of its SSRCs was used before on this transport: under the same keys an SSRC counts only once.
  bool claim_ssrcs(const DownTrackParams& params);
  void add(SubscribedTrack& track);
  void remove(const SubscribedTrack& track);
  [[nodiscard]] const std::vector<SubscribedTrack*>& tracks() const { return tracks_; }

  /// What its line takes; null unless the client numbers packets and reports them.
  [[nodiscard]] BandwidthController* bandwidth() const { return bandwidth_.get(); }
  /// After what may be news of the line, and with every timer: gives the tracks whose layers have changed.
  std::span<SubscribedTrack* const> share_line(Instant now);
  /// Something else is wanted of a track: what its line takes is shared anew, by a timer that may be earlier now.
  void note_wish(Instant now) { share_.note_wish(now); }
  /// Whether that has done anything at this time.
  [[nodiscard]] bool has_shared_line(Instant now) const {
    return (bandwidth_ || reported_) && share_.shared_at() == now;
  }
  /// Nothing when nobody has said anything about it.
  [[nodiscard]] std::optional<BandwidthExplanation> explain_line(Instant now) const;
  /// Something that waits for the line: not rewritten yet, so that it leaves no gap when it is dropped.
  struct Waiting {
    SubscribedTrack* track = nullptr;
    MediaPacket packet;
    std::optional<Repair> repair{};  // Instead of the packet: what is to be sent again.
  };
  /// bit/s that it is known to take; nothing before its client has said anything about it.
  [[nodiscard]] std::optional<std::int64_t> estimate(Instant now) const {
    if (bandwidth_) return bandwidth_->has_reports() ? std::optional(bandwidth_->estimate_bps()) : std::nullopt;
    const auto known = line(now);
    return known && known->bps < kAnything ? std::optional(known->bps) : std::nullopt;
  }
  /// What the line was shared to last; null as long as the client does not report it.
  [[nodiscard]] const AllocatedTrack* allocated(Instant now, DownTrackId track) const {
    return explain_line(now) && line(now)->known ? share_.last(track) : nullptr;
  }
  [[nodiscard]] PacedQueue<Waiting>& waiting() { return waiting_; }
  /// Sends a packet again over `run`. False when that is of no use, or too much.
  bool send_again(Instant now, MediaRun& run, SubscribedTrack& track, const Repair& repair);
  /// Whether its client lacks packets of the track, as far as is known: it has asked for some that may still be on
  /// their way to it.
  [[nodiscard]] bool lacks(Instant now, const SubscribedTrack& track) const;
  /// Whether a packet has to wait for the line, or for what waits already. Audio never has to.
  [[nodiscard]] bool must_wait(Instant now, const SubscribedTrack& track, const MediaPacket& packet) const {
    if (bandwidth_ == nullptr) [[likely]] {
      return false;
    }
    return (is_full(now) || !waiting_.empty()) && track.down.takes(packet.encoding);
  }
  /// Asks for what a run of packets reads of this object.
  void prefetch_media() const { noir::prefetch(this, sizeof bandwidth_ + sizeof waiting_); }
  /// A packet of padding of about `octets`, UDP payload; false when there is no track that could carry it.
  bool pad(Instant now, std::uint32_t octets, OutPacket& out);

  struct Feedback {
    std::uint32_t retransmitted = 0;  // Packets.
    std::uint32_t reports = 0;        // Transport-wide,
    std::uint32_t unmatched = 0;      // and those that spoke of nothing that was sent.
    std::uint32_t pictures_lost = 0;  // Of pictures that were being sent.
    bool malformed = false;
  };
  using KeyframeRequest = std::function<void(SubscribedTrack&)>;
  /// Answers NACKs over `transport`, passes key frame requests on.
  Feedback handle_rtcp(Instant now, ByteSpan compound, Transport& transport, const KeyframeRequest& request_keyframe);

  [[nodiscard]] Instant next_timeout() const;
  /// The part of it that media can bring nearer, be it sent or made to wait: of what a run of packets has read anyway.
  [[nodiscard]] Instant due_after_media() const {
    if (bandwidth_ == nullptr) return kNever;
    const Instant due = bandwidth_->next_timeout();
    return waiting_.empty() ? due : std::min(due, bandwidth_->pacer().next_send());
  }
  /// Writes a compound of sender reports; true while there is more for a further one.
  bool poll_rtcp(Instant now, WallClock utc, ByteWriter& out);

 private:
  static constexpr std::int64_t kAnything = 10'000'000'000;  // bit/s: as good as no limit.

  [[nodiscard]] bool is_full(Instant now) const { return bandwidth_->is_constrained() && !bandwidth_->may_send(now); }
  void repair(Instant now, const Nack& nack, Transport& transport, Feedback& feedback,
              const KeyframeRequest& request_keyframe);
  void repeat_lost_repairs(Instant now, Transport& transport, Feedback& feedback,
                           const KeyframeRequest& request_keyframe);
  void send_or_wait(Instant now, MediaRun& run, SubscribedTrack& track, const Repair& repair, Feedback& feedback);
  [[nodiscard]] SubscribedTrack* find(std::uint32_t ssrc) const;
  [[nodiscard]] std::optional<Line> line(Instant now) const;
  void note_estimate(Instant now, std::int64_t bps);
  void note_reports(Instant now, const ReportBlocks& blocks);
  void note_loss(Instant now, std::uint32_t expected, std::uint32_t lost);
  [[nodiscard]] SubscribedTrack* next_reported(std::uint32_t ssrc);
  [[nodiscard]] ReportedLimit& reported(Instant now);
  void pass_on(Instant now, std::uint32_t ssrc, const KeyframeRequest& request_keyframe, Feedback& feedback) const;
  static bool write_report(Instant now, WallClock utc, SubscribedTrack& track, ByteWriter& out);

  std::unique_ptr<BandwidthController> bandwidth_;  // In front, as what sending reads.
  PacedQueue<Waiting> waiting_;
  std::vector<SubscribedTrack*> tracks_;
  std::unordered_set<std::uint32_t> used_ssrcs_;
  LineShare share_;
  std::unique_ptr<ReportedLimit> reported_;  // Instead of `bandwidth_`; null until there is something to know.
  RepairsUnderWay repairs_;
  Instant no_padding_before_ = Instant::min();
  Instant next_report_ = kNever;
  std::size_t report_at_ = 0;  // The track whose report is next in this round.
  std::size_t block_at_ = 0;   // The track that the client is likely to report about next.
};

}  // namespace noir
