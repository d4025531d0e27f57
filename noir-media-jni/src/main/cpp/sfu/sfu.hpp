#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/packet_buffer.hpp"
#include "base/result.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "congestion/bandwidth_controller.hpp"
#include "forward/packetizer.hpp"
#include "forward/params.hpp"
#include "sfu/audio_observer.hpp"
#include "sfu/event.hpp"
#include "sfu/handover.hpp"
#include "sfu/layer_switches.hpp"
#include "sfu/params.hpp"
#include "sfu/quality.hpp"
#include "sfu/transmit.hpp"

namespace noir {

class Certificate;
struct TransportExplanation;
class SctpWaker;

/// One thing leads to the next, and each step takes what the one before has asked for.
enum class LookAhead : std::uint8_t { kFind, kFollow, kFetch };

struct SfuCounters {
  std::uint64_t datagrams_in = 0;
  std::uint64_t datagrams_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t packets_forwarded = 0;  // RTP packets to subscribers, retransmissions included.
  std::uint64_t packets_retransmitted = 0;
  std::uint64_t packets_handed_over = 0;      // To other loops.
  std::uint64_t packets_squelched = 0;        // RTP packets of squelched tracks, which went nowhere.
  std::uint64_t packets_late = 0;             // RTP packets of a flood, which had to wait for too long to be of use.
  std::uint64_t packets_unread = 0;           // Of clients that sent more than anybody needs, or what was not theirs.
  std::uint64_t packets_refused = 0;          // Authentic RTP packets of no track: nobody negotiated them.
  std::uint64_t datagrams_at_wrong_loop = 0;  // Handed over to the loop of the transport.
  std::uint64_t checks_for_other_nodes = 0;
  std::uint64_t bytes_held_back = 0;  // Not sent to who had not answered yet, each time that they could not be.
  std::uint64_t dropped_unknown_path = 0;
  std::uint64_t dropped_stun = 0;
  std::uint64_t dropped_dtls = 0;
  std::uint64_t dropped_srtp = 0;  // Failed authentication or replay.
  std::uint64_t dropped_rtp = 0;   // Authentic but malformed, or of a subscriber.
  std::uint64_t dropped_rtcp = 0;
  std::uint64_t dropped_sctp = 0;
  std::uint64_t dropped_messages = 0;   // Of data channels: more waited for their receivers than may.
  std::uint64_t channels_too_slow = 0;  // Closed, since their clients did not take what was sent to them.
  std::uint64_t bugs = 0;
  std::uint32_t transports = 0;
  std::uint32_t tracks = 0;
  std::uint32_t squelched_tracks = 0;  // Of `tracks`.
  std::uint32_t down_tracks = 0;
  std::uint32_t packet_buffers = 0;
  std::uint32_t mirrors = 0;  // Tracks of other loops with down tracks here.
};

/// How many entries the tables of an `Sfu` have: all but the last 0 when it has no transport.
struct SfuTables {
  std::size_t ufrags = 0;
  std::size_t paths = 0;
  std::size_t timers = 0;
  std::size_t strays = 0;  // Of other loops' transports: they may stay for half a minute.
};

/// The whole media plane of one loop as a function: datagrams, commands and time go in; datagrams, events and the
/// next deadline come out. No clock, socket, thread or log here.
///
///   handle_datagram* → handle_timeout(now) → transmits() + handovers() + poll_event()* → clear_transmits(),
///   clear_handovers() → wait until next_timeout()
///
/// Media is forwarded by `handle_timeout`, not by `handle_datagram`: all packets of one wake-up are fanned out
/// together, subscriber by subscriber, so that a frame leaves as one run. Commands too leave work and datagrams behind;
/// `next_timeout()` is in the past until they have been seen to.
/// Thread: loop.
class Sfu {
 public:
  /// `random_seed` draws SSRCs and first sequence numbers; keys come from OpenSSL. `waker` (may be null, must outlive
  /// this) is called by other loops' threads when SCTP has something for this one.
  Sfu(const Certificate& certificate, PacketPool& pool, const SfuLimits& limits, std::uint64_t random_seed,
      SctpWaker* waker = nullptr);
  ~Sfu();
  Sfu(const Sfu&) = delete;
  Sfu& operator=(const Sfu&) = delete;

  /// Before the first datagram. Without it every check is taken for this loop's.
  void set_place(const SfuPlace& place);

  /// Before the first track.
  void set_audio(const AudioSettings& settings);
  /// What down tracks of video get that are added from now on, if their subscribers know the extension.
  void set_playout_delay(std::optional<PlayoutDelay> delay);

  /// Difference between UTC and the monotonic clock; set by the loop now and then, for NTP timestamps.
  void set_wallclock_offset(Duration utc_minus_monotonic);

