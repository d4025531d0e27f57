#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "forward/media_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using namespace test;

constexpr std::uint8_t kPublishedRed = 63;
constexpr std::uint8_t kPublishedRtx = 64;
constexpr std::uint16_t kTicks = 960;  // 20 ms.

TrackParams red_params() {
  TrackParams params = audio_params();
  params.codecs.push_back({kPublishedRed, Codec::kRed, 48'000, kPublishedRtx});
  return params;
}

/// Each packet holds its number, three times, and so many before it twice.
RtpFields red_packet(std::uint16_t seq, std::size_t repeats) {
  RtpFields fields{
      .seq = seq, .rtp_ts = std::uint32_t{seq} * kTicks, .payload_type = kPublishedRed, .marker = seq == 0};
  for (std::size_t before = repeats; before > 0; --before) {
    const std::uint32_t offset = static_cast<std::uint32_t>(before) * kTicks;
    const std::uint32_t rest = offset << 10 | 2U;
    fields.payload.insert(fields.payload.end(),
                          {0x80 | kPublishedOpus, static_cast<std::uint8_t>(rest >> 16),
                           static_cast<std::uint8_t>(rest >> 8), static_cast<std::uint8_t>(rest)});
  }
  fields.payload.push_back(kPublishedOpus);
  for (std::size_t before = repeats; before > 0; --before) {
    fields.payload.insert(fields.payload.end(), 2, static_cast<std::uint8_t>(seq - before));
  }
  fields.payload.insert(fields.payload.end(), 3, static_cast<std::uint8_t>(seq));
  return fields;
}

/// Keeps what was pushed, as the loop does, to ask for repeats of it.
class RedSource {
 public:
  std::vector<MediaPacket> push(Instant now, const RtpFields& fields) {
    PacketRef buffer = pool_.take();
    const auto bytes = make_rtp(fields);
    std::copy(bytes.begin(), bytes.end(), buffer->storage().begin());
    buffer->set_size(bytes.size());
    const auto view = parse_rtp(buffer->bytes(), kPublisherIds);
    std::vector<MediaPacket> packets;
    const auto add = [&](std::optional<MediaPacket> packet) {
      if (packet) packets.push_back(std::move(*packet));
    };
    add(track.handle_rtp(now, buffer, *view, 0));
    if (!track.misses_repeats_of(*view, 0)) return packets;
    for (std::size_t before = 9; before > 0; --before) add(track.handle_redundancy(now, buffer, *view, 0, before));
    return packets;
  }

  std::optional<MediaPacket> repeat(Instant now, const RtpFields& fields) {
    PacketRef buffer = pool_.take();
    RtpFields rtx = fields;
    rtx.payload_type = kPublishedRtx;
    rtx.payload.insert(rtx.payload.begin(),
                       {static_cast<std::uint8_t>(fields.seq >> 8), static_cast<std::uint8_t>(fields.seq)});
    const auto bytes = make_rtp(rtx);
    std::copy(bytes.begin(), bytes.end(), buffer->storage().begin());
    buffer->set_size(bytes.size());
    const auto view = parse_rtp(buffer->bytes(), kPublisherIds);
    return track.handle_repair(now, std::move(buffer), *view, 0);
  }

  Track track{red_params()};

 private:
  PacketPool pool_{256};
};

std::string written(DownTrack& down, const MediaPacket& packet) {
  OutPacket out;
  if (!down.rewrite(packet.arrival, packet, out)) return "none";
  std::vector<std::uint8_t> payload(out.prefix().begin(), out.prefix().end());
  payload.insert(payload.end(), out.payload.begin(), out.payload.end());
  return std::to_string(out.head[1] & 0x7F) + " " + to_hex(payload);
}

DownTrackParams with_red() {
  DownTrackParams params = down_params();
  params.payloads.push_back({kPublishedRed, 110, 0});
  return params;
}

TEST(Red, IsUnwrappedForWhoHasNotTakenIt) {
  RedSource source;
  DownTrack plain(down_params(), MediaKind::kAudio, {});
  const auto packets = source.push(at_ms(0), red_packet(1000, 2));
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].codec, Codec::kOpus);
  EXPECT_EQ(written(plain, packets[0]), "109 e8e8e8");
}

