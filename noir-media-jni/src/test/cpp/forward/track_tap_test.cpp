#include "forward/track_tap.hpp"

#include <gtest/gtest.h>

#include "forward/tap_source.hpp"

namespace noir {
namespace {

using std::chrono::abs;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TrackParams params_of(MediaKind kind, std::size_t encodings) {
  TrackParams params;
  params.kind = kind;
  params.codecs = {{96, kind == MediaKind::kVideo ? Codec::kVp8 : Codec::kOpus, 90'000}};
  params.encodings.resize(encodings);
  params.nack = params.pli = true;
  return params;
}

constexpr auto kAgrees = [](std::uint8_t) { return false; };

class TrackTapTest : public ::testing::Test {
 protected:
  MediaPacket picture(bool key, std::size_t size = 20) {
    source_.next_frame();
    Payload payload{0x10, static_cast<std::uint8_t>(key ? 0 : 1), 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00};
    payload.resize(size);
    MediaPacket packet = source_.packet(payload, true);
    packet.keyframe_start = key;
    return packet;
  }

  TapSource source_{Codec::kVp8};
  Track track_{params_of(MediaKind::kVideo, 1)};
  PeerClock peer_;
  TrackTap tap_{track_, peer_};
};

TEST_F(TrackTapTest, AsksForAKeyFrameAsOftenAsAnySubscriber) {
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), kAgrees), 0);
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), kAgrees), std::nullopt);
  int asked = 0;
  for (int i = 0; i < 1000; ++i) {
    source_.wait(milliseconds(10));
    if (tap_.take_keyframe_request(source_.now(), kAgrees)) ++asked;
  }
  EXPECT_EQ(asked, 4);  // After 0.5, 1, 2 and 4 s.
  tap_.handle_packet(picture(true));
  EXPECT_TRUE(tap_.poll(source_.now()));
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), kAgrees), std::nullopt);
}

TEST_F(TrackTapTest, AfterALossItAsksWithinTheBudgetOfAll) {
  tap_.handle_packet(picture(true));
  (void)picture(false);
  tap_.handle_packet(picture(false));
  source_.wait(FrameAssembler::kRepairWait);
  tap_.handle_timeout(source_.now());
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), [](std::uint8_t) { return true; }), std::nullopt);
  source_.wait(seconds(1));
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), kAgrees), 0);
}

TEST_F(TrackTapTest, WhatNobodyTakesIsLostUpToAKeyFrame) {
  tap_.handle_packet(picture(true));
  std::size_t given = 0;
  while (tap_.poll(source_.now())) ++given;
  for (int i = 0; i < 100; ++i) {
    tap_.handle_packet(picture(false));
    while (tap_.poll(source_.now())) ++given;
  }
  EXPECT_EQ(given, 61U);  // Of 2 s.
  while (given-- > 0) tap_.note_taken();
  tap_.handle_packet(picture(false));
  EXPECT_FALSE(tap_.poll(source_.now()));
  EXPECT_EQ(tap_.take_keyframe_request(source_.now(), kAgrees), 0);
  tap_.handle_packet(picture(true));
  const auto frame = tap_.poll(source_.now());
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->key);
  EXPECT_EQ(frame->lost, 41U);
}

TEST_F(TrackTapTest, AndSoIsWhatIsTooMuch) {
  tap_.handle_packet(picture(true, 1400));
  std::size_t given = 0;
  for (std::size_t i = 0; i < 2 * TrackTap::kMaxQueued / 1400; ++i) {
    MediaPacket packet = picture(false, 1400);
    while (tap_.poll(Instant(seconds(100)))) ++given;
    tap_.handle_packet(packet);
  }
  EXPECT_GE(given * 1399, TrackTap::kMaxQueued);
  EXPECT_LE(given * 1399, TrackTap::kMaxQueued + 1400);
}

