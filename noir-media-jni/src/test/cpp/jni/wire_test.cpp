#include "jni/wire.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>

#include "jni/event_writer.hpp"
#include "jni/explanation_writer.hpp"

// The files were written by neither side; Java's WireTest reads and writes the same ones.

namespace noir {
namespace {

std::vector<std::uint8_t> golden(const std::string& name) {
  std::ifstream file(std::string(NOIR_WIRE_FILES) + "/" + name + ".bin", std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return {text.begin(), text.end()};
}

/// Neither a shorter nor a longer form is accepted: what `read` needs is all there is.
template <typename Read>
void expect_exact(Read read, const std::vector<std::uint8_t>& bytes) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read(ByteSpan(bytes.data(), size)).ok()) << size;
  }
  std::vector<std::uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(read(ByteSpan(longer)).ok());
}

std::vector<int> values(const ExtensionIds& ids) {
  return {ids.mid,
          ids.rid,
          ids.repaired_rid,
          ids.audio_level,
          ids.transport_sequence,
          ids.abs_send_time,
          ids.video_orientation,
          ids.dependency_descriptor,
          ids.capture_time,
          ids.playout_delay,
          ids.layers_allocation};
}

TEST(Wire, Config) {
  const auto bytes = golden("config");
  const auto config = wire::read_config(bytes);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->loop.port, 5000);
  ASSERT_EQ(config->loop.addresses.size(), 2U);
  EXPECT_EQ(config->loop.addresses[0], SocketAddress::v4(127, 0, 0, 1, 0));
  EXPECT_EQ(config->loop.addresses[1].to_string(), "[2001:db8:0:0:0:0:0:1]:0");
  EXPECT_EQ(config->certificate_der.size(), 3U);
  EXPECT_EQ(config->private_key_der.size(), 2U);
  EXPECT_EQ(config->loop.limits.max_transports, 10U);
  EXPECT_EQ(config->loop.limits.max_tracks_per_transport, 20U);
  EXPECT_EQ(config->loop.limits.max_down_tracks_per_transport, 30U);
  EXPECT_EQ(config->loop.limits.max_channels_per_transport, 40U);
  EXPECT_EQ(config->loop.limits.max_message_bytes, 50U);
  EXPECT_EQ(config->loop.max_packet_buffers, 60U);
  EXPECT_EQ(config->loop.node, 0xABCDEFU);
  EXPECT_EQ(config->loop.audio.speakers.interval, std::chrono::milliseconds(750));
  EXPECT_EQ(config->loop.audio.speakers.threshold, 35);
  EXPECT_EQ(config->loop.audio.speakers.filter_percent, 25);
  EXPECT_EQ(config->loop.audio.loudest, 1000U);
  EXPECT_TRUE(config->loop.tcp);
  ASSERT_TRUE(config->loop.playout_delay);
  EXPECT_EQ(config->loop.playout_delay->min, 5);
  EXPECT_EQ(config->loop.playout_delay->max, 4000);
  expect_exact(wire::read_config, bytes);
}

TEST(Wire, Transport) {
  const auto bytes = golden("transport");
  const auto params = wire::read_transport(bytes);
  ASSERT_TRUE(params);
  EXPECT_EQ(params->role, TransportRole::kSubscriber);
  EXPECT_EQ(params->local_ufrag, "ufrag");
  EXPECT_EQ(params->local_pwd, "password");
  EXPECT_EQ(params->group, 7U);
  expect_exact(wire::read_transport, bytes);
}

TEST(Wire, Remote) {
  const auto bytes = golden("remote");
  const auto params = wire::read_remote(bytes);
  ASSERT_TRUE(params);
  EXPECT_EQ(params->ufrag, "them");
  EXPECT_EQ(params->pwd, "secret");
  Fingerprint first{};
  std::iota(first.begin(), first.end(), std::uint8_t{0});
  Fingerprint second{};
  second.fill(0xFF);
  EXPECT_TRUE(params->fingerprints.contains(first));
  EXPECT_TRUE(params->fingerprints.contains(second));
  EXPECT_FALSE(params->fingerprints.contains(Fingerprint{}));
  EXPECT_TRUE(params->passive);
  expect_exact(wire::read_remote, bytes);
}

