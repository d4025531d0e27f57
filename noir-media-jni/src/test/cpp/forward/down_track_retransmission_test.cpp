#include <gtest/gtest.h>

#include <map>
#include <random>

#include "forward/media_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using namespace test;

RtpFields video(std::uint16_t seq, bool keyframe = false) {
  return {.seq = seq,
          .rtp_ts = seq * 3000U,
          .marker = seq % 2 == 1,
          .extensions = from_hex("bede 0001 d0 01 00 00"),
          .payload = make_vp8({.picture_id = static_cast<std::uint16_t>(seq / 2),
                               .tl0_pic_idx = 9,
                               .temporal_id = static_cast<std::uint8_t>(seq / 2 % 2),
                               .frame_start = seq % 2 == 0,
                               .keyframe = keyframe,
                               .body = static_cast<std::uint8_t>(seq)})};
}

DownTrackParams params_with_extensions(bool rtx) {
  DownTrackParams params = down_params(rtx);
  params.extensions = {.mid = 1, .abs_send_time = 3, .video_orientation = 6};
  return params;
}

struct Link {
  MediaSource source{video_params(2)};
  DownTrack down;

  explicit Link(bool rtx = false, std::uint16_t seq = 100)
      : down(params_with_extensions(rtx), MediaKind::kVideo, {seq, 500, 777}) {}

  std::optional<std::vector<std::uint8_t>> push(std::int64_t ms, const RtpFields& fields, std::uint8_t encoding = 0) {
    const auto packet = source.push(at_ms(ms), fields, encoding);
    OutPacket out;
    if (!packet || !down.rewrite(at_ms(ms), *packet, out)) return std::nullopt;
    return to_bytes(out);
  }
  std::optional<std::vector<std::uint8_t>> repeat(std::int64_t ms, std::uint16_t seq, std::uint64_t* index = nullptr) {
    OutPacket out;
    if (!down.retransmit(at_ms(ms), seq, source.track(), out)) return std::nullopt;
    if (index != nullptr) *index = out.index;
    return to_bytes(out);
  }
};

TEST(Retransmission, WhatBeganLateCanBeRepeatedToo) {
  Link link;
  EXPECT_FALSE(link.push(0, video(11)));
  EXPECT_FALSE(link.push(1, video(10, true)));
  OutPacket out;
  ASSERT_TRUE(link.down.rewrite_backlog(link.source.track(), out));
  const auto first = to_bytes(out);
  ASSERT_TRUE(link.down.rewrite_backlog(link.source.track(), out));
  EXPECT_EQ(link.repeat(60, 100), first);
}

TEST(Retransmission, PlainOneIsBitIdentical) {
  Link link;
  const auto first = link.push(0, video(10, true));
  ASSERT_TRUE(link.push(33, video(11)));
  std::uint64_t index = 0;
  EXPECT_EQ(link.repeat(60, 100, &index), first);
  EXPECT_EQ(index, 100U);
}

TEST(Retransmission, RtxCarriesTheOriginalSequenceNumber) {
  Link link(true);
  const auto first = link.push(0, video(10, true));
  ASSERT_TRUE(first);
  std::uint64_t index = 0;
  const auto again = link.repeat(60, 100, &index);
  ASSERT_TRUE(again);
  const auto view = parse_rtp(*again, {});
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->ssrc, kOutRtxSsrc);
  EXPECT_EQ(view->payload_type, 121);
  EXPECT_EQ(view->seq, 500);
  EXPECT_EQ(index, 500U);
  EXPECT_EQ(load_be16(again->data() + view->header_size), 100);
  // The rest of the payload, timestamp and marker are those of the original.
  const auto original = parse_rtp(*first, {});
  EXPECT_EQ(view->rtp_ts, original->rtp_ts);
  EXPECT_EQ(view->marker, original->marker);
  EXPECT_EQ(to_hex(ByteSpan(*again).subspan(view->header_size + 2U)),
            to_hex(ByteSpan(*first).subspan(original->header_size)));
  ASSERT_TRUE(link.repeat(160, 100, &index));
  EXPECT_EQ(index, 501U);
}

TEST(Retransmission, RepeatsWithin100MillisecondsAreIgnored) {
  Link link;
  ASSERT_TRUE(link.push(0, video(10, true)));
  EXPECT_TRUE(link.repeat(10, 100));
  EXPECT_FALSE(link.repeat(109, 100));
  EXPECT_TRUE(link.repeat(110, 100));
}

