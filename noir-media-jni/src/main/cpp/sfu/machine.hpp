#pragma once

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "base/credit.hpp"
#include "base/slot_table.hpp"
#include "sfu/audio_observer.hpp"
#include "sfu/connection.hpp"
#include "sfu/directory.hpp"
#include "sfu/early_checks.hpp"
#include "sfu/egress.hpp"
#include "sfu/fan_out_queue.hpp"
#include "sfu/forward_delays.hpp"
#include "sfu/handover.hpp"
#include "sfu/layer_switches.hpp"
#include "sfu/published_track.hpp"
#include "sfu/quality.hpp"
#include "sfu/sfu.hpp"
#include "sfu/stray_paths.hpp"
#include "sfu/timer_queue.hpp"

namespace noir {

/// What `Sfu` is made of: tables of connections, tracks and down tracks, and the way of a packet through them.
/// Thread: loop.
class Sfu::Machine {
 public:
  Machine(const Certificate& certificate, PacketPool& pool, const SfuLimits& limits, std::uint64_t random_seed,
          SctpWaker* waker);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void set_place(const SfuPlace& place) { place_ = place; }
  void set_audio(const AudioSettings& settings) { observers_.set(settings); }
  void set_playout_delay(std::optional<PlayoutDelay> delay) { playout_delay_ = delay; }
  void set_wallclock_offset(Duration offset) { wallclock_offset_ = offset; }

  // Datagrams and time: machine.cpp.
  void look_ahead(LookAhead step, const Path& path, ByteSpan datagram) const;
  void handle_datagram(Instant now, const Path& path, PacketRef datagram);
  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const;

  // Commands: machine_commands.cpp.
  Result<TransportId> open_transport(Instant now, const TransportParams& params);
  Status set_remote(Instant now, TransportId id, const RemoteParams& params);
  Status restart_ice(Instant now, TransportId id, std::string_view ufrag, std::string_view pwd);
  Status set_extensions(TransportId id, std::vector<ExtensionIds> sets);
  Status close_transport(Instant now, TransportId id);
  Result<TrackId> add_track(Instant now, TransportId publisher, const TrackParams& params);
  Status remove_track(Instant now, TrackId id);
  Status set_squelched(Instant now, TrackId id, bool squelched);
  Result<DownTrackId> add_down_track(Instant now, TransportId subscriber, TrackId track, const DownTrackParams& params);
  Result<DownTrackId> add_mirrored_down_track(Instant now, TransportId subscriber, const TrackOrigin& origin,
                                              const TrackParams& track, const DownTrackParams& params);
  Status remove_down_track(Instant now, DownTrackId id);
  Status set_down_track(Instant now, DownTrackId id, const DownTrackWish& wish);
  Result<TapId> add_tap(Instant now, TrackId id);  // machine_taps.cpp.
  Status remove_tap(TapId id);
  Status inject(Instant now, TrackId id, std::int64_t captured_us, const SourceFrame& frame);  // machine_injectors.cpp.
  Result<std::uint16_t> open_channel(TransportId id, std::string_view label, bool ordered);
  Status send(TransportId id, std::uint16_t stream, bool binary, ByteSpan message);
  std::size_t send(std::span<const ChannelId> channels, bool binary, ByteSpan message);
  Status close_channel(TransportId id, std::uint16_t stream);

  // Mirrors: machine_mirrors.cpp.
  void handle_handover(Instant now, LoopIndex from, Handover&& handover);
  [[nodiscard]] std::span<OutgoingHandover> handovers() { return handovers_; }
  void clear_handovers() { handovers_.clear(); }

  [[nodiscard]] const Egress& egress() const { return egress_; }
  void clear_transmits();
  [[nodiscard]] std::optional<Event> poll_event();
  [[nodiscard]] SfuCounters counters() const;
  [[nodiscard]] bool has_path(const Path& path) const { return directory_.find(path) != nullptr; }
  [[nodiscard]] std::optional<BandwidthExplanation> bandwidth(Instant now, TransportId id) const;
  [[nodiscard]] std::optional<TransportExplanation> explain(Instant now, TransportId id);  // machine_explain.cpp.
  // Quality: machine_quality.cpp.
  [[nodiscard]] SfuQuality quality(Instant now);
  [[nodiscard]] std::span<const LayerSwitch> take_layer_switches() { return switches_.take(); }
  void note_sent(Instant now) { delays_.leave(now, quality_); }
  [[nodiscard]] SfuTables tables() const {
    return {directory_.ufrags(), directory_.paths(), timers_.size() + observers_.timers(), strays_.size()};
  }

