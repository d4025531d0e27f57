#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/packet_buffer.hpp"
#include "dtls/certificate.hpp"
#include "sfu/sfu.hpp"
#include "sim/nonce_ledger.hpp"
#include "sim/sim_net.hpp"
#include "sim/test_client.hpp"

namespace noir {

/// One transport with both its ends: the id in the `Sfu` and the client.
struct SimEnd {
  std::uint32_t number = 0;  // No other end of the room has it.
  LoopIndex loop = 0;
  TransportId transport = 0;
  std::vector<SocketAddress> addresses;  // Of the client, by `Path::local`.
  IceCredentials server_ice;
  IceCredentials client_ice;
  bool passive = false;
  std::unique_ptr<TestClient> client;
  std::vector<TransportStateChanged> states;  // Events so far.

  [[nodiscard]] bool is(TransportState state) const { return !states.empty() && states.back().state == state; }
};

struct SimTrack {
  LoopIndex loop = 0;
  TrackId id = 0;
  TrackParams params;
  SyntheticSource* source = nullptr;        // Of the only, or the lowest encoding.
  std::vector<SyntheticSource*> encodings;  // Lowest first.
};

struct SimDownTrack {
  LoopIndex loop = 0;
  DownTrackId id = 0;
  MediaRecorder* recorder = nullptr;

  [[nodiscard]] const RecordedMedia& recorded() const { return recorder->recorded(); }
};

/// What a tap has given.
struct SimTap {
  struct Frame {
    bool key = false;
    FrameSize size;
    Duration captured{};  // UTC since 1970.
    Instant given;
    std::uint32_t lost = 0;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Frame> frames;
  bool ended = false;
};

struct JoinOptions {
  const Certificate* certificate = nullptr;  // What the client shows; null = the usual one.
  std::span<const SrtpProfile> profiles = kSrtpProfiles;
  bool remote_is_known = true;  // Else `set_remote` comes later.
  bool starts = true;
  bool passive = false;  // The client is the DTLS server.
  LoopIndex loop = 0;
  std::optional<LoopIndex> arrives_at = {};  // The loop that its datagrams reach, whatever its own; nothing = its own.
};

/// A whole `Sfu` with clients around a simulated network, and a time that only passes when told to. Or several of them,
/// as the loops of a plane.
class SimRoom {
 public:
  explicit SimRoom(std::uint64_t seed = 1, const SfuLimits& limits = {}, LoopIndex loops = 1);
  ~SimRoom();

  /// Subscribers that come from now on number packets over the transport, and report them.
  void number_packets(bool numbers = true) { numbers_ = numbers; }

  /// Whoever comes from now on is of one room of this number.
  void set_group(std::uint32_t group) { group_ = group; }

  SimEnd& join(TransportRole role, const JoinOptions& options = {});
  SimEnd& join_connected(TransportRole role, LoopIndex loop = 0);
  void set_remote(SimEnd& end);
  /// Forgets the client and its end; the transport may live on in the `Sfu`.
  void drop(SimEnd& end);

  SimTrack publish_video(SimEnd& publisher, SourceParams params = {});
  SimTrack publish_audio(SimEnd& publisher, std::uint32_t stream = 0);
  /// Encodings "q", "h", "f" of 1, 2 and 4 packets a frame, 160, 320 and 640 pixels wide, announced by rid.
  SimTrack publish_simulcast(SimEnd& publisher, bool rtx = false);
  static constexpr std::uint8_t kVideoRtxPayloadType = 97;  // Of publishers.
  /// Of the first loop; closed with the room.
  TransportId open_injector();
  /// Without a source: its frames come by `Sfu::inject`.
  SimTrack inject(TransportId injector, Codec codec, std::uint32_t stream = 0);
  SimDownTrack subscribe(SimEnd& subscriber, const SimTrack& track, bool rtx = false);

  /// Lets time pass. False when `limit` is over before `done`.
  bool run_until(const std::function<bool()>& done, Duration limit = std::chrono::seconds(10));
  void run_for(Duration time);

  /// An address that nobody has had yet.
  SocketAddress new_address();
  IceCredentials new_credentials();
  /// Of a transport of such a node and loop, as Java makes them.
  IceCredentials new_credentials(std::uint32_t node, LoopIndex loop);
  /// A datagram that nobody of ours sends: arrives at the server at once.
  void inject(const SocketAddress& from, ByteSpan bytes, LoopIndex loop = 0);

