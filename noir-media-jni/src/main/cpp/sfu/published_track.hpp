#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/credit.hpp"
#include "base/time.hpp"
#include "forward/down_track.hpp"
#include "forward/keyframe_allowance.hpp"
#include "forward/layer_filter.hpp"
#include "forward/media_packet.hpp"
#include "forward/track.hpp"
#include "forward/track_tap.hpp"
#include "sfu/fan_out_lane.hpp"
#include "sfu/feed.hpp"
#include "sfu/params.hpp"
#include "sfu/quality.hpp"
#include "sfu/reception.hpp"

namespace noir {

struct Connection;
struct PublishedTrack;
struct SubscribedTrack;

/// A tap in the machine's tables.
struct TappedTrack {
  TappedTrack(PublishedTrack& from, const PeerClock& peer);

  PublishedTrack& source;  // Given; outlives this.
  TrackTap tap;
  TapId id = 0;
};

/// Where a track is mirrored: another loop, and the mirror's id there.
struct MirrorPlace {
  LoopIndex loop = 0;
  TrackId mirror = 0;
  std::uint8_t taken = 0;  // Bit per encoding that its subscribers take.

  [[nodiscard]] bool is(LoopIndex there, TrackId id) const { return loop == there && mirror == id; }
};

/// A track in the machine's tables: where its packets come from, who gets them, what waits to be fanned out.
struct PublishedTrack {
  PublishedTrack(TrackParams params, Connection& from, FanOutLane& of)
      : feed(std::in_place_type<Ingress>, from), track(std::move(params)), lane(&of) {}
  PublishedTrack(TrackParams params, const TrackOrigin& from)
      : feed(std::in_place_type<MirrorFeed>, from), track(std::move(params)), lane(&std::get<MirrorFeed>(feed).lane) {}

  /// Null: a mirror.
  [[nodiscard]] Ingress* ingress() { return std::get_if<Ingress>(&feed); }
  [[nodiscard]] const Ingress* ingress() const { return std::get_if<Ingress>(&feed); }
  /// Null: not a mirror.
  [[nodiscard]] MirrorFeed* mirrored() { return std::get_if<MirrorFeed>(&feed); }

  /// Takes a packet for the next fan-out. The packets of a video frame come within a millisecond, and sent as one run
  /// they cost a subscriber one system call, so a frame waits for its last packet, though never longer than that.
  void add_fresh(MediaPacket packet) {
    const bool complete = packet.marker || track.kind() == MediaKind::kAudio;
    fresh_due = std::min(fresh_due, complete ? Instant::min() : packet.arrival + kFlushWait);
    fresh.push_back(std::move(packet));
  }

  /// Whatever comes of it is for its taps, too, however quiet it is.
  void give_to_taps(const MediaPacket& packet) {
    for (TappedTrack* to : taps) to->tap.handle_packet(packet);
  }

  /// After every packet of `encoding` and every poll: only who watches it needs a key frame when it has lost too much.
  void make_up_for_loss(Instant now, std::uint8_t encoding) {
    if (track.take_lost(encoding) && is_taken(encoding)) track.request_keyframe(now, encoding);
  }
  /// Whether anybody has any use for packets of `encoding`.
  [[nodiscard]] bool is_taken(std::uint8_t encoding) const;

  static constexpr Duration kFlushWait = std::chrono::milliseconds(1);
  /// Key frames of an encoding for subscribers who have lost a picture, all of them together: each serves all.
  static constexpr int kMaxRepairs = 5;
  static constexpr Duration kRepairEvery = std::chrono::seconds(3);

  TrackId id = 0;
  Feed feed;
  Track track;
  FanOutLane* lane;                           // Given: the publisher's, or the feed's own.
  std::vector<MediaPacket> fresh;             // Come since the last fan-out began,
  Instant fresh_due = kNever;                 // and to be fanned out from here on.
  std::vector<MediaPacket> going;             // Being fanned out.
  std::vector<SubscribedTrack*> subscribers;  // Sinks: given; removed before they die.
  std::vector<MirrorPlace> mirrors;           // The same on other loops,
  std::vector<TappedTrack*> taps;             // and of events; a mirror has neither.
  Instant reviewed_at{};
  std::uint8_t taken = 0;  // Bit per encoding that somebody takes.
  std::vector<Credit> repairs = std::vector<Credit>(Track::kMaxEncodings, Credit(kMaxRepairs, kRepairEvery));
};

/// A down track in the machine's tables: the edge between a published track and a subscriber.
struct alignas(64) SubscribedTrack {
  SubscribedTrack(DownTrackParams params, PublishedTrack& from, Connection& to, const DownTrackStart& start)
      : source(from), subscriber(to), down(std::move(params), from.track.kind(), start) {}

