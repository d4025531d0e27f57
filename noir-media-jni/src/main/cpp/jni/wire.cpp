#include "jni/wire.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace noir::wire {

namespace {

/// `ByteReader` with the other byte order.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : reader_(bytes) {}

  std::uint8_t u8() { return reader_.u8(); }
  bool flag() { return u8() != 0; }
  std::uint16_t u16() { return __builtin_bswap16(reader_.u16()); }
  std::uint32_t u32() { return __builtin_bswap32(reader_.u32()); }
  ByteSpan bytes() { return reader_.take(u32()); }
  std::string text() { return std::string(as_text(bytes())); }

  template <typename E>
  E one_of(E first, E last) {
    const std::uint8_t value = u8();
    if (value < static_cast<std::uint8_t>(first) || value > static_cast<std::uint8_t>(last)) valid_ = false;
    return static_cast<E>(value);
  }

  /// False once anything did not fit: ends the lists.
  [[nodiscard]] bool ok() const { return reader_.ok() && valid_; }
  void refuse() { valid_ = false; }

  /// `value` when everything was read and nothing is left.
  template <typename T>
  Result<T> finish(T value) const {
    if (!ok() || reader_.remaining() != 0) return ErrorCode::kMalformed;
    return value;
  }

 private:
  ByteReader reader_;
  bool valid_ = true;
};

SocketAddress read_address(Reader& reader) {
  const ByteSpan ip = reader.bytes();
  if (ip.size() == 4) return SocketAddress::v4(ip[0], ip[1], ip[2], ip[3], 0);
  SocketAddress address;
  if (ip.size() == address.ip.size()) {
    std::copy(ip.begin(), ip.end(), address.ip.begin());
  } else {
    reader.refuse();
  }
  return address;
}

/// At least one.
Fingerprints read_fingerprints(Reader& reader) {
  ByteSpan bytes = reader.bytes();
  std::vector<Fingerprint> all(bytes.size() / sizeof(Fingerprint));
  if (all.empty() || all.size() > Fingerprints::kMost || bytes.size() % sizeof(Fingerprint) != 0) {
    reader.refuse();
    return {};
  }
  for (Fingerprint& one : all) {
    std::copy_n(bytes.begin(), one.size(), one.begin());
    bytes = bytes.subspan(one.size());
  }
  return Fingerprints(std::move(all));
}

ExtensionIds read_ids(Reader& reader) {
  ExtensionIds ids;
  ids.mid = reader.u8();
  ids.rid = reader.u8();
  ids.repaired_rid = reader.u8();
  ids.audio_level = reader.u8();
  ids.transport_sequence = reader.u8();
  ids.abs_send_time = reader.u8();
  ids.video_orientation = reader.u8();
  ids.dependency_descriptor = reader.u8();
  ids.capture_time = reader.u8();
  ids.playout_delay = reader.u8();
  ids.layers_allocation = reader.u8();
  return ids;
}

}  // namespace

Result<OpenConfig> read_config(ByteSpan bytes) {
  Reader reader(bytes);
  OpenConfig config;
  config.loop.port = reader.u16();
  for (auto left = reader.u16(); left > 0 && reader.ok(); --left) {
    config.loop.addresses.push_back(read_address(reader));
  }
  config.certificate_der = reader.bytes();
  config.private_key_der = reader.bytes();
  config.loop.limits.max_transports = reader.u32();
  config.loop.limits.max_tracks_per_transport = reader.u32();
  config.loop.limits.max_down_tracks_per_transport = reader.u32();
  config.loop.limits.max_channels_per_transport = reader.u32();
  config.loop.limits.max_message_bytes = reader.u32();
  config.loop.max_packet_buffers = reader.u32();
  config.loop.node = reader.u32();
  config.loop.audio.speakers.interval = std::chrono::milliseconds(reader.u32());
  config.loop.audio.speakers.threshold = reader.u8();
  config.loop.audio.speakers.filter_percent = reader.u8();
  config.loop.audio.loudest = reader.u16();
  config.loop.tcp = reader.flag();
  if (reader.flag()) {
    PlayoutDelay& delay = config.loop.playout_delay.emplace();
    delay.min = reader.u16();
    delay.max = reader.u16();
  }
  return reader.finish(config);
}

Result<TransportParams> read_transport(ByteSpan bytes) {
  Reader reader(bytes);
  TransportParams params;
  params.role = reader.one_of(TransportRole::kPublisher, TransportRole::kInjector);
  params.local_ufrag = reader.text();
  params.local_pwd = reader.text();
  params.group = reader.u32();
  return reader.finish(params);
}

Result<RemoteParams> read_remote(ByteSpan bytes) {
  Reader reader(bytes);
  RemoteParams params;
  params.ufrag = reader.text();
  params.pwd = reader.text();
  params.fingerprints = read_fingerprints(reader);
  params.passive = reader.flag();
  return reader.finish(params);
}

Result<Credentials> read_credentials(ByteSpan bytes) {
  Reader reader(bytes);
  Credentials credentials;
  credentials.ufrag = reader.text();
  credentials.pwd = reader.text();
  return reader.finish(credentials);
}

Result<ChannelParams> read_channel(ByteSpan bytes) {
  Reader reader(bytes);
  ChannelParams params;
  params.label = reader.text();
  params.ordered = reader.flag();
  return reader.finish(params);
}

Result<std::vector<ExtensionIds>> read_extensions(ByteSpan bytes) {
  Reader reader(bytes);
  std::vector<ExtensionIds> sets;
  for (auto left = reader.u16(); left > 0 && reader.ok(); --left) sets.push_back(read_ids(reader));
  return reader.finish(sets);
}

Result<TrackParams> read_track(ByteSpan bytes) {
  Reader reader(bytes);
  TrackParams params;
  params.kind = reader.one_of(MediaKind::kAudio, MediaKind::kVideo);
  params.mid = reader.text();
  for (auto left = reader.u16(); left > 0 && reader.ok(); --left) {
    CodecParams& codec = params.codecs.emplace_back();
    codec.payload_type = reader.u8();
    codec.codec = reader.one_of(Codec::kOpus, Codec::kRed);
    codec.clock_rate = reader.u32();
    codec.rtx_payload_type = reader.u8();
  }
  for (auto left = reader.u16(); left > 0 && reader.ok(); --left) {
    EncodingParams& encoding = params.encodings.emplace_back();
    encoding.rid = reader.text();
    encoding.ssrc = reader.u32();
    encoding.rtx_ssrc = reader.u32();
  }
  params.nack = reader.flag();
  params.pli = reader.flag();
  params.fir = reader.flag();
  params.transport_cc = reader.flag();
  params.screen = reader.flag();
  params.stream = reader.u32();
  return reader.finish(params);
}

Result<DownTrackParams> read_down_track(ByteSpan bytes) {
  Reader reader(bytes);
  DownTrackParams params;
  params.mid = reader.text();
  params.ssrc = reader.u32();
  params.rtx_ssrc = reader.u32();
  for (auto left = reader.u16(); left > 0 && reader.ok(); --left) {
    PayloadMapping& mapping = params.payloads.emplace_back();
    mapping.source = reader.u8();
    mapping.payload_type = reader.u8();
    mapping.rtx_payload_type = reader.u8();
  }
  params.extensions = read_ids(reader);
  params.cname = reader.text();
  return reader.finish(params);
}

}  // namespace noir::wire
