#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Publishers whose packets are right, but not what one expects.
class OddMediaTest : public ::testing::Test {
 protected:
  struct Packet {
    std::uint32_t ssrc = 8;
    std::uint16_t seq = 0;
    std::uint8_t payload_type = 96;
    bool marker = true;
    std::uint32_t rtp_ts = 0;
    std::vector<std::uint8_t> payload;
    std::uint32_t roc = 0;
  };

  TrackId publish(Codec codec, std::vector<EncodingParams> encodings = {{"", 8}}) {
    TrackParams params;
    params.kind = MediaKind::kVideo;
    params.mid = "m" + std::to_string(++counter_);
    params.codecs = {{96, codec, 90'000}};
    params.encodings = std::move(encodings);
    params.nack = params.pli = true;
    const auto id = room_.sfu().add_track(room_.now(), publisher_.transport, params);
    EXPECT_TRUE(id.ok());
    return *id;
  }
  void subscribe(TrackId track, std::uint8_t payload_type = 96) {
    DownTrackParams params;
    params.mid = "d";
    params.ssrc = 0x30000000U + ++counter_;
    params.payloads = {{payload_type, 100, 0}};
    ASSERT_TRUE(room_.sfu().add_down_track(room_.now(), subscriber_.transport, track, params).ok());
    room_.run_for(milliseconds(10));
  }
  void send(const Packet& packet) {
    std::vector<std::uint8_t> bytes(12 + packet.payload.size());
    ByteWriter out(bytes);
    out.u8(0x80);
    out.u8(static_cast<std::uint8_t>((packet.marker ? 0x80 : 0) | packet.payload_type));
    out.u16(packet.seq);
    out.u32(packet.rtp_ts);
    out.u32(packet.ssrc);
    out.bytes(packet.payload);
    publisher_.client->send_plain_rtp(bytes, (std::uint64_t{packet.roc} << 16) | packet.seq);
  }
  static std::vector<std::uint8_t> vp8(std::uint16_t picture_id, bool keyframe) {
    return {0x90,
            0x80,
            static_cast<std::uint8_t>(0x80 | (picture_id >> 8)),
            static_cast<std::uint8_t>(picture_id),
            static_cast<std::uint8_t>(keyframe ? 0x10 : 0x11),
            0xAA,
            0xBB};
  }
  // Frames of one packet, 30 a second.
  void send_frames(std::uint16_t count, std::uint16_t first_id, std::uint32_t ssrc = 8, bool keyframe_first = true) {
    for (std::uint16_t i = 0; i < count; ++i, ++seq_) {
      const auto id = static_cast<std::uint16_t>(first_id + i);
      send({.ssrc = ssrc, .seq = seq_, .rtp_ts = seq_ * 3000U, .payload = vp8(id, keyframe_first && i == 0)});
      room_.run_for(milliseconds(33));
    }
  }
  std::uint64_t forwarded() { return room_.sfu().counters().packets_forwarded; }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  std::uint32_t counter_ = 0;
  std::uint16_t seq_ = 1;
};

// fixtures/odd 21
TEST_F(OddMediaTest, APictureIdThatJumpsAtAKeyFrameStopsNothing) {
  subscribe(publish(Codec::kVp8));
  send_frames(200, 20'000);
  EXPECT_EQ(forwarded(), 200U);
  send_frames(200, 10'000);
  EXPECT_EQ(forwarded(), 400U);
  send_frames(200, 30'000);
  EXPECT_EQ(forwarded(), 600U);
}

// fixtures/odd 20
TEST_F(OddMediaTest, H264DoesNotStartWithAnIdrAlone) {
  subscribe(publish(Codec::kH264));
  const auto frames = [&](int count, std::vector<std::uint8_t> payload) {
    for (int i = 0; i < count; ++i, ++seq_) {
      send({.seq = seq_, .rtp_ts = seq_ * 3000U, .payload = payload});
      room_.run_for(milliseconds(33));
    }
  };
  frames(10, {0x65, 0x88, 0x80});
  EXPECT_EQ(forwarded(), 0U);
  EXPECT_GE(publisher_.client->counters().plis, 1U);
  // SPS, PPS and the slices of an IDR picture, one by one.
  for (const std::vector<std::uint8_t>& unit :
       {std::vector<std::uint8_t>{0x68, 0xCE}, {0x67, 0x42}, {0x65, 0x88}, {0x65, 0x18}}) {
    send({.seq = seq_++, .marker = unit[1] == 0x18, .rtp_ts = 500'000, .payload = unit});
  }
  room_.run_for(milliseconds(33));
  EXPECT_EQ(forwarded(), 4U);
  frames(5, {0x41, 0x9A});
  EXPECT_EQ(forwarded(), 9U);
}

// RFC 2198: one packet brings two, its own and the one before it, which was lost.
TEST_F(OddMediaTest, SoundGoesOnBehindAGapThatARepeatHasFilled) {
  TrackParams params;
  params.kind = MediaKind::kAudio;
  params.mid = "sound";
  params.codecs = {{111, Codec::kOpus, 48'000}, {63, Codec::kRed, 48'000}};
  params.encodings = {{"", 8}};
  const auto track = room_.sfu().add_track(room_.now(), publisher_.transport, params);
  ASSERT_TRUE(track.ok());
  subscribe(*track, 111);
  for (std::uint16_t seq = 1; seq <= 100; ++seq) {
    const auto octet = static_cast<std::uint8_t>(seq);
    // One repeat of two octets, 960 ticks before; then three octets.
    const std::vector<std::uint8_t> payload{0xEF, 0x0F, 0x00, 0x02, 0x6F, 1, 1, octet, octet, octet};
    if (seq % 10 != 5) send({.seq = seq, .payload_type = 63, .rtp_ts = seq * 960U, .payload = payload});
    room_.run_for(milliseconds(20));
  }
  EXPECT_EQ(forwarded(), 100U);
}

// fixtures/odd 08
TEST_F(OddMediaTest, TheFirstPacketThatComesMayHaveRolledOver) {
  subscribe(publish(Codec::kVp8));
  for (std::uint16_t seq = 3; seq < 300; ++seq) {
    send({.seq = seq, .rtp_ts = seq * 3000U, .payload = vp8(seq, seq == 3), .roc = 1});
  }
  room_.run_for(milliseconds(100));
  EXPECT_EQ(forwarded(), 297U);
}

// fixtures/odd R15
TEST_F(OddMediaTest, SsrcsOfASimGroupAreEncodings) {
  subscribe(publish(Codec::kVp8, {{"", 1001}, {"", 1002}, {"", 1003}}));
  for (std::uint16_t i = 0; i < 200; ++i) {
    for (const std::uint32_t ssrc : {1001U, 1002U, 1003U}) {
      send({.ssrc = ssrc, .seq = i, .rtp_ts = i * 3000U, .payload = vp8(i, i % 50 == 0)});
    }
    room_.run_for(milliseconds(33));
  }
  EXPECT_GE(forwarded(), 199U);
  EXPECT_LE(forwarded(), 202U);
}

TEST_F(OddMediaTest, AnSsrcTakesOverOnlyFromASilentOne) {
  subscribe(publish(Codec::kVp8));
  for (std::uint16_t i = 0; i < 200; ++i) {
    for (const std::uint32_t ssrc : {8U, 9U, 10U}) {
      send({.ssrc = ssrc, .seq = i, .rtp_ts = i * 3000U, .payload = vp8(i, i % 50 == 0)});
    }
    room_.run_for(milliseconds(33));
  }
  EXPECT_EQ(forwarded(), 200U);
  room_.run_for(milliseconds(600));
  seq_ = 300;
  send_frames(100, 7, 9);
  EXPECT_EQ(forwarded(), 300U);
}

// fixtures/odd 05
TEST_F(OddMediaTest, AMuteByReplaceTrackNullLeavesNoReportAheadOfThePackets) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(5));
  video.source->set_paused(room.now(), true);
  room.run_for(seconds(1));
  const std::uint64_t reports = down.recorded().sender_reports;
  room.run_for(seconds(9));
  EXPECT_EQ(down.recorded().sender_reports, reports);
}

TEST_F(OddMediaTest, EveryRtpStreamOfAPublisherIsReported) {
  std::vector<SimTrack> tracks;
  for (int i = 0; i < 60; ++i) tracks.push_back(room_.publish_audio(publisher_));
  room_.run_for(milliseconds(1500));
  std::set<std::uint32_t>& reported = publisher_.client->reported_ssrcs();
  reported.clear();
  room_.run_for(milliseconds(1100));
  EXPECT_EQ(reported.size(), 60U);
}

}  // namespace
}  // namespace noir