TEST(Wire, RemoteWithNoneOrTooManyFingerprints) {
  auto bytes = golden("remote");
  const std::size_t length = 4 + 4 + 4 + 6;  // Of the fingerprints: stands behind both texts.
  bytes[length] = 0;
  bytes.erase(bytes.begin() + length + 4, bytes.begin() + length + 4 + 64);
  EXPECT_FALSE(wire::read_remote(bytes));
  for (const std::uint8_t size : std::array<std::uint8_t, 4>{32, 128, 160, 33}) {
    auto changed = bytes;
    changed[length] = size;
    changed.insert(changed.begin() + length + 4, size, 0);
    EXPECT_EQ(wire::read_remote(changed).ok(), size == 32 || size == 128) << int{size};
  }
}

TEST(Wire, Credentials) {
  const auto bytes = golden("credentials");
  const auto credentials = wire::read_credentials(bytes);
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->ufrag, "u2");
  EXPECT_EQ(credentials->pwd, "p2");
  expect_exact(wire::read_credentials, bytes);
}

TEST(Wire, Channel) {
  const auto bytes = golden("channel");
  const auto params = wire::read_channel(bytes);
  ASSERT_TRUE(params);
  EXPECT_EQ(params->label, "chat \xC3\xA9");
  EXPECT_TRUE(params->ordered);
  expect_exact(wire::read_channel, bytes);
}

TEST(Wire, Extensions) {
  const auto bytes = golden("extensions");
  const auto sets = wire::read_extensions(bytes);
  ASSERT_TRUE(sets);
  ASSERT_EQ(sets->size(), 2U);
  EXPECT_EQ(values(sets->at(0)), (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13}));
  EXPECT_EQ(values(sets->at(1)), (std::vector<int>{9, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0}));
  expect_exact(wire::read_extensions, bytes);
}

TEST(Wire, Track) {
  const auto bytes = golden("track");
  const auto params = wire::read_track(bytes);
  ASSERT_TRUE(params);
  EXPECT_EQ(params->kind, MediaKind::kVideo);
  EXPECT_EQ(params->mid, "1");
  ASSERT_EQ(params->codecs.size(), 2U);
  EXPECT_EQ(params->codecs[0].payload_type, 96);
  EXPECT_EQ(params->codecs[0].codec, Codec::kVp8);
  EXPECT_EQ(params->codecs[0].rtx_payload_type, 97);
  EXPECT_EQ(params->codecs[1].codec, Codec::kH264);
  EXPECT_EQ(params->codecs[1].clock_rate, 90000U);
  EXPECT_EQ(params->codecs[1].rtx_payload_type, 0);
  ASSERT_EQ(params->encodings.size(), 2U);
  EXPECT_EQ(params->encodings[0].rid, "q");
  EXPECT_EQ(params->encodings[0].rtx_ssrc, 0U);
  EXPECT_EQ(params->encodings[1].ssrc, 0xFFFFFFFEU);
  EXPECT_EQ(params->encodings[1].rtx_ssrc, 0xFFFFFFFDU);
  EXPECT_TRUE(params->nack);
  EXPECT_FALSE(params->pli);
  EXPECT_TRUE(params->fir);
  EXPECT_TRUE(params->transport_cc);
  EXPECT_TRUE(params->screen);
  EXPECT_EQ(params->stream, 0x0A0B0C0DU);
  expect_exact(wire::read_track, bytes);
}

TEST(Wire, DownTrack) {
  const auto bytes = golden("down_track");
  const auto params = wire::read_down_track(bytes);
  ASSERT_TRUE(params);
  EXPECT_EQ(params->mid, "7");
  EXPECT_EQ(params->ssrc, 0x89ABCDEFU);
  EXPECT_EQ(params->rtx_ssrc, 0x01020304U);
  ASSERT_EQ(params->payloads.size(), 2U);
  EXPECT_EQ(params->payloads[0].source, 96);
  EXPECT_EQ(params->payloads[0].payload_type, 100);
  EXPECT_EQ(params->payloads[0].rtx_payload_type, 101);
  EXPECT_EQ(params->payloads[1].rtx_payload_type, 0);
  EXPECT_EQ(values(params->extensions), (std::vector<int>{8, 7, 6, 5, 4, 3, 2, 1, 13, 12, 11}));
  EXPECT_EQ(params->cname, "cname");
  expect_exact(wire::read_down_track, bytes);
}

