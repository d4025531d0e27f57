#include "sfu/subscriber.hpp"

#include <algorithm>

#include "rtp/rtcp_reader.hpp"
#include "rtp/rtcp_sdes.hpp"
#include "sfu/timer_queue.hpp"
#include "sfu/transport.hpp"

namespace noir {

namespace {

constexpr Duration kReportInterval = std::chrono::seconds(1);
// A new down track reports soon, so that the receiver can put audio and video of one publisher in step.
constexpr Duration kFirstReport = std::chrono::milliseconds(100);
// A NACK can name any number of packets; more than this in one compound is no repair but an attack.
constexpr std::uint32_t kMaxRetransmissions = 512;
// How often what gets lost again and again is sent without being asked for; then only a key frame helps.
constexpr std::uint8_t kMaxRepeats = 3;
// How long a probe waits for a track that can carry its padding.
constexpr Duration kNoPaddingPause = std::chrono::milliseconds(20);
// More than any line takes; what is above is as good as no limit.
constexpr std::uint64_t kMaxRemb = 10'000'000'000;
// Of one track: a jump beyond it is another numbering's.
constexpr std::uint32_t kMaxBetweenReports = 100'000;

}  // namespace

bool Subscriber::claim_ssrcs(const DownTrackParams& params) {
  if (params.ssrc == 0 || params.ssrc == params.rtx_ssrc) return false;
  if (used_ssrcs_.contains(params.ssrc)) return false;
  if (params.rtx_ssrc != 0 && !used_ssrcs_.insert(params.rtx_ssrc).second) return false;
  used_ssrcs_.insert(params.ssrc);
  return true;
}

void Subscriber::add(SubscribedTrack& track) {
  tracks_.push_back(&track);
  share_.note_change();
  if (track.down.numbers() && !bandwidth_) bandwidth_ = std::make_unique<BandwidthController>(BandwidthConfig{});
  if (next_report_ == kNever) next_report_ = Instant::min();
}

void Subscriber::remove(const SubscribedTrack& track) {
  std::erase(tracks_, &track);
  share_.note_change();
  waiting_.remove_if([&](const Waiting& waiting) { return waiting.track == &track; });
  report_at_ = 0;
  if (tracks_.empty()) next_report_ = kNever;
}

std::optional<Line> Subscriber::line(Instant now) const {
  if (bandwidth_) {
    const bool known = bandwidth_->has_reports() || bandwidth_->awaits_first_report(now);
    const auto basis = bandwidth_->is_starting() ? EstimateBasis::kStart : EstimateBasis::kMeasured;
    return Line{bandwidth_->estimate_bps(), known, bandwidth_->is_constrained(), basis};
  }
  if (!reported_) return std::nullopt;
  return Line{std::min(reported_->bps(now), kAnything), true, false, EstimateBasis::kMeasured, false};
}

std::span<SubscribedTrack* const> Subscriber::share_line(Instant now) {
  const std::optional<Line> known = line(now);
  if (!known) return {};
  const auto changed = share_.apply(now, *known, tracks_);
  if (bandwidth_) bandwidth_->set_wanted(now, share_.wanted());
  return changed;
}

std::optional<BandwidthExplanation> Subscriber::explain_line(Instant now) const {
  if (bandwidth_) return bandwidth_->explain(now);
  const bool limited = reported_ && reported_->bps(now) != ReportedLimit::kNone;
  return limited ? std::optional(reported_->explain(now)) : std::nullopt;
}

Subscriber::Feedback Subscriber::handle_rtcp(Instant now, ByteSpan compound, Transport& transport,
                                             const KeyframeRequest& request_keyframe) {
  Feedback feedback;
  RtcpReader reader(compound);
  while (auto message = reader.next()) {
    if (const auto* nack = std::get_if<Nack>(&*message)) {
      repair(now, *nack, transport, feedback, request_keyframe);
    } else if (const auto* pli = std::get_if<PictureLoss>(&*message)) {
      pass_on(now, pli->media_ssrc, request_keyframe, feedback);
    } else if (const auto* fir = std::get_if<FullIntraRequest>(&*message)) {
      for (std::size_t i = 0; i < fir->size(); ++i) pass_on(now, fir->ssrc(i), request_keyframe, feedback);
    } else if (const auto* numbered = std::get_if<TransportFeedback>(&*message)) {
      if (!bandwidth_) continue;
      ++feedback.reports;
      if (!bandwidth_->on_feedback(now, *numbered)) ++feedback.unmatched;
      repeat_lost_repairs(now, transport, feedback, request_keyframe);
    } else if (const auto* report = std::get_if<ReceiverReport>(&*message)) {
      note_reports(now, report->blocks);
    } else if (const auto* estimate = std::get_if<ReceiverEstimate>(&*message)) {
      note_estimate(now, static_cast<std::int64_t>(std::min(estimate->bitrate_bps, kMaxRemb)));
    }
  }
  feedback.malformed = reader.malformed();
  return feedback;
}

void Subscriber::repair(Instant now, const Nack& nack, Transport& transport, Feedback& feedback,
                        const KeyframeRequest& request_keyframe) {
  SubscribedTrack* track = find(nack.media_ssrc);
  auto run = transport.begin_media(bandwidth());
  if (track == nullptr || !run) return;
  bool of_ended_layer = false;
  nack.for_each([&](std::uint16_t seq) {
    track->reception.note_nacked(now);
    of_ended_layer |= track->was_before_layer_end(now, seq);
    send_or_wait(now, *run, *track, {track->id, seq, 0}, feedback);
  });
  if (!of_ended_layer || !track->may_request_keyframe(now)) return;
  track->layer_ended_at = Instant::min();
  request_keyframe(*track);
}

bool Subscriber::lacks(Instant now, const SubscribedTrack& track) const {
  const Instant then = now - SubscribedTrack::kRepairTakes;
  return track.reception.nacked_at() > then || repairs_.any_since(then, track.id);
}

// What got lost because the line is full must not fill it again at once: it waits as everything else does, before
// media.
void Subscriber::send_or_wait(Instant now, MediaRun& run, SubscribedTrack& track, const Repair& repair,
                              Feedback& feedback) {
  if (feedback.retransmitted >= kMaxRetransmissions) return;
  if (bandwidth_ && is_full(now)) {
    if (waiting_.size() < kMaxRetransmissions) waiting_.push(now, SentKind::kRepair, 0, {&track, {}, repair});
  } else if (send_again(now, run, track, repair)) {
    ++feedback.retransmitted;
  }
}

bool Subscriber::send_again(Instant now, MediaRun& run, SubscribedTrack& track, const Repair& repair) {
  OutPacket packet;
  if (!track.down.retransmit(now, repair.seq, track.source.track, packet)) return false;
  const auto number = run.send(now, packet, SentKind::kRepair);
  if (number) repairs_.add(now, *number, repair);
  return true;
}

// A picture of which a packet is missing for good stops all that depend on it, and it takes a browser 3 s to ask for
// a key frame then.
void Subscriber::repeat_lost_repairs(Instant now, Transport& transport, Feedback& feedback,
                                     const KeyframeRequest& request_keyframe) {
  if (bandwidth_->lost_repairs().empty()) return;
  auto run = transport.begin_media(bandwidth());
  if (!run) return;
  for (const std::uint16_t number : bandwidth_->lost_repairs()) {
    auto repair = repairs_.take(number);
    const auto it = std::find_if(tracks_.begin(), tracks_.end(),
                                 [&](const SubscribedTrack* track) { return repair && track->id == repair->track; });
    if (it == tracks_.end()) continue;
    SubscribedTrack& track = **it;
    if (++repair->repeats <= kMaxRepeats) {
      track.down.note_repair_lost(repair->seq);
      send_or_wait(now, *run, track, *repair, feedback);
    } else if (track.source.track.kind() == MediaKind::kVideo && track.may_request_keyframe(now)) {
      request_keyframe(track);
    }
  }
}

Instant Subscriber::next_timeout() const {
  if (!bandwidth_) return reported_ && !tracks_.empty() ? std::min(next_report_, share_.next_timeout()) : next_report_;
  const Instant news = bandwidth_->next_timeout();
  // Rounded down to a microsecond, it may come a moment before padding is due. Rounded up there, the planner's clock
  // would move probes by a timer's step, and with them flows that share a queue below their bars.
  const Instant then = news == kNever ? kNever : std::max(news + std::chrono::microseconds(1), no_padding_before_);
  Instant due = std::min(next_report_, then);
  if (!tracks_.empty()) due = std::min(due, share_.next_timeout());
  return waiting_.empty() ? due : std::min(due, bandwidth_->pacer().next_send());
}

bool Subscriber::pad(Instant now, std::uint32_t octets, OutPacket& out) {
  const bool done = std::any_of(tracks_.begin(), tracks_.end(),
                                [&](SubscribedTrack* track) { return track->down.pad(now, octets, out); });
  if (!done) no_padding_before_ = now + kNoPaddingPause;
  return done;
}

bool Subscriber::poll_rtcp(Instant now, WallClock utc, ByteWriter& out) {
  if (now < next_report_) return false;
  if (next_report_ == Instant::min()) {
    next_report_ = now + kFirstReport;
    return false;
  }
  for (; report_at_ < tracks_.size(); ++report_at_) {
    if (!write_report(now, utc, *tracks_[report_at_], out)) return out.size() > 0;
  }
  report_at_ = 0;
  next_report_ = std::chrono::ceil<TimerSlot>(now + kReportInterval);
  return false;
}

// False when it does not fit into what is left of the compound.
bool Subscriber::write_report(Instant now, WallClock utc, SubscribedTrack& track, ByteWriter& out) {
  const auto report = track.down.sender_report(now, utc, track.source.track);
  if (!report) return true;
  constexpr std::size_t kSenderReportSize = 28;
  constexpr std::size_t kDescriptionOverhead = 16;
  const std::string& cname = track.down.params().cname;
  if (out.remaining() < kSenderReportSize + kDescriptionOverhead + std::min<std::size_t>(cname.size(), 255))
    return false;
  track.down.note_report();
  track.reception.note_sender_report(now, report->ntp);
  return write_sender_report(out, *report) && write_source_description(out, report->ssrc, cname);
}

void Subscriber::note_estimate(Instant now, std::int64_t bps) {
  if (bandwidth_) return bandwidth_->on_remb(now, bps);
  reported(now).on_remb(now, bps);
}

void Subscriber::note_reports(Instant now, const ReportBlocks& blocks) {
  std::uint32_t expected = 0;
  std::uint32_t lost = 0;
  for (std::size_t i = 0; i < blocks.size() && !tracks_.empty(); ++i) {
    const ReportBlock block = blocks[i];
    SubscribedTrack* track = next_reported(block.ssrc);
    if (track == nullptr) continue;
    if (const auto& last = track->reception.last()) {
      const std::uint32_t sent = block.highest_seq - last->highest_seq;
      expected += sent < kMaxBetweenReports ? sent : 0;
      lost += static_cast<std::uint32_t>(std::max(block.cumulative_lost - last->cumulative_lost, 0));
    }
    track->reception.handle_block(now, block);
  }
  note_loss(now, expected, lost);
}

void Subscriber::note_loss(Instant now, std::uint32_t expected, std::uint32_t lost) {
  if (!bandwidth_ && (reported_ || lost > 0)) reported(now).on_reports(now, expected, lost);
}

ReportedLimit& Subscriber::reported(Instant now) {
  if (!reported_) reported_ = std::make_unique<ReportedLimit>();
  std::uint32_t octets = 0;
  for (const SubscribedTrack* track : tracks_) octets += track->down.octets();
  reported_->note_sent(now, octets);
  return *reported_;
}

// Clients report about their streams in the order in which they know them, which is mostly ours.
SubscribedTrack* Subscriber::next_reported(std::uint32_t ssrc) {
  block_at_ = block_at_ + 1 < tracks_.size() ? block_at_ + 1 : 0;
  if (tracks_[block_at_]->down.params().ssrc == ssrc) return tracks_[block_at_];
  const auto found = std::find_if(tracks_.begin(), tracks_.end(),
                                  [&](const SubscribedTrack* track) { return track->down.params().ssrc == ssrc; });
  if (found == tracks_.end()) return nullptr;
  block_at_ = static_cast<std::size_t>(found - tracks_.begin());
  return *found;
}

SubscribedTrack* Subscriber::find(std::uint32_t ssrc) const {
  const auto it = std::find_if(tracks_.begin(), tracks_.end(),
                               [&](const SubscribedTrack* t) { return t->down.params().ssrc == ssrc; });
  return it == tracks_.end() ? nullptr : *it;
}

void Subscriber::pass_on(Instant now, std::uint32_t ssrc, const KeyframeRequest& request_keyframe,
                         Feedback& feedback) const {
  SubscribedTrack* track = find(ssrc);
  if (track == nullptr) return;
  track->reception.note_keyframe_request();
  if (track->note_picture_lost(now)) ++feedback.pictures_lost;
  if (track->may_request_keyframe(now)) request_keyframe(*track);
}

}  // namespace noir