  /// Whether a request of the subscriber (PLI, FIR) is passed on now. Many who ask in turn would get as many key frames
  /// as one must not.
  bool may_request_keyframe(Instant now) {
    Credit& of_all = source.repairs.at(down.feedback_encoding());
    return down.takes_keyframes() && of_all.has(now) && requests.take(now) && of_all.take(now);
  }
  /// Whether the one that the down track waits for is asked for now. Each wait begins anew, but those that its
  /// subscriber causes have a credit: who hides and shows a picture all the time would have a key frame for each.
  bool may_wait_for_keyframe(Instant now) {
    if (waited_segment != down.segments() && !wished) waits.reset();
    waited_segment = down.segments();
    if (wished) {
      if (now < wished_at + KeyframeAllowance::kFirstWait || !wished_waits.take(now)) return false;
      wished = false;
      wished_at = now;
      waits.reset();  // Encoders leave requests unanswered: it is asked for again as early as in any other wait.
    }
    return waits.take(now);
  }
  static constexpr int kMaxWishedWaits = 8;
  static constexpr Duration kWishedWaitEvery = std::chrono::seconds(2);

  /// What its subscriber asks for.
  struct Wish {
    bool muted = false;
    Layer max = LayerFilter::kAll;
    FrameSize shown;  // The size it is shown in; 0 = any.
    std::uint8_t priority = 0;
  };
  void set_wish(Instant now, const Wish& asked) {
    wish = asked;
    wished = true;
    note_cause(now, SwitchCause::kWish);
    enough = source.track.enough_for(wish.shown);
    apply(now);
  }
  /// Sizes may be others than they were; true when another layer is enough now.
  bool look_at_sizes(Instant now) {
    const std::uint8_t before = std::exchange(enough, source.track.enough_for(wish.shown));
    if (enough == before) return false;
    note_cause(now, SwitchCause::kWish);
    apply(now);
    return true;
  }
  /// What its subscriber's line allows, nothing being a pause; true when that has changed.
  bool allow(Instant now, std::optional<Layer> layer) {
    if (allowed == layer) return false;
    if (!allowed) waits.reset();
    allowed = layer;
    note_cause(now, SwitchCause::kLine);
    apply(now);
    return true;
  }

  /// What the next change of layers will be because of, unless it takes so long that something else must be.
  void note_cause(Instant now, SwitchCause cause) {
    switch_cause = cause;
    caused_at = now;
  }
  [[nodiscard]] SwitchCause cause(Instant now) const {
    return now < caused_at + kCauseHolds ? switch_cause : SwitchCause::kSource;
  }
  static constexpr Duration kCauseHolds = std::chrono::seconds(5);
  /// The highest layers that are sent, as `Track::offered_layers` names them; there may not be as many.
  [[nodiscard]] Layer sent_layer() const {
    const Layer layer = down.current_layer();
    return source.track.encoding_count() > 1 ? Layer{down.current_encoding(), layer.temporal} : layer;
  }
  /// Of those that there are now, the highest that are not above `layer`.
  [[nodiscard]] Layer highest_there(Instant now, Layer layer) const;
  /// Its subscriber asks for a key frame. True when that means that a picture which is being sent stands still there,
  /// and not that it still does.
  bool note_picture_lost(Instant now) {
    if (!down.sending() || source.track.kind() != MediaKind::kVideo || now < picture_lost_at + kOneFreeze) return false;
    picture_lost_at = now;
    return true;
  }
  static constexpr Duration kOneFreeze = std::chrono::seconds(1);
  /// A spatial layer is sent no more. What is lost of it now is still missed.
  void note_layer_end(Instant now) {
    layer_ended_at = now;
    layer_ended_seq = down.newest_seq();
  }
  [[nodiscard]] bool was_before_layer_end(Instant now, std::uint16_t seq) const {
    return now < layer_ended_at + kRepairTakes && static_cast<std::uint16_t>(layer_ended_seq - seq) < 0x8000;
  }
  /// Until it is asked for, sent and there, on most lines.
  static constexpr Duration kRepairTakes = std::chrono::milliseconds(300);
  void apply(Instant now);
  /// Bit per encoding that the publisher is to send because of this subscriber: the one that is wanted, the one that is
  /// being sent as long as that is not there, and the lowest if a line that is measured may need it.
  [[nodiscard]] std::uint8_t wanted_encodings() const;