TEST_F(TrackTapTest, HostileClocksDoNotLeadFarAway) {
  std::uint32_t random = 1;
  SenderReport report;
  for (int i = 0; i < 2000; ++i) {
    random = random * 1664525U + 1013904223U;
    report.ntp = std::uint64_t{random} << 32 | random;
    peer_.handle_sender_report(source_.now(), report.ntp);
    MediaPacket packet = picture(true);
    packet.rtp_ts += random;
    tap_.handle_packet(packet);
    const auto frame = tap_.poll(source_.now());
    ASSERT_TRUE(frame);
    tap_.note_taken();
    EXPECT_LE(frame->captured, source_.now() + CaptureClock::kMaxLead + milliseconds(2));
    EXPECT_GE(frame->captured, source_.now() - CaptureClock::kMaxAge);
  }
}

TEST(PeerClock, FollowsAClockThatDriftsAndOneThatIsSet) {
  PeerClock clock;
  EXPECT_FALSE(clock.known());
  clock.handle_sender_report(Instant(seconds(100)), 0);
  EXPECT_FALSE(clock.known());
  const auto ntp = [](std::uint64_t s, std::uint64_t ms = 0) { return s << 32 | (ms << 32) / 1000; };
  clock.handle_sender_report(Instant(seconds(100)), ntp(5000));
  EXPECT_EQ(clock.at(ntp(5001)), Instant(seconds(101)));
  // Late by 10 ms: half a millisecond of it is believed.
  clock.handle_sender_report(Instant(seconds(101)) + milliseconds(10), ntp(5001));
  EXPECT_EQ(clock.at(ntp(5001)), Instant(seconds(101)) + PeerClock::kSlew);
  clock.handle_sender_report(Instant(seconds(102)), ntp(4'000'000'000));
  EXPECT_EQ(clock.at(ntp(4'000'000'000)), Instant(seconds(102)));
}

class CaptureClockTest : public ::testing::Test {
 protected:
  Instant read(std::uint32_t rtp_ts, Duration arrival) {
    return clock_.read(at(arrival), {rtp_ts, 90'000, at(arrival)}, source_, peer_).captured;
  }
  static Instant at(Duration time) { return Instant(seconds(1000)) + time; }

  CaptureClock clock_;
  SourceClock source_;
  PeerClock peer_;
};

TEST_F(CaptureClockTest, GoesByTheFastestArrivalBeforeAnyReport) {
  EXPECT_EQ(read(0xFFFF'F000, milliseconds(30)), at(milliseconds(30)));
  EXPECT_EQ(read(0xFFFF'F000 + 9000, milliseconds(160)), at(milliseconds(130)));
  EXPECT_EQ(read(0xFFFF'F000 + 18000, milliseconds(210)), at(milliseconds(210)));
  EXPECT_EQ(read(0xFFFF'F000 + 27000, milliseconds(330)), at(milliseconds(310)));
}

TEST_F(CaptureClockTest, GoesByReportsWhateverTheNetworkDoes) {
  SenderReport report;
  report.ntp = std::uint64_t{7777} << 32;
  report.rtp_ts = 90'000;
  source_.handle_sender_report(at(seconds(1)), report);
  peer_.handle_sender_report(at(seconds(1)), report.ntp);
  EXPECT_LE(abs(read(99'000, milliseconds(1120)) - at(milliseconds(1100))), microseconds(1));
  EXPECT_LE(abs(read(108'000, milliseconds(1900)) - at(milliseconds(1200))), microseconds(1));
}

TEST_F(CaptureClockTest, DoesNotBelieveAReportThatTheMediaHasLeftBehind) {
  SenderReport report;
  report.ntp = std::uint64_t{7777} << 32;
  report.rtp_ts = 90'000;
  source_.handle_sender_report(at(seconds(1)), report);
  peer_.handle_sender_report(at(seconds(1)), report.ntp);
  EXPECT_EQ(read(90'000, seconds(1)), at(seconds(1)));
  EXPECT_EQ(read(99'000, seconds(60)), at(seconds(60)));  // Muted for a minute, without the clock going on.
  EXPECT_EQ(read(102'000, seconds(60) + milliseconds(40)), at(seconds(60)) + Duration(33'333'333));
}

}  // namespace
}  // namespace noir