  /// From now on a loop's work takes time: so much for each datagram that it reads and that it sends. What comes
  /// meanwhile waits in its socket, or is dropped when that is full.
  void set_price(Duration read, Duration sent) {
    read_price_ = read;
    send_price_ = sent;
  }
  [[nodiscard]] std::uint64_t dropped_by_socket() const { return dropped_by_socket_; }

  /// Told when control goes into an `Sfu` for datagrams or time, and when it comes back.
  void watch_sfu(std::function<void(bool enters)> watch) { watch_ = std::move(watch); }
  [[nodiscard]] const NonceLedger& nonces() const { return nonces_; }

  Sfu& sfu(LoopIndex loop = 0) { return *loops_.at(loop).sfu; }
  /// As if loop `from` had not been able to tell: what it hands over is lost as long as `dropped` likes it.
  void drop_handovers(std::function<bool(LoopIndex from, const OutgoingHandover&)> dropped) {
    dropped_ = std::move(dropped);
  }
  SimNet& net() { return net_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] const SocketAddress& server(LoopIndex loop = 0) const { return loops_.at(loop).address; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  /// Taps a track of the first loop.
  TapId tap(const SimTrack& track);
  [[nodiscard]] SimTap& tapped(TapId tap) { return taps_[tap]; }
  static constexpr Duration kUtcMinusMonotonic = std::chrono::hours(24 * 365 * 50);
  [[nodiscard]] std::size_t packets_in_use() { return pool_.in_use(); }
  [[nodiscard]] SctpLoop& client_sctp() { return client_sctp_; }

  static constexpr std::uint32_t kNode = 0xABCDEF;
  static const Certificate& server_certificate();
  static const Certificate& client_certificate();
  static const ExtensionIds& publisher_extensions();
  static const ExtensionIds& subscriber_extensions();

 private:
  [[nodiscard]] ExtensionIds extensions_to_subscribers() const;

  struct Received {
    Instant at;
    SocketAddress from;
    std::vector<std::uint8_t> bytes;
  };
  struct SimLoop {
    SocketAddress address;
    std::unique_ptr<Sfu> sfu;
    std::deque<Received> socket = {};
    Instant busy_until{};
    Instant latest{};  // Told the Sfu.
  };

  SimTrack publish(SimEnd& publisher, MediaKind kind, std::vector<SourceParams> encodings, std::uint32_t stream = 0);
  void deliver(LoopIndex loop, const SocketAddress& from, ByteSpan bytes);
  void handle(LoopIndex loop, Instant at, const SocketAddress& from, ByteSpan bytes);
  void read_socket(LoopIndex loop);
  void settle();
  bool settle_loop(LoopIndex loop);
  void send(LoopIndex loop, const Transmit& transmit);
  void hand_over(LoopIndex from);
  bool settle_clients();
  void take_events(LoopIndex loop);
  bool take_tapped(const Event& event);
  void deliver_due();
  [[nodiscard]] Instant next_event() const;
  [[nodiscard]] SimEnd* end_at(const SocketAddress& address, std::uint16_t& local) const;

  const std::uint64_t seed_;
  Instant now_;
  SimNet net_;
  PacketPool pool_;
  SctpLoop client_sctp_;
  std::vector<SimLoop> loops_;
  std::function<bool(LoopIndex, const OutgoingHandover&)> dropped_ = [](LoopIndex, const auto&) { return false; };
  std::vector<std::unique_ptr<DtlsContext>> client_contexts_;
  std::vector<std::unique_ptr<SimEnd>> ends_;
  std::vector<TransportId> injectors_;
  std::vector<Event> events_;
  std::map<TapId, SimTap> taps_;
  std::function<void(bool)> watch_ = [](bool) {};
  NonceLedger nonces_;
  Duration read_price_{};
  Duration send_price_{};
  std::uint64_t dropped_by_socket_ = 0;
  std::uint32_t counter_ = 0;  // For addresses, ids, SSRCs, credentials.
  std::uint32_t group_ = 0;
  bool numbers_ = false;
};

}  // namespace noir