TEST(Retransmission, UnknownAndOldOnesAreIgnored) {
  Link link;
  EXPECT_FALSE(link.repeat(0, 100));
  ASSERT_TRUE(link.push(0, video(10, true)));
  ASSERT_TRUE(link.push(2, video(12)));
  EXPECT_FALSE(link.repeat(10, 99));   // Before the first.
  EXPECT_FALSE(link.repeat(10, 101));  // Lost upstream.
  EXPECT_FALSE(link.repeat(10, 103));  // Not sent yet.
  for (std::uint16_t seq = 13; seq < 600; ++seq) (void)link.push(seq, video(seq));
  EXPECT_FALSE(link.repeat(1000, 100));
}

TEST(Retransmission, WhatIsRepairedUpstreamCanBeRepeated) {
  Link link;
  ASSERT_TRUE(link.push(0, video(10, true)));
  ASSERT_TRUE(link.push(2, video(12)));
  const auto late = link.push(50, video(11));
  ASSERT_TRUE(late);
  EXPECT_EQ(link.repeat(90, 101), late);
}

TEST(Retransmission, NothingFromBeforeASwitchOrARestart) {
  Link link;
  ASSERT_TRUE(link.push(0, video(10, true), 0));
  RtpFields high = video(10, true);
  high.ssrc = kSsrc + 1;
  ASSERT_TRUE(link.push(33, high, 1));
  EXPECT_FALSE(link.repeat(60, 100));
  EXPECT_TRUE(link.repeat(60, 101));
  high = video(11);
  high.ssrc = kSsrc + 2;
  EXPECT_FALSE(link.push(200, high, 1));  // Another stream, no key frame yet.
  EXPECT_FALSE(link.repeat(300, 101));
}

TEST(Retransmission, AudioKeepsALittle) {
  TrackParams params = audio_params();
  params.nack = true;
  MediaSource source(params);
  DownTrack down(down_params(), MediaKind::kAudio, {10, 0, 0});
  OutPacket out;
  for (std::uint16_t seq = 0; seq < 100; ++seq) {
    const auto packet =
        source.push(at_ms(seq * 20), {.seq = seq, .payload_type = kPublishedOpus, .payload = {1, 2, 3}});
    ASSERT_TRUE(packet && down.rewrite(at_ms(seq * 20), *packet, out));
  }
  EXPECT_TRUE(down.retransmit(at_ms(2000), 10 + 99, source.track(), out));
  EXPECT_TRUE(down.retransmit(at_ms(2000), 10 + 62, source.track(), out));
  EXPECT_FALSE(down.retransmit(at_ms(2000), 10 + 61, source.track(), out));
}

// Whatever happens in between, bytes sent under an index stay the bytes of that index.
TEST(Retransmission, AnIndexNeverGetsOtherBytes) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    Link link(false, static_cast<std::uint16_t>(random()));
    std::map<std::uint64_t, std::vector<std::uint8_t>> sent;
    OutPacket out;
    const auto check = [&](const OutPacket& packet) {
      const auto bytes = to_bytes(packet);
      const auto [it, fresh] = sent.emplace(packet.index, bytes);
      ASSERT_EQ(to_hex(it->second), to_hex(bytes)) << "seed " << seed << " index " << packet.index;
    };
    std::array<std::uint16_t, 2> seq{static_cast<std::uint16_t>(random()), static_cast<std::uint16_t>(random())};
    std::uint64_t repeats = 0;
    for (std::int64_t now = 0; now < 4000; ++now) {
      const auto encoding = static_cast<std::uint8_t>(random() % 2);
      std::uint16_t& next = seq[encoding];
      next = static_cast<std::uint16_t>(next + 1 + (random() % 10 == 0 ? 1 : 0));
      const auto late = static_cast<std::uint16_t>(next - random() % 3);
      RtpFields fields = video(random() % 5 == 0 ? late : next, random() % 40 == 0);
      fields.ssrc = kSsrc + encoding;
      if (random() % 12 == 0) fields = {.seq = next, .ssrc = fields.ssrc, .padding = 20};
      if (random() % 100 == 0) link.down.set_muted(!link.down.muted());
      if (random() % 100 == 0)
        link.down.set_max_layers(at_ms(now), static_cast<int>(random() % 2), static_cast<int>(random() % 2));
      const auto packet = link.source.push(at_ms(now), fields, encoding);
      if (packet && link.down.rewrite(at_ms(now), *packet, out)) check(out);
      if (sent.empty()) continue;
      const auto lost = static_cast<std::uint16_t>(sent.rbegin()->first - random() % 20);
      if (link.down.retransmit(at_ms(now), lost, link.source.track(), out)) {
        check(out);
        ++repeats;
      }
    }
    EXPECT_GT(repeats, 100U);
  }
}

}  // namespace
}  // namespace noir
