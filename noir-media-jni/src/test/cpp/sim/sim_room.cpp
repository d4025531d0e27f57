#include "sim/sim_room.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sfu/demux.hpp"
#include "sfu/local_socket.hpp"

namespace noir {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxBuffers = 16'384;
constexpr int kMaxTurns = 10'000;
constexpr std::size_t kSocketDatagrams = 1800;  // 4 MiB by the kernel's count.
constexpr int kDatagramsPerTurn = 256;
constexpr std::uint8_t kVideoPayloadType = 96;
constexpr std::uint8_t kAudioPayloadType = 111;
constexpr std::uint8_t kSubscriberVideoPayloadType = 100;
constexpr std::uint8_t kSubscriberRtxPayloadType = 101;
constexpr std::uint8_t kSubscriberAudioPayloadType = 109;

// SCTP has one clock per process, so time goes on from room to room.
Instant& latest_time() {
  static Instant time{seconds(1000)};
  return time;
}

}  // namespace

SimRoom::SimRoom(std::uint64_t seed, const SfuLimits& limits, LoopIndex loops)
    : seed_(seed), now_(latest_time() + seconds(1)), net_(seed), pool_(kMaxBuffers) {
  for (LoopIndex i = 0; i < loops; ++i) {
    loops_.push_back({SocketAddress::v4(10, 0, 0, 1, static_cast<std::uint16_t>(5000 + i)),
                      std::make_unique<Sfu>(server_certificate(), pool_, limits, seed + i)});
    loops_.back().sfu->set_wallclock_offset(kUtcMinusMonotonic);
    loops_.back().sfu->set_place({kNode, i, loops});
  }
}

// Every simulation ends with everybody gone and nothing left of them.
SimRoom::~SimRoom() {
  latest_time() = now_;
  EXPECT_EQ(nonces_.reused(), 0U);
  for (const auto& end : ends_) (void)sfu(end->loop).close_transport(now_, end->transport);
  for (const TransportId injector : injectors_) (void)sfu().close_transport(now_, injector);
  for (LoopIndex i = 0; i < loops_.size(); ++i) {
    sfu(i).handle_timeout(now_);
    hand_over(i);
  }
  bool empty = true;
  for (SimLoop& loop : loops_) {
    loop.sfu->clear_transmits();
    loop.sfu->clear_handovers();
    while (loop.sfu->poll_event()) continue;
    const bool left = loop.sfu->counters().transports > 0;  // Of clients that a test has dropped.
    empty &= !left;
    if (left) continue;
    const SfuTables tables = loop.sfu->tables();
    EXPECT_EQ(tables.ufrags, 0U);
    EXPECT_EQ(tables.paths, 0U);
    EXPECT_EQ(tables.timers, 0U);
  }
  events_.clear();
  if (empty) {
    EXPECT_EQ(pool_.in_use(), 0U);
  }
}

const Certificate& SimRoom::server_certificate() {
  static const Certificate certificate = Certificate::generate().value();
  return certificate;
}

const Certificate& SimRoom::client_certificate() {
  static const Certificate certificate = Certificate::generate().value();
  return certificate;
}

const ExtensionIds& SimRoom::publisher_extensions() {
  static const ExtensionIds ids{.mid = 4,
                                .rid = 10,
                                .repaired_rid = 11,
                                .audio_level = 1,
                                .transport_sequence = 3,
                                .abs_send_time = 2,
                                .video_orientation = 13,
                                .dependency_descriptor = 0};
  return ids;
}

const ExtensionIds& SimRoom::subscriber_extensions() {
  static const ExtensionIds ids{.mid = 9,
                                .rid = 0,
                                .repaired_rid = 0,
                                .audio_level = 6,
                                .transport_sequence = 0,
                                .abs_send_time = 5,
                                .video_orientation = 7,
                                .dependency_descriptor = 0};
  return ids;
}

ExtensionIds SimRoom::extensions_to_subscribers() const {
  ExtensionIds ids = subscriber_extensions();
  if (numbers_) ids.transport_sequence = 8;
  return ids;
}

SocketAddress SimRoom::new_address() {
  ++counter_;
  return SocketAddress::v4(10, 1, static_cast<std::uint8_t>(counter_ >> 8), static_cast<std::uint8_t>(counter_), 40000);
}