  // What a run of packets needs, side by side: down to where the down track is hot.
  PublishedTrack& source;  // Given; outlives this.
  Connection& subscriber;  // Given; outlives this.
  DownTrack down;

  // Cold.
  DownTrackId id = 0;
  Wish wish;
  std::uint8_t enough = LayerFilter::kAllLayers;  // The lowest encoding, or spatial layer, that fills `wish.shown`.
  std::optional<Layer> allowed = LayerFilter::kAll;
  std::optional<Layer> line_demand;  // The best that a measured line could take now, were it sent.
  KeyframeAllowance requests;
  KeyframeAllowance waits;
  std::uint32_t waited_segment = 0;
  bool wished = false;  // Something else, since a key frame was asked for because of it,
  Instant wished_at{};  // at this time.
  Credit wished_waits{kMaxWishedWaits, kWishedWaitEvery};
  Reception reception;
  std::optional<Layer> sent;  // What was sent last, and nothing before or while its line takes nothing;
  bool began = false;         // which of these.
  SwitchCause switch_cause = SwitchCause::kSource;
  Instant caused_at = Instant::min();
  Instant picture_lost_at = Instant::min();
  Instant layer_ended_at = Instant::min();
  std::uint16_t layer_ended_seq = 0;

  static constexpr std::size_t kHotBytes = 2 * sizeof(void*) + DownTrack::kHotBytes;
};

inline void SubscribedTrack::apply(Instant now) {
  const Layer line = allowed.value_or(Layer{});
  down.set_max_layers(now, std::min({wish.max.spatial, line.spatial, enough}),
                      std::min(wish.max.temporal, line.temporal));
  down.set_muted(wish.muted || !allowed);
}

inline Layer SubscribedTrack::highest_there(Instant now, Layer layer) const {
  std::array<OfferedLayer, Track::kMaxOffered> offered;
  const std::size_t count = source.track.offered_layers(now, offered);
  Layer highest;
  for (const OfferedLayer& each : std::span(offered).first(count)) {
    if (each.layer.spatial > layer.spatial) continue;
    if (each.layer.spatial > highest.spatial) highest = {each.layer.spatial, 0};
    highest.temporal = std::max(highest.temporal, std::min(each.layer.temporal, layer.temporal));
  }
  return highest;
}

inline std::uint8_t SubscribedTrack::wanted_encodings() const {
  if (source.track.kind() != MediaKind::kVideo || wish.muted || down.undecodable()) return 0;
  const auto bit = [](std::size_t encoding) { return static_cast<std::uint8_t>(1U << (encoding & 7U)); };
  std::size_t best = source.track.encoding_count() - 1;
  best = std::min<std::size_t>({best, wish.max.spatial, enough});
  std::uint8_t wanted = down.sending() ? bit(down.current_encoding()) : std::uint8_t{0};
  if (line_demand) {
    wanted |= bit(0);
    // Nothing is known of what has never been sent: whether it fits is found out when it is.
    const bool known = (source.track.seen_encodings() >> best & 1U) != 0;
    if (known) best = std::min<std::size_t>(best, line_demand->spatial);
  }
  return wanted | bit(best);
}

inline TappedTrack::TappedTrack(PublishedTrack& from, const PeerClock& peer) : source(from), tap(from.track, peer) {}

inline bool PublishedTrack::is_taken(std::uint8_t encoding) const {
  const auto takes = [&](const MirrorPlace& mirror) { return (mirror.taken >> (encoding & 7U) & 1U) != 0; };
  return std::any_of(mirrors.begin(), mirrors.end(), takes) ||
         std::any_of(taps.begin(), taps.end(), [&](const TappedTrack* to) { return to->tap.takes(encoding); }) ||
         std::any_of(subscribers.begin(), subscribers.end(),
                     [&](const SubscribedTrack* to) { return to->down.takes(encoding); });
}

}  // namespace noir
