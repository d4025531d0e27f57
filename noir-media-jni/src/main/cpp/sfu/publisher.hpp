#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/packet_buffer.hpp"
#include "base/time.hpp"
#include "forward/peer_clock.hpp"
#include "forward/twcc_recorder.hpp"
#include "rtp/codec.hpp"
#include "rtp/rtp_packet.hpp"
#include "sfu/published_track.hpp"

namespace noir {

/// The receiving half of a publisher's transport: finds the track of each packet, counts packets for congestion
/// control, and writes the RTCP that goes back.
/// Thread: loop.
class Publisher {
 public:
  explicit Publisher(std::uint32_t rtcp_ssrc) : rtcp_ssrc_(rtcp_ssrc) {}

  void set_extensions(std::vector<ExtensionIds> sets) { extensions_ = std::move(sets); }
  void add_track(Instant now, PublishedTrack& track);
  void remove_track(const PublishedTrack& track);
  [[nodiscard]] const std::vector<PublishedTrack*>& tracks() const { return tracks_; }
  /// By the reports of all tracks.
  [[nodiscard]] const PeerClock& clock() const { return clock_; }

  /// Takes a decrypted packet. `Received::track` is null when it belongs to none; `begins` says whether there is
  /// something in the track's `fresh` now and was nothing before, `falls_silent` that from this packet on nothing is
  /// sent on for a while. Nothing when the packet is malformed.
  struct Received {
    PublishedTrack* track = nullptr;
    bool begins = false;
    bool falls_silent = false;
  };
  std::optional<Received> handle_rtp(Instant now, PacketRef packet);
  /// False when something in it was malformed.
  bool handle_rtcp(Instant now, ByteSpan compound);

  [[nodiscard]] Instant next_timeout() const;
  /// Writes one compound of what is due; true while there may be more.
  bool poll_rtcp(Instant now, ByteWriter& out);

 private:
  struct Binding {  // Which rtp stream an SSRC is.
    std::uint32_t ssrc;
    PublishedTrack* track;
    std::uint8_t encoding;
  };

  [[nodiscard]] static const Binding* find(const std::vector<Binding>& bindings, std::uint32_t ssrc);
  Received handle_media(Instant now, PacketRef packet, const RtpView& rtp, const Binding& binding);
  static void add_repeats(Instant now, const PacketRef& packet, const RtpView& rtp, const Binding& binding);
  Received handle_repair(Instant now, PacketRef packet, const RtpView& rtp);
  const Binding* learn(Instant now, const RtpView& rtp);
  const Binding* bind(Instant now, std::uint32_t ssrc, PublishedTrack& track, std::uint8_t encoding);
  const Binding* bind_repairs(std::uint32_t ssrc, PublishedTrack& track, std::uint8_t encoding);
  [[nodiscard]] PublishedTrack* track_of(const RtpView& rtp, Track::Use use) const;
  bool write_reports(Instant now, ByteWriter& out);

  const std::uint32_t rtcp_ssrc_;
  std::vector<ExtensionIds> extensions_;
  std::vector<PublishedTrack*> tracks_;
  std::vector<Binding> bindings_;  // At most one for each encoding of each track,
  std::vector<Binding> repairs_;   // and one for its RTX (RFC 4588). No SSRC is in both.
  TwccRecorder twcc_;
  PeerClock clock_;
  Instant next_report_ = kNever;
  std::size_t report_at_ = 0;  // The track whose blocks are next in this round.
};

}  // namespace noir