IceCredentials SimRoom::new_credentials() {
  const std::string number = std::to_string(++counter_);
  return {"ufrag" + number, "password-of-twenty-two-chars-" + number};
}

IceCredentials SimRoom::new_credentials(std::uint32_t node, LoopIndex loop) {
  constexpr std::string_view kIceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::uint64_t place = std::uint64_t{node} << 36 | std::uint64_t{loop} << 28;
  IceCredentials credentials = new_credentials();
  credentials.ufrag.clear();
  for (int shift = 54; shift >= 0; shift -= 6) credentials.ufrag += kIceChars[place >> shift & 63U];
  for (int shift = 30; shift >= 0; shift -= 6) credentials.ufrag += kIceChars[counter_ >> shift & 63U];
  return credentials;
}

SimEnd& SimRoom::join(TransportRole role, const JoinOptions& options) {
  auto end = std::make_unique<SimEnd>();
  end->number = ++counter_;
  end->addresses = {new_address()};
  end->server_ice = new_credentials(kNode, options.loop);
  end->client_ice = new_credentials();
  end->loop = options.loop;
  end->passive = options.passive;
  const auto id = sfu(end->loop).open_transport(now_, {role, end->server_ice.ufrag, end->server_ice.pwd, group_});
  EXPECT_TRUE(id.ok());
  if (id) end->transport = *id;
  const Certificate& certificate = options.certificate == nullptr ? client_certificate() : *options.certificate;
  const bool usual = options.certificate == nullptr && options.profiles.data() == kSrtpProfiles.data();
  if (!usual || client_contexts_.empty()) {
    client_contexts_.push_back(std::make_unique<DtlsContext>(certificate, options.profiles));
    if (usual) std::swap(client_contexts_.front(), client_contexts_.back());
  }
  TestClientParams params;
  params.local = end->client_ice;
  params.remote = end->server_ice;
  params.candidates = {Path{0, server(options.arrives_at.value_or(end->loop))}};
  params.remote_fingerprint = server_certificate().sha256();
  params.extensions = role == TransportRole::kPublisher ? publisher_extensions() : extensions_to_subscribers();
  params.rtcp_ssrc = 0xC0000000U + ++counter_;
  params.sctp_tag = counter_;
  params.passive = options.passive;
  params.random_seed = seed_ * 1000 + counter_;
  params.utc_minus_monotonic = kUtcMinusMonotonic;
  const DtlsContext& context = usual ? *client_contexts_.front() : *client_contexts_.back();
  end->client = std::make_unique<TestClient>(context, client_sctp_, params);
  ends_.push_back(std::move(end));
  SimEnd& result = *ends_.back();
  (void)sfu(result.loop).set_extensions(result.transport, {params.extensions});
  if (options.remote_is_known) set_remote(result);
  if (options.starts) result.client->start(now_);
  return result;
}

SimEnd& SimRoom::join_connected(TransportRole role, LoopIndex loop) {
  JoinOptions options;
  options.loop = loop;
  SimEnd& end = join(role, options);
  EXPECT_TRUE(run_until([&] { return end.is(TransportState::kConnected) && end.client->can_send(); }));
  return end;
}

void SimRoom::set_remote(SimEnd& end) {
  const RemoteParams remote{end.client_ice.ufrag, end.client_ice.pwd, client_certificate().sha256(), end.passive};
  EXPECT_TRUE(sfu(end.loop).set_remote(now_, end.transport, remote).ok());
}

void SimRoom::drop(SimEnd& end) {
  std::erase_if(ends_, [&](const auto& known) { return known.get() == &end; });
}

SimTrack SimRoom::publish_video(SimEnd& publisher, SourceParams params) {
  params.codec = Codec::kVp8;
  params.payload_type = kVideoPayloadType;
  return publish(publisher, MediaKind::kVideo, {params});
}

SimTrack SimRoom::publish_audio(SimEnd& publisher, std::uint32_t stream) {
  SourceParams params;
  params.codec = Codec::kOpus;
  params.payload_type = kAudioPayloadType;
  params.payload_size = 80;
  params.frame_interval = std::chrono::milliseconds(20);
  return publish(publisher, MediaKind::kAudio, {params}, stream);
}

