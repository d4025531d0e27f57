#pragma once

#include <cstdint>
#include <functional>
#include <unordered_set>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sfu/published_track.hpp"

namespace noir {

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

  struct Feedback {
    std::uint32_t retransmitted = 0;  // Packets.
    bool malformed = false;
  };
  using KeyframeRequest = std::function<void(SubscribedTrack&)>;
  /// Answers NACKs over `transport`, passes key frame requests on.
  Feedback handle_rtcp(Instant now, ByteSpan compound, Transport& transport, const KeyframeRequest& request_keyframe);

  [[nodiscard]] Instant next_timeout() const { return next_report_; }
  /// Writes a compound of sender reports; true while there is more for a further one.
  bool poll_rtcp(Instant now, WallClock utc, ByteWriter& out);

 private:
  [[nodiscard]] SubscribedTrack* find(std::uint32_t ssrc) const;
  void pass_on(Instant now, std::uint32_t ssrc, const KeyframeRequest& request_keyframe) const;
  static bool write_report(Instant now, WallClock utc, SubscribedTrack& track, ByteWriter& out);

  std::vector<SubscribedTrack*> tracks_;
  std::unordered_set<std::uint32_t> used_ssrcs_;
  Instant next_report_ = kNever;
  std::size_t report_at_ = 0;  // The track whose report is next in this round.
};

}  // namespace noir