TEST(Red, IsPassedOnWithTheSubscribersPayloadTypes) {
  RedSource source;
  DownTrack red(with_red(), MediaKind::kAudio, {});
  const auto packets = source.push(at_ms(0), red_packet(1000, 2));
  // 0x6D is 109, with the bit that says that more follows 0xED.
  EXPECT_EQ(written(red, packets.at(0)), "110 ed1e0002ed0f00026de6e6e7e7e8e8e8");
}

TEST(Red, PlainPacketsBetweenGoOnAsTheyAre) {
  RedSource source;
  DownTrack plain(down_params(), MediaKind::kAudio, {});
  DownTrack red(with_red(), MediaKind::kAudio, {});
  const RtpFields opus{.seq = 1001, .rtp_ts = 1001 * kTicks, .payload_type = kPublishedOpus, .payload = {1, 2, 3}};
  const auto first = source.push(at_ms(0), red_packet(1000, 1));
  const auto second = source.push(at_ms(20), opus);
  const auto third = source.push(at_ms(40), red_packet(1002, 1));
  for (DownTrack* down : {&plain, &red}) {
    (void)written(*down, first.at(0));
    EXPECT_EQ(written(*down, second.at(0)), "109 010203");
  }
  EXPECT_EQ(written(plain, third.at(0)), "109 eaeaea");
  EXPECT_EQ(written(red, third.at(0)), "110 ed0f00026de9e9eaeaea");
  EXPECT_EQ(plain.segments(), 1U);
}

TEST(Red, RepeatsFillGaps) {
  RedSource source;
  DownTrack plain(down_params(), MediaKind::kAudio, {});
  (void)written(plain, source.push(at_ms(0), red_packet(1000, 2)).at(0));
  const auto packets = source.push(at_ms(60), red_packet(1003, 2));
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_EQ(written(plain, packets[0]), "109 ebebeb");
  EXPECT_EQ(written(plain, packets[1]), "109 e9e9");
  EXPECT_EQ(written(plain, packets[2]), "109 eaea");
  EXPECT_EQ(packets[1].rtp_ts, 1001U * kTicks);
  EXPECT_EQ(packets[2].ext_seq + 1, packets[0].ext_seq);
  EXPECT_EQ(source.track.receiver(0).tell().repaired, 2U);
  // They are not missing any more: nobody gets them twice, also when they were only late.
  EXPECT_EQ(source.push(at_ms(61), red_packet(1002, 2)).size(), 0U);
  EXPECT_EQ(source.push(at_ms(80), red_packet(1004, 2)).size(), 1U);
}

TEST(Red, ARepeatOfAnotherTimeIsNotTheMissingPacket) {
  RedSource source;
  (void)source.push(at_ms(0), red_packet(1000, 1));
  RtpFields odd = red_packet(1003, 2);
  odd.payload[2] = 0x04;  // The older block is 1921 ticks before, not twice 960.
  const auto packets = source.push(at_ms(60), odd);
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[1].rtp_ts, 1002U * kTicks);
}

TEST(Red, WhatIsMalformedOrHoldsAnotherCodecIsDropped) {
  RedSource source;
  RtpFields cut = red_packet(1000, 2);
  cut.payload.resize(9);
  EXPECT_TRUE(source.push(at_ms(0), cut).empty());
  RtpFields foreign = red_packet(1001, 0);
  foreign.payload[0] = 8;
  EXPECT_TRUE(source.push(at_ms(20), foreign).empty());
  RtpFields itself = red_packet(1001, 0);
  itself.payload[0] = kPublishedRed;
  EXPECT_TRUE(source.push(at_ms(20), itself).empty());
}

// RFC 4588 wraps anything: what is inside has passed no check yet.
TEST(Red, IsLookedAtInRtxToo) {
  RedSource source;
  DownTrack plain(down_params(), MediaKind::kAudio, {});
  (void)written(plain, source.push(at_ms(0), red_packet(1000, 0)).at(0));
  (void)written(plain, source.push(at_ms(60), red_packet(1003, 0)).at(0));
  RtpFields cut = red_packet(1001, 2);
  cut.payload.resize(9);
  EXPECT_FALSE(source.repeat(at_ms(80), cut).has_value());
  const auto whole = source.repeat(at_ms(80), red_packet(1002, 2));
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(written(plain, *whole), "109 eaeaea");
}

}  // namespace
}  // namespace noir