SimTrack SimRoom::publish_simulcast(SimEnd& publisher, bool rtx) {
  std::vector<SourceParams> encodings;
  for (const auto& [rid, packets] : {std::pair{"q", 1U}, std::pair{"h", 2U}, std::pair{"f", 4U}}) {
    SourceParams params;
    params.payload_type = kVideoPayloadType;
    params.rid = rid;
    params.rtx_payload_type = rtx ? kVideoRtxPayloadType : std::uint8_t{0};
    params.packets_per_frame = packets;
    params.width = static_cast<std::uint16_t>(160 * packets);
    params.height = static_cast<std::uint16_t>(120 * packets);
    encodings.push_back(params);
  }
  return publish(publisher, MediaKind::kVideo, std::move(encodings));
}

SimTrack SimRoom::publish(SimEnd& publisher, MediaKind kind, std::vector<SourceParams> encodings,
                          std::uint32_t stream) {
  TrackParams track;
  track.kind = kind;
  track.mid = std::to_string(++counter_);
  track.codecs = {{encodings[0].payload_type, encodings[0].codec, kind == MediaKind::kAudio ? 48'000U : 90'000U,
                   encodings[0].rtx_payload_type}};
  track.nack = track.pli = kind == MediaKind::kVideo;
  track.transport_cc = true;
  track.screen = encodings[0].screen;
  track.stream = stream;
  for (SourceParams& params : encodings) {
    params.ssrc = 0x10000000U + ++counter_;
    params.mid = track.mid;
    params.rtx_ssrc = params.rtx_payload_type != 0 ? params.ssrc + 0x08000000U : 0;
    const bool declared = params.declares_ssrcs;
    track.encodings.push_back({params.rid, declared ? params.ssrc : 0, declared ? params.rtx_ssrc : 0});
  }
  const auto id = sfu(publisher.loop).add_track(now_, publisher.transport, track);
  EXPECT_TRUE(id.ok());
  SimTrack result{publisher.loop, id ? *id : 0, track, nullptr, {}};
  for (const SourceParams& params : encodings) {
    result.encodings.push_back(&publisher.client->publish(now_, params));
  }
  result.source = result.encodings[0];
  return result;
}

TransportId SimRoom::open_injector() {
  const auto id = sfu().open_transport(now_, {TransportRole::kInjector, {}, {}, group_});
  EXPECT_TRUE(id.ok());
  if (id) injectors_.push_back(*id);
  return id ? *id : 0;
}

SimTrack SimRoom::inject(TransportId injector, Codec codec, std::uint32_t stream) {
  const bool audio = codec == Codec::kOpus;
  TrackParams track;
  track.kind = audio ? MediaKind::kAudio : MediaKind::kVideo;
  track.mid = std::to_string(++counter_);
  track.codecs = {{audio ? kAudioPayloadType : kVideoPayloadType, codec, audio ? 48'000U : 90'000U, 0}};
  track.encodings = {{}};
  track.pli = !audio;
  track.stream = stream;
  const auto id = sfu().add_track(now_, injector, track);
  EXPECT_TRUE(id.ok());
  return {0, id ? *id : 0, track, nullptr, {}};
}

SimDownTrack SimRoom::subscribe(SimEnd& subscriber, const SimTrack& track, bool rtx) {
  const CodecParams& source = track.params.codecs.at(0);
  const bool audio = source.codec == Codec::kOpus;
  ReceiveParams receive;
  receive.codec = source.codec;
  receive.ssrc = 0x20000000U + ++counter_;
  receive.rtx_ssrc = rtx ? receive.ssrc + 0x10000000U : 0;
  receive.payload_type = audio ? kSubscriberAudioPayloadType : kSubscriberVideoPayloadType;
  receive.nack = !audio;
  DownTrackParams params;
  params.mid = "d" + std::to_string(counter_);
  params.ssrc = receive.ssrc;
  params.rtx_ssrc = receive.rtx_ssrc;
  params.payloads = {{source.payload_type, receive.payload_type, rtx ? kSubscriberRtxPayloadType : std::uint8_t{0}}};
  params.extensions = extensions_to_subscribers();
  params.cname = "publisher";
  const auto id =
      subscriber.loop == track.loop
          ? sfu(subscriber.loop).add_down_track(now_, subscriber.transport, track.id, params)
          : sfu(subscriber.loop)
                .add_mirrored_down_track(now_, subscriber.transport, {track.loop, track.id}, track.params, params);
  EXPECT_TRUE(id.ok());
  return {subscriber.loop, id ? *id : 0, &subscriber.client->receive(receive)};
}