  /// Asks for the memory that a datagram will need, which comes soon; changes nothing. The more of these are called for
  /// datagrams in a row, the less each waits; step by step, some time apart.
  void look_ahead(LookAhead step, const Path& path, ByteSpan datagram) const;

  // Input. `datagram` is decrypted in place.
  void handle_datagram(Instant now, const Path& path, PacketRef datagram);
  /// What the Sfu of loop `from` has handed over.
  void handle_handover(Instant now, LoopIndex from, Handover&& handover);
  void handle_timeout(Instant now);

  // Commands. Stale or foreign ids are `kNotFound`.
  Result<TransportId> open_transport(Instant now, const TransportParams& params);
  Status set_remote(Instant now, TransportId transport, const RemoteParams& params);
  Status restart_ice(Instant now, TransportId transport, std::string_view ufrag, std::string_view pwd);
  Status set_extensions(TransportId transport, std::vector<ExtensionIds> sets);
  Status close_transport(Instant now, TransportId transport);
  Result<TrackId> add_track(Instant now, TransportId publisher, const TrackParams& params);
  Status remove_track(Instant now, TrackId track);
  /// A squelched track forwards nothing, on any loop, that comes in after the command. Right behind `add_track`:
  /// nothing at all. Afterwards its subscribers go on as after a pause, video with a key frame.
  Status set_squelched(Instant now, TrackId track, bool squelched);
  Result<DownTrackId> add_down_track(Instant now, TransportId subscriber, TrackId track, const DownTrackParams& params);
  /// A down track of a track of another loop, which is mirrored here for as long as it has any; `track` is what it was
  /// added with there. When it is gone at home, the down track goes as well.
  Result<DownTrackId> add_mirrored_down_track(Instant now, TransportId subscriber, const TrackOrigin& origin,
                                              const TrackParams& track, const DownTrackParams& params);
  Status remove_down_track(Instant now, DownTrackId down_track);
  Status set_down_track(Instant now, DownTrackId down_track, const DownTrackWish& wish);
  /// Whole frames of a track of this loop, as events, from the next key frame on, which is asked for (RFC 4585). A
  /// track can have eight taps; `kNotFound` for a mirror. While it is squelched there are none. Ends with its track.
  Result<TapId> add_tap(Instant now, TrackId track);
  Status remove_tap(TapId tap);
  /// One frame of a track of a transport that is an injector, in decoding order. Its packets go the way of all that are
  /// received. `captured_us`: UTC since 1970, one clock for all tracks of the injector (sfu/injector.hpp). `kMalformed`
  /// or `kInvalidArgument` when it is none that can be sent, `kLimitExceeded` when there is no room for it,
  /// `kWrongState` when video has to begin with a key frame, also after any of these.
  Status inject(Instant now, TrackId track, std::int64_t captured_us, const SourceFrame& frame);
  Result<std::uint16_t> open_channel(Instant now, TransportId transport, std::string_view label, bool ordered);
  Status send(Instant now, TransportId transport, std::uint16_t stream, bool binary, ByteSpan message);
  /// The same on many channels; how many did not take it.
  std::size_t send(Instant now, std::span<const ChannelId> channels, bool binary, ByteSpan message);
  Status close_channel(Instant now, TransportId transport, std::uint16_t stream);

  // Output.
  [[nodiscard]] Instant next_timeout() const;
  /// Valid until `clear_transmits()` or the next input.
  [[nodiscard]] std::span<const Transmit> transmits() const;
  /// What `transmits()` holds has been given to the kernel: it counts for how long packets took. Before
  /// `clear_transmits()`, or they do not count.
  void note_sent(Instant now);
  void clear_transmits();
  /// For the other loops; to be moved out. A fan-out pauses for them when it begins.
  [[nodiscard]] std::span<OutgoingHandover> handovers();
  void clear_handovers();
  [[nodiscard]] std::optional<Event> poll_event();
  [[nodiscard]] SfuCounters counters() const;
  /// Whether a transport has the path: somebody with its password has checked there, and not long ago.
  [[nodiscard]] bool has_path(const Path& path) const;
  /// What a subscriber's line takes, and why; nothing unless its client reports packet by packet.
  [[nodiscard]] std::optional<BandwidthExplanation> bandwidth(Instant now, TransportId transport) const;
  /// What a transport and its tracks are doing (sfu/explanation.hpp); nothing for a stale id. Rarely asked for.
  [[nodiscard]] std::optional<TransportExplanation> explain(Instant now, TransportId transport);
  /// How well subscribers are served (sfu/quality.hpp). Looks at all of them: for once in some seconds.
  [[nodiscard]] SfuQuality quality(Instant now);
  /// The first switches of layers since they were taken last, and no more than a few. Valid until the next input.
  [[nodiscard]] std::span<const LayerSwitch> take_layer_switches();
  [[nodiscard]] SfuTables tables() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace noir