TEST(Wire, UnknownEnumValuesAreRefused) {
  auto transport = golden("transport");
  transport[0] = 3;
  EXPECT_FALSE(wire::read_transport(transport));
  auto track = golden("track");
  track[0] = 3;
  EXPECT_FALSE(wire::read_track(track));
}

TapFrame frame_of(std::size_t size) {
  TapFrame tapped{0x500005, 1'700'000'000'123'456, {}};
  tapped.frame.codec = Codec::kH264;
  tapped.frame.key = true;
  tapped.frame.size = {640, 480};
  tapped.frame.rtp_ts = 0x1'0000'0005;
  tapped.frame.clock_rate = 90'000;
  tapped.frame.lost = 3;
  tapped.frame.codec_private = {9, 8};
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
  if (size == 4) bytes[3] = 255;
  tapped.frame.bytes.add(bytes);
  return tapped;
}

std::vector<Event> sample_events() {
  return {
      TransportStateChanged{0x100001, TransportState::kClosed, CloseReason::kFingerprintMismatch},
      TrackActive{0x200002, 2},
      ChannelOpened{0x100001, 65534, "ion-sfu \xC3\xA9", true},
      ChannelClosed{0x100001, 3, ChannelEnd::kTooSlow},
      ChannelMessage{0x7FF00003, 65534, true, {0, 255}},
      ChannelMessage{0x100001, 1, false, {}},
      LayersWanted{0x200002, 5},
      SpeakersChanged{0x1234567, {3, 0xFFFFFFF0}},
      SpeakersChanged{7, {}},
      frame_of(4),
      TapEnded{0x500005},
      InjectedKeyframeWanted{0x200002},
      EncodingLearned{0x200002, 1, 0xFFFFFFFE, 7},
  };
}

TEST(EventWriter, Events) {
  std::vector<std::uint8_t> buffer(1024);
  EventWriter writer(buffer);
  for (const Event& event : sample_events()) EXPECT_TRUE(writer.accept(event));
  buffer.resize(writer.size());
  EXPECT_EQ(buffer, golden("events"));
}

TEST(EventWriter, FullBufferTakesTheEventInTheNextBatch) {
  std::vector<std::uint8_t> buffer(30);
  EventWriter writer(buffer);
  const Event event = ChannelMessage{1, 1, true, std::vector<std::uint8_t>(10)};
  EXPECT_TRUE(writer.accept(event));
  EXPECT_FALSE(writer.accept(event));
  EXPECT_EQ(writer.size(), 22U);
  writer.clear();
  EXPECT_TRUE(writer.accept(event));
}

TEST(EventWriter, FrameLargerThanTheBufferGoesInParts) {
  constexpr std::size_t kHead = EventWriter::kHeaderSize;
  std::vector<std::uint8_t> buffer(10'000);
  EventWriter writer(buffer);
  const Event event = frame_of(20'000);
  std::vector<std::uint8_t> bytes;
  int parts = 0;
  for (bool whole = false; !whole; ++parts) {
    writer.clear();
    whole = writer.accept(event);
    ASSERT_LT(parts, 3);
    EXPECT_EQ(buffer[0], 8);
    EXPECT_EQ(buffer[1], (parts == 0 ? 1 : 0) | (whole ? 2 : 0));
    const std::size_t from = kHead + (parts == 0 ? 42 : 0);
    bytes.insert(bytes.end(), buffer.begin() + static_cast<std::ptrdiff_t>(from),
                 buffer.begin() + static_cast<std::ptrdiff_t>(writer.size()));
  }
  EXPECT_EQ(parts, 3);
  ASSERT_EQ(bytes.size(), 20'000U);
  for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(bytes[i], static_cast<std::uint8_t>(i + 1)) << i;
  // The next one begins anew.
  writer.clear();
  EXPECT_FALSE(writer.accept(event));
  EXPECT_EQ(buffer[1], 1);
}

TEST(EventWriter, FrameDoesNotBeginInTheRestOfABuffer) {
  std::vector<std::uint8_t> buffer(5000);
  EventWriter writer(buffer);
  EXPECT_TRUE(writer.accept(ChannelMessage{1, 1, true, std::vector<std::uint8_t>(900)}));
  const std::size_t before = writer.size();
  EXPECT_FALSE(writer.accept(frame_of(20'000)));
  EXPECT_EQ(writer.size(), before);
  EXPECT_TRUE(writer.accept(frame_of(100)));
  EXPECT_EQ(writer.dropped(), 0U);
}

TEST(EventWriter, EventLargerThanTheBufferIsCountedAndLeftOut) {
  std::vector<std::uint8_t> buffer(30);
  EventWriter writer(buffer);
  EXPECT_TRUE(writer.accept(ChannelMessage{1, 1, true, std::vector<std::uint8_t>(19)}));
  EXPECT_EQ(writer.size(), 0U);
  EXPECT_EQ(writer.dropped(), 1U);
}

TransportExplanation whole_explanation() {
  using std::chrono::milliseconds;
  TransportExplanation e;
  e.role = TransportRole::kSubscriber;
  e.state = TransportState::kConnected;
  e.dtls_suite = "TLS_X";
  e.dtls_client = true;
  e.srtp = SrtpProfile::kAeadAes128Gcm;
  e.path = PathExplanation{{3, SocketAddress::v4(192, 0, 2, 9, 50'000)}, true, milliseconds(1500), milliseconds(24)};
  BandwidthExplanation& b = e.bandwidth.emplace();
  b.estimate_bps = 430'000;
  b.wanted_bps = 1'200'000;
  b.sent_bps = 400'000;
  b.delivered_bps = 390'000;
  b.delay_limit_bps = 430'000;
  b.loss_limit_bps = std::int64_t{1} << 40;
  b.limit = BandwidthLimit::kDelay;
  b.usage = Usage::kOver;
  b.round_trip = milliseconds(81);
  b.queue = milliseconds(40);
  b.jitter = milliseconds(3);
  b.loss_permille = 25;
  b.own_loss_permille = 5;
  b.reports = 77;
  b.mismatched_reports = 1;
  b.octets = 123'456'789'012;
  b.padding_octets = 5000;
  b.paced = true;
  e.waiting_packets = 12;
  e.waiting_octets = 9000;
  e.waiting = milliseconds(60);
  e.tracks_left_out = 2;
  return e;
}

EncodingExplanation whole_encoding() {
  EncodingExplanation e;
  e.rid = "h";
  e.ssrc = 0xFFFF'FFFE;
  e.active = true;
  e.packets = std::uint64_t{1} << 33;
  e.lost = -3;
  e.jitter = std::chrono::milliseconds(4);
  e.bitrate = 700'000;
  e.width = 640;
  e.height = 360;
  e.nacked = 9;
  e.repaired = 5;
  e.keyframe_requests = 2;
  e.keyframes = 1;
  return e;
}

SentExplanation whole_sent() {
  SentExplanation e;
  e.id = 6;
  e.mid = "4";
  e.kind = MediaKind::kVideo;
  e.packets = 100;
  e.octets = 90'000;
  e.nacked = 4;
  e.repeated = 3;
  e.keyframe_requests = 2;
  e.reported = true;
  e.fraction_lost = 26;
  e.lost = -7;
  e.jitter_ticks = 900;
  e.clock_rate = 90'000;
  e.round_trip = std::chrono::milliseconds(81);
  e.since_keyframe = std::chrono::milliseconds(2500);
  e.sending = true;
  e.waits_for_keyframe = true;
  e.encoding = 0;
  e.layer = {0, 1};
  e.wanted = {0xFF, 0xFF};
  e.reason = AllocationReason::kNoBandwidth;
  e.allocated = Layer{0, 1};
  e.allocated_bps = 150'000;
  e.offered = {{.layer = {2, 0}, .width = 1280, .height = 720, .bitrate = 1'200'000, .peak = 0, .available = true}};
  return e;
}

TEST(Wire, Explanation) {
  TransportExplanation e = whole_explanation();
  e.received.push_back(
      {.id = 5, .mid = "0", .kind = MediaKind::kVideo, .squelched = true, .encodings = {whole_encoding()}});
  e.sent.push_back(whole_sent());
  EXPECT_EQ(wire::write_explanation(e), golden("explanation"));
}

}  // namespace
}  // namespace noir