bool SimRoom::run_until(const std::function<bool()>& done, Duration limit) {
  const Instant end = now_ + limit;
  settle();
  while (!done()) {
    const Instant next = next_event();
    if (next > end) {
      now_ = end;
      return false;
    }
    now_ = std::max(now_, next);
    deliver_due();
    settle();
  }
  return true;
}

void SimRoom::run_for(Duration time) {
  (void)run_until([] { return false; }, time);
}

void SimRoom::inject(const SocketAddress& from, ByteSpan bytes, LoopIndex loop) { deliver(loop, from, bytes); }

void SimRoom::deliver(LoopIndex loop, const SocketAddress& from, ByteSpan bytes) {
  if (read_price_ == Duration{} && send_price_ == Duration{}) return handle(loop, now_, from, bytes);
  auto& socket = loops_.at(loop).socket;
  if (socket.size() == kSocketDatagrams) {
    ++dropped_by_socket_;
    return;
  }
  socket.push_back({now_, from, {bytes.begin(), bytes.end()}});
}

// As much as `Loop` reads in a turn.
void SimRoom::read_socket(LoopIndex loop) {
  SimLoop& reader = loops_.at(loop);
  for (int i = 0; i < kDatagramsPerTurn && !reader.socket.empty(); ++i) {
    const Received datagram = std::move(reader.socket.front());
    reader.socket.pop_front();
    reader.latest = std::max(reader.latest, datagram.at);
    handle(loop, reader.latest, datagram.from, datagram.bytes);
    reader.busy_until += read_price_;
  }
}

void SimRoom::handle(LoopIndex loop, Instant at, const SocketAddress& from, ByteSpan bytes) {
  PacketRef packet = pool_.take();
  ASSERT_TRUE(packet);
  ASSERT_LE(bytes.size(), PacketBuffer::kCapacity);
  std::copy(bytes.begin(), bytes.end(), packet->storage().begin());
  packet->set_size(bytes.size());
  watch_(true);
  sfu(loop).handle_datagram(at, Path{0, from}, std::move(packet));
  watch_(false);
}

Instant SimRoom::next_event() const {
  Instant next = std::min(net_.next_timeout(), client_sctp_.next_timeout());
  for (const SimLoop& loop : loops_) {
    const Instant wanted = loop.socket.empty() ? loop.sfu->next_timeout() : now_;
    next = std::min(next, std::max(wanted, loop.busy_until));
  }
  for (const auto& end : ends_) next = std::min(next, end->client->next_timeout());
  return next;
}

void SimRoom::deliver_due() {
  while (auto datagram = net_.poll(now_)) {
    const auto loop =
        std::find_if(loops_.begin(), loops_.end(), [&](const auto& l) { return l.address == datagram->to; });
    if (loop != loops_.end()) {
      deliver(static_cast<LoopIndex>(loop - loops_.begin()), datagram->from, datagram->bytes);
      continue;
    }
    std::uint16_t local = 0;
    if (SimEnd* end = end_at(datagram->to, local)) {
      end->client->handle_datagram(now_, Path{local, datagram->from}, datagram->bytes);
    }
  }
}

// Everybody does what is due now, until nobody has anything left to do.
void SimRoom::settle() {
  for (int turn = 0; turn < kMaxTurns; ++turn) {
    bool busy = false;
    for (LoopIndex i = 0; i < loops_.size(); ++i) busy |= settle_loop(i);
    busy |= settle_clients();
    if (!busy) return;
  }
  FAIL() << "somebody's next_timeout() stays in the past";
}

