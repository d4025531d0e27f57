#include "sfu/injected_stream.hpp"

#include <gtest/gtest.h>

#include "forward/codec/opus.hpp"
#include "rtp/rtp_packet.hpp"

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

using Bytes = std::vector<std::uint8_t>;

constexpr InjectedStart kStart{.ssrc = 7, .rtp_ts = 0xFFFF'FF00, .seq = 0xFFFF, .picture = 1};
constexpr Instant kNow{seconds(100)};

RtpView parsed(const PacketRef& packet) {
  const auto rtp = parse_rtp(packet->bytes(), {});
  EXPECT_TRUE(rtp);
  return rtp ? *rtp : RtpView{};
}

TEST(OpusDuration, FollowsTheFirstOctets) {
  const auto ms = [](const Bytes& packet) { return opus_duration(packet) / 48.0; };
  EXPECT_EQ(ms({0 << 3}), 10);
  EXPECT_EQ(ms({3 << 3}), 60);
  EXPECT_EQ(ms({(7 << 3) | 1}), 120);
  EXPECT_EQ(ms({13 << 3}), 20);
  EXPECT_EQ(ms({14 << 3}), 10);
  EXPECT_EQ(ms({16 << 3}), 2.5);
  EXPECT_EQ(ms({(31 << 3) | 2}), 40);
  EXPECT_EQ(ms({(31 << 3) | 3, 0x83}), 60);
  EXPECT_EQ(ms({(31 << 3) | 3}), 0);
  EXPECT_EQ(ms({}), 0);
}

class InjectedStreamTest : public ::testing::Test {
 protected:
  std::vector<PacketRef> packets(InjectedStream& stream, Instant at, bool key, const Bytes& bytes) {
    std::vector<PacketRef> out;
    EXPECT_TRUE(stream.packetize(at, {key, {}, bytes}, pool_, out).ok());
    return out;
  }

  PacketPool pool_{64};
  InjectedStream video_{{96, Codec::kVp8, 90'000, 0}, kStart};
  InjectedStream audio_{{111, Codec::kOpus, 48'000, 0}, kStart};
};

TEST_F(InjectedStreamTest, PacketsOfAPictureAreNumberedAndTheLastOneIsMarked) {
  Bytes key{0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0};
  key.resize(3000);
  const auto made = packets(video_, kNow, true, key);
  ASSERT_EQ(made.size(), 4U);
  EXPECT_TRUE(parsed(made[0]).is_padding_only());
  for (std::size_t i = 0; i < made.size(); ++i) {
    const RtpView rtp = parsed(made[i]);
    EXPECT_EQ(rtp.seq, static_cast<std::uint16_t>(0xFFFF + i));
    EXPECT_EQ(rtp.marker, i == 3);
    EXPECT_EQ(rtp.payload_type, 96);
    EXPECT_EQ(rtp.ssrc, 7U);
    EXPECT_EQ(rtp.rtp_ts, 0xFFFF'FF00 + 9'000'000U);
  }
  const SenderReport report = video_.report(kNow + microseconds(500), 5);
  EXPECT_EQ(report.rtp_ts, 0xFFFF'FF00 + 9'000'045U);
  EXPECT_EQ(report.packet_count, 3U);
  EXPECT_EQ(report.octet_count, 3000U);
}

TEST_F(InjectedStreamTest, WithoutBuffersNothingIsSentUpToTheNextKeyFrame) {
  Bytes key{0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0};
  Bytes large = key;
  large.resize(100'000);
  const auto before = packets(video_, kNow, true, key);
  std::vector<PacketRef> out;
  EXPECT_EQ(video_.packetize(kNow, {true, {}, large}, pool_, out).error(), ErrorCode::kLimitExceeded);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(video_.packetize(kNow, {false, {}, Bytes{0x11, 0, 0}}, pool_, out).error(), ErrorCode::kWrongState);
  const auto after = packets(video_, kNow, true, key);
  EXPECT_EQ(parsed(after[0]).seq, static_cast<std::uint16_t>(parsed(before[1]).seq + 1));  // No hole.
}

TEST_F(InjectedStreamTest, SoundGoesOnWhereItHasEndedUnlessItsTimeIsFarAway) {
  const Bytes sound{0x78, 1};
  const auto at = [&](int us) { return parsed(packets(audio_, kNow + microseconds(us), true, sound).back()).rtp_ts; };
  const std::uint32_t first = at(0);
  EXPECT_EQ(at(21'000), first + 960);  // A millisecond late.
  EXPECT_EQ(at(38'000), first + 1920);
  EXPECT_EQ(at(100'000), first + 4800);  // Two are missing.
  EXPECT_FALSE(parsed(packets(audio_, kNow + microseconds(120'000), true, sound)[0]).marker);
}

}  // namespace
}  // namespace noir