 private:
  // One compound of RTCP with SRTCP's trailer and UDP/IP headers still fits an Ethernet frame behind a tunnel.
  static constexpr std::size_t kMaxCompound = 1160;

  // Datagrams.
  void dispatch(Instant now, const Path& path, PacketRef datagram);
  void handle_stun(Instant now, const Path& path, PacketRef datagram);
  void handle_check(Instant now, const Path& path, const StunMessage& request, PacketRef& datagram);
  void handle_answer(Instant now, const Path& path, const StunMessage& response, PacketRef& datagram);
  void handle_indication(Instant now, const Path& path, const StunMessage& indication, PacketRef& datagram);
  void settle_claims(Instant now, Connection& connection, const Path& path);
  void handle_dtls(Instant now, const Path& path, PacketRef datagram);
  void handle_rtp(Instant now, const Path& path, PacketRef datagram);
  void handle_rtcp(Instant now, const Path& path, PacketRef datagram);
  void take_packet(Instant now, Connection& connection, PacketRef packet);
  void report_active(Instant now, PublishedTrack& track);
  void report_speakers(Instant now);
  [[nodiscard]] Connection* find_owner(Instant now, const Path& path, PacketRef& datagram);

  // Strays: machine_strays.cpp.
  void handle_stray_check(Instant now, const Path& path, const StunMessage& check, PacketRef& datagram);
  bool hand_on_stray(Instant now, const Path& path, PacketRef& datagram);
  void hand_on(LoopIndex loop, const Path& path, PacketRef& datagram);
  void accept(Instant now, LoopIndex from, StrayDatagram& handover);
  void accept(Instant now, LoopIndex from, const StrayPathTaken& handover);
  void accept(Instant now, LoopIndex from, const StrayPathLost& handover);
  void tell_if_elsewhere(const Connection& connection, const Path& path);
  void give_back_elsewhere(const Connection& connection);

  // Fan-out: machine_fan_out.cpp.
  void fan_out(Instant now);
  bool serve(Instant now, PublishedTrack& track);
  void serve_all(Instant now, PublishedTrack& track, std::size_t from);
  void serve_one(Instant now, const PublishedTrack& track, std::size_t subscriber);
  void finish(Instant now, PublishedTrack& track);
  void drop_fresh(Instant now, PublishedTrack& track);
  void drop_picture(SubscribedTrack& track);
  static void expect_fan_out(const PublishedTrack& track);
  static void prepare(const PublishedTrack& track, std::size_t first);
  static void look_ahead(const PublishedTrack& track, std::size_t at);
  void forward(Instant now, const PublishedTrack& track, SubscribedTrack& to);
  bool deliver(Instant now, MediaRun& run, SubscribedTrack& to, const MediaPacket& media);
  void send_waiting(Instant now, Connection& connection);
  void share_line(Instant now, Connection& connection);
  void want_keyframe(Instant now, SubscribedTrack& track);
  void resume(Instant now, PublishedTrack& track);
  void resume_everywhere(Instant now, PublishedTrack& track);

  // Mirrors: machine_mirrors.cpp.
  void accept(Instant now, LoopIndex from, MirroredPacket& handover);
  void accept(Instant now, LoopIndex from, const MirroredClock& handover);
  void accept(Instant now, LoopIndex from, const MirrorResumed& handover);
  void accept(Instant now, LoopIndex from, const MirrorEnded& handover);
  void accept(Instant now, LoopIndex from, const MirrorOpened& handover);
  void accept(Instant now, LoopIndex from, const MirrorClosed& handover);
  void accept(Instant now, LoopIndex from, const KeyframeWanted& handover);
  void hand_over(PublishedTrack& track);
  template <typename What>
  void tell(LoopIndex to, What what);
  void request_keyframe(Instant now, PublishedTrack& track, std::uint8_t encoding, bool repair);
  /// Null when the track is not there, or published on another loop.
  [[nodiscard]] PublishedTrack* find_home(TrackId id) const;
  [[nodiscard]] PublishedTrack* open_mirror(const TrackOrigin& origin, const TrackParams& params);
  [[nodiscard]] PublishedTrack* find_mirror(const TrackOrigin& origin, TrackId mirror) const;
  void close_idle_mirror(PublishedTrack& track);

