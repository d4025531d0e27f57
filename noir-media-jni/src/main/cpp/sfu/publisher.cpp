#include "sfu/publisher.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "rtp/red.hpp"
#include "rtp/rtcp_reader.hpp"
#include "rtp/rtcp_receiver_report.hpp"

namespace noir {

namespace {

// RFC 3550 §6.2 would allow more with today's bandwidths; libwebrtc reports once a second for video.
constexpr Duration kReportInterval = std::chrono::seconds(1);
// An rtp stream that has sent nothing for so long may have got another SSRC.
constexpr Duration kSilence = std::chrono::milliseconds(500);

std::optional<std::uint8_t> encoding_of(const PublishedTrack& track, std::string_view rid) {
  const auto& encodings = track.track.params().encodings;
  if (encodings.size() == 1 && encodings[0].rid.empty()) return std::uint8_t{0};
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    if (!rid.empty() && encodings[i].rid == rid) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

}  // namespace

void Publisher::add_track(Instant now, PublishedTrack& track) {
  tracks_.push_back(&track);
  const auto& encodings = track.track.params().encodings;
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    if (encodings[i].ssrc != 0) (void)bind(now, encodings[i].ssrc, track, static_cast<std::uint8_t>(i));
    if (encodings[i].rtx_ssrc != 0) (void)bind_repairs(encodings[i].rtx_ssrc, track, static_cast<std::uint8_t>(i));
  }
  if (next_report_ == kNever) next_report_ = now + kReportInterval;
}

void Publisher::remove_track(const PublishedTrack& track) {
  std::erase(tracks_, &track);
  report_at_ = 0;
  for (auto* bindings : {&bindings_, &repairs_}) {
    std::erase_if(*bindings, [&](const Binding& b) { return b.track == &track; });
  }
  if (tracks_.empty()) next_report_ = kNever;
}

std::optional<Publisher::Received> Publisher::handle_rtp(Instant now, PacketRef packet) {
  const auto rtp = parse_bundled_rtp(packet->bytes(), extensions_);
  if (!rtp) return std::nullopt;
  // Before anything can drop the packet: what is not reported here, the sender takes for lost.
  if (rtp->transport_sequence) twcc_.handle_packet(now, *rtp->transport_sequence, rtp->ssrc);
  const Binding* media = find(bindings_, rtp->ssrc);
  if (media == nullptr && find(repairs_, rtp->ssrc) == nullptr) media = learn(now, *rtp);
  if (media == nullptr) return handle_repair(now, std::move(packet), *rtp);
  return handle_media(now, std::move(packet), *rtp, *media);
}

Publisher::Received Publisher::handle_media(Instant now, PacketRef packet, const RtpView& rtp, const Binding& binding) {
  PublishedTrack& track = *binding.track;
  const PacketRef again = track.track.kind() == MediaKind::kAudio ? packet : PacketRef();
  auto media = track.track.handle_rtp(now, std::move(packet), rtp, binding.encoding);
  track.make_up_for_loss(now, binding.encoding);
  if (!media) return Received{&track};
  track.give_to_taps(*media);
  Ingress& ingress = *track.ingress();
  const bool was_heard = ingress.heard;
  if (!ingress.is_heard(now, track.track.params().stream, *media)) return Received{&track, false, was_heard};
  const bool begins = track.fresh.empty();
  track.add_fresh(std::move(*media));
  if (again && track.track.misses_repeats_of(rtp, binding.encoding)) add_repeats(now, again, rtp, binding);
  return Received{&track, begins};
}

// Behind the packet that brings them: only by that is known what is missing.
void Publisher::add_repeats(Instant now, const PacketRef& packet, const RtpView& rtp, const Binding& binding) {
  PublishedTrack& track = *binding.track;
  for (std::size_t before = RedPacket::kMaxRepeats; before > 0; --before) {
    auto media = track.track.handle_redundancy(now, packet, rtp, binding.encoding, before);
    if (!media) continue;
    track.give_to_taps(*media);
    track.add_fresh(std::move(*media));
  }
}

Publisher::Received Publisher::handle_repair(Instant now, PacketRef packet, const RtpView& rtp) {
  const Binding* binding = find(repairs_, rtp.ssrc);
  if (binding == nullptr) {
    // As in `learn`, with the rid of what is repaired (RFC 8852 §3.2).
    PublishedTrack* track = track_of(rtp, Track::Use::kRepair);
    const auto encoding = track != nullptr ? encoding_of(*track, rtp.repaired_rid) : std::nullopt;
    if (encoding) binding = bind_repairs(rtp.ssrc, *track, *encoding);
  }
  if (binding == nullptr) return {};
  PublishedTrack& track = *binding->track;
  auto media = track.track.handle_repair(now, std::move(packet), rtp, binding->encoding);
  if (!media) return {&track};
  track.give_to_taps(*media);
  const bool begins = track.fresh.empty();
  track.add_fresh(std::move(*media));
  return {&track, begins};
}

bool Publisher::handle_rtcp(Instant now, ByteSpan compound) {
  RtcpReader reader(compound);
  while (auto message = reader.next()) {
    if (const auto* report = std::get_if<SenderReport>(&*message)) {
      for (PublishedTrack* track : tracks_) {
        if (!track->track.handle_sender_report(now, *report)) continue;
        clock_.handle_sender_report(now, report->ntp);
        break;
      }
    } else if (const auto* goodbye = std::get_if<Goodbye>(&*message)) {
      for (std::size_t i = 0; i < goodbye->size(); ++i) {
        for (PublishedTrack* track : tracks_) track->track.handle_goodbye(goodbye->ssrc(i));
      }
    }
  }
  return !reader.malformed();
}

Instant Publisher::next_timeout() const {
  Instant next = std::min(next_report_, twcc_.next_timeout());
  for (const PublishedTrack* track : tracks_) next = std::min(next, track->track.next_timeout());
  return next;
}

bool Publisher::poll_rtcp(Instant now, ByteWriter& out) {
  if (now >= next_report_) {
    if (write_reports(now, out)) return true;
    next_report_ = now + kReportInterval;
  }
  for (PublishedTrack* track : tracks_) {
    if (track->track.next_timeout() > now) continue;
    track->track.poll_rtcp(now, rtcp_ssrc_, out);
    for (std::size_t i = 0; i < track->track.encoding_count(); ++i) {
      track->make_up_for_loss(now, static_cast<std::uint8_t>(i));
    }
  }
  const bool more_twcc = twcc_.next_timeout() <= now && twcc_.poll(now, rtcp_ssrc_, out);
  return more_twcc || (out.size() > 0 && next_timeout() <= now);
}

const Publisher::Binding* Publisher::find(const std::vector<Binding>& bindings, std::uint32_t ssrc) {
  for (const Binding& b : bindings) {
    if (b.ssrc == ssrc) return &b;
  }
  return nullptr;
}

// RFC 8843 §9.2: by MID (and RID, RFC 8852), else by a payload type that only one m-line has.
const Publisher::Binding* Publisher::learn(Instant now, const RtpView& rtp) {
  PublishedTrack* track = track_of(rtp, Track::Use::kMedia);
  if (track == nullptr) return nullptr;
  const auto encoding = encoding_of(*track, rtp.rid);
  return encoding ? bind(now, rtp.ssrc, *track, *encoding) : nullptr;
}

PublishedTrack* Publisher::track_of(const RtpView& rtp, Track::Use use) const {
  PublishedTrack* found = nullptr;
  for (PublishedTrack* track : tracks_) {
    if (track->track.use_of(rtp.payload_type) != use) continue;
    if (!rtp.mid.empty()) {
      if (track->track.params().mid == rtp.mid) return track;
    } else {
      if (found != nullptr) return nullptr;  // Ambiguous.
      found = track;
    }
  }
  return found;
}

// An SSRC stays with whom it was given to first: a second track cannot take it over. And an encoding stays with its
// SSRC as long as that sends: two that take turns would never show a picture.
const Publisher::Binding* Publisher::bind(Instant now, std::uint32_t ssrc, PublishedTrack& track,
                                          std::uint8_t encoding) {
  if (find(bindings_, ssrc) != nullptr || find(repairs_, ssrc) != nullptr) return nullptr;
  for (Binding& b : bindings_) {
    if (b.track == &track && b.encoding == encoding) {
      const auto last = track.track.last_packet(encoding);
      if (last && now - *last < kSilence) return nullptr;
      b.ssrc = ssrc;
      track.ingress()->note_learned(track.track.params(), encoding, &Ingress::ssrcs, ssrc);
      return &b;
    }
  }
  bindings_.push_back({ssrc, &track, encoding});
  track.ingress()->note_learned(track.track.params(), encoding, &Ingress::ssrcs, ssrc);
  return &bindings_.back();
}

// The newest SSRC has them: repairs that take turns do no harm. None of media becomes one of repairs.
const Publisher::Binding* Publisher::bind_repairs(std::uint32_t ssrc, PublishedTrack& track, std::uint8_t encoding) {
  if (find(bindings_, ssrc) != nullptr || find(repairs_, ssrc) != nullptr) return nullptr;
  for (Binding& b : repairs_) {
    if (b.track != &track || b.encoding != encoding) continue;
    b.ssrc = ssrc;
    track.ingress()->note_learned(track.track.params(), encoding, &Ingress::rtx_ssrcs, ssrc);
    return &b;
  }
  repairs_.push_back({ssrc, &track, encoding});
  track.ingress()->note_learned(track.track.params(), encoding, &Ingress::rtx_ssrcs, ssrc);
  return &repairs_.back();
}

// True when there are more than one compound holds.
bool Publisher::write_reports(Instant now, ByteWriter& out) {
  constexpr std::size_t kFullReport = kRtcpHeaderSize + 4 + kMaxReportBlocks * kReportBlockSize;
  while (report_at_ < tracks_.size()) {
    if (out.remaining() < kFullReport) return true;
    std::array<ReportBlock, kMaxReportBlocks> blocks;
    std::size_t count = 0;
    // A track's blocks are written together: they are taken out of its statistics.
    for (; report_at_ < tracks_.size() && count + Track::kMaxEncodings <= blocks.size(); ++report_at_) {
      count += tracks_[report_at_]->track.report_blocks(now, std::span(blocks).subspan(count));
    }
    if (count > 0) (void)write_receiver_report(out, rtcp_ssrc_, std::span(blocks).first(count));
  }
  report_at_ = 0;
  return false;
}

}  // namespace noir