bool SimRoom::settle_loop(LoopIndex loop) {
  Sfu& one = sfu(loop);
  SimLoop& state = loops_.at(loop);
  if (now_ < state.busy_until) return false;
  state.busy_until = now_;
  bool busy = !state.socket.empty();
  read_socket(loop);
  if (one.next_timeout() <= now_) {
    watch_(true);
    one.handle_timeout(now_);
    watch_(false);
    state.latest = now_;
    busy = true;
  }
  hand_over(loop);
  for (const Transmit& transmit : one.transmits()) {
    send(loop, transmit);
    busy = true;
  }
  watch_(true);
  one.note_sent(std::max(now_, state.busy_until));
  one.clear_transmits();
  watch_(false);
  take_events(loop);
  return busy;
}

void SimRoom::send(LoopIndex loop, const Transmit& transmit) {
  std::uint16_t at = transmit.path.local;
  const SocketAddress& from = server(is_elsewhere(at) ? loop_elsewhere(at) : loop);
  const SimEnd* end = end_at(transmit.path.remote, at);
  for (ByteSpan rest = transmit.bytes; !rest.empty();) {
    const ByteSpan datagram = rest.first(std::min(rest.size(), transmit.segment_size));
    rest = rest.subspan(datagram.size());
    if (end != nullptr) {
      const auto keys = classify(datagram) == DatagramKind::kRtcp ? end->client->dtls().srtp_keys() : std::nullopt;
      nonces_.note(end->number, keys ? std::optional(keys->profile) : std::nullopt, datagram);
    }
    net_.send(now_, from, transmit.path.remote, datagram);
    loops_.at(loop).busy_until += send_price_;
  }
}

void SimRoom::hand_over(LoopIndex from) {
  for (OutgoingHandover& handover : sfu(from).handovers()) {
    if (!dropped_(from, handover)) sfu(handover.to).handle_handover(now_, from, std::move(handover.what));
  }
  sfu(from).clear_handovers();
}

bool SimRoom::settle_clients() {
  bool busy = false;
  if (client_sctp_.next_timeout() <= now_) client_sctp_.handle_timeout(now_);
  while (client_sctp_.poll_ready()) busy = true;
  for (const auto& end : ends_) {
    if (busy) end->client->pump_sctp();
    if (end->client->next_timeout() <= now_) {
      end->client->handle_timeout(now_);
      busy = true;
    }
    while (auto transmit = end->client->poll_transmit()) {
      net_.send(now_, end->addresses.at(transmit->path.local), transmit->path.remote, transmit->bytes);
      busy = true;
    }
  }
  return busy;
}

void SimRoom::take_events(LoopIndex loop) {
  while (auto event = sfu(loop).poll_event()) {
    if (const auto* changed = std::get_if<TransportStateChanged>(&*event)) {
      for (const auto& end : ends_) {
        if (end->loop == loop && end->transport == changed->transport) end->states.push_back(*changed);
      }
    }
    if (!take_tapped(*event)) events_.push_back(std::move(*event));
  }
}

TapId SimRoom::tap(const SimTrack& track) {
  const auto id = sfu().add_tap(now_, track.id);
  EXPECT_TRUE(id.ok());
  return id ? *id : 0;
}

// Copied, since packets would not go back to the pool otherwise.
bool SimRoom::take_tapped(const Event& event) {
  if (const auto* ended = std::get_if<TapEnded>(&event)) taps_[ended->tap].ended = true;
  const auto* given = std::get_if<TapFrame>(&event);
  if (given == nullptr) return false;
  const EncodedFrame& frame = given->frame;
  SimTap::Frame copied{frame.key, frame.size, std::chrono::microseconds(given->captured_us), now_, frame.lost, {}};
  copied.bytes.resize(frame.bytes.size());
  EXPECT_EQ(frame.bytes.copy(0, copied.bytes), frame.bytes.size());
  taps_[given->tap].frames.push_back(std::move(copied));
  return true;
}

SimEnd* SimRoom::end_at(const SocketAddress& address, std::uint16_t& local) const {
  for (const auto& end : ends_) {
    for (std::size_t i = 0; i < end->addresses.size(); ++i) {
      if (end->addresses[i] != address) continue;
      local = static_cast<std::uint16_t>(i);
      return end.get();
    }
  }
  return nullptr;
}

}  // namespace noir