  // Taps: machine_taps.cpp.
  void serve_taps(Instant now, PublishedTrack& track);
  void end_taps(Instant now, PublishedTrack& track);

  // Injectors: machine_injectors.cpp.
  Result<TransportId> open_injector(Instant now, const TransportParams& params);
  Status admit_injected(TrackParams& track);
  void begin_injected(Connection& connection, const PublishedTrack& track);
  void report_injected(Instant now, Connection& connection);
  void tell_injector(const Connection& connection, ByteSpan compound);

  // How well that goes: machine_quality.cpp.
  void note_layer(Instant now, SubscribedTrack& track);
  void end_spatial_layer(Instant now, SubscribedTrack& track);
  void note_pause(Instant now, SubscribedTrack& track);
  void note_switch(Instant now, SubscribedTrack& track, std::optional<Layer> to);
  void count_freeze(FreezeCause cause) { ++quality_.freezes[static_cast<std::size_t>(cause)]; }

  // Wishes of subscribers: machine_wishes.cpp.
  void accept(Instant now, LoopIndex from, const LayersTaken& handover);
  void review(Instant now, Connection& connection);
  void review(Instant now, PublishedTrack& track);
  void note_wanted(Instant now, const SubscribedTrack& track);
  void set_taken(Instant now, PublishedTrack& track, std::uint8_t taken);
  static void expect_all(Instant now, PublishedTrack& track);

  // Time.
  void rearm_touched();
  void touch(Connection& connection);
  void arm(Connection& connection);
  void run_timers(Instant now);
  void run_sctp(Instant now);
  void send_due_rtcp(Instant now, Connection& connection);

  // Life and death: machine_commands.cpp.
  /// Calls `action`; a broken invariant in it costs this connection, not the loop.
  template <typename Action>
  void guarded(Connection& connection, Action&& action);
  void answer_early_checks(Instant now, std::string_view ufrag);
  void after_input(Instant now, Connection& connection, bool could_send);
  void reap(Instant now);
  void remove_connection(Instant now, TransportId id);
  Status admit_down_track(Connection& connection, const DownTrackParams& params) const;
  Result<DownTrackId> attach_down_track(Instant now, PublishedTrack& track, Connection& connection,
                                        const DownTrackParams& params);
  Status send(const ChannelId& channel, bool binary, const SharedBytes& message);
  void erase_track(PublishedTrack& track);
  void erase_ingress(PublishedTrack& track, const Ingress& ingress);
  void stop_listening(const Ingress& ingress, StreamNumber stream);
  void erase_down_track(SubscribedTrack& track);

  // Given.
  PacketPool& pool_;
  const SfuLimits limits_;

  // Owned.
  DtlsContext dtls_;
  SctpLoop sctp_;
  Egress egress_;
  std::deque<Event> events_;
  std::vector<OutgoingHandover> handovers_;
  SfuCounters counters_;
  SfuQuality quality_;  // What it counts of its own, and of tracks that are gone.
  ForwardDelays delays_;
  LayerSwitches switches_;
  TransportContext context_;
  Directory directory_;
  AudioObservers observers_;
  std::optional<PlayoutDelay> playout_delay_;  // Of all video.
  SlotTable<PublishedTrack> tracks_;
  SlotTable<SubscribedTrack> down_tracks_;
  SlotTable<TappedTrack> taps_;
  std::map<TrackOrigin, TrackId> mirrors_;
  TimerQueue timers_;
  std::mt19937_64 random_;
  EarlyChecks early_checks_;
  StrayPaths strays_;

  // State.
  std::optional<SfuPlace> place_;
  Credit stray_checks_{StrayPaths::kMaxChecks, StrayPaths::kCheckEvery};
  Duration wallclock_offset_{};
  std::vector<Connection*> touched_;
  std::vector<TransportId> doomed_;
  FanOutQueue fan_out_queue_;
  Instant timers_ran_at_{};
};

// Made in place, since GCC 12 takes the unused rest of a variant that is moved for uninitialised.
template <typename What>
void Sfu::Machine::tell(LoopIndex to, What what) {
  OutgoingHandover& handover = handovers_.emplace_back();
  handover.to = to;
  handover.what.emplace<What>(std::move(what));
}

template <typename Action>
void Sfu::Machine::guarded(Connection& connection, Action&& action) {
  try {
    action();
  } catch (const InvariantError&) {
    ++counters_.bugs;
    connection.transport.fail(CloseReason::kBug);
    doomed_.push_back(connection.transport.id());
  }
}

}  // namespace noir
