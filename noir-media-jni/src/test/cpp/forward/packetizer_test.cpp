#include "forward/packetizer.hpp"

#include <gtest/gtest.h>

#include <random>

#include "forward/frame_builder.hpp"
#include "forward/tap_source.hpp"
#include "support/encoded_source.hpp"

namespace noir {
namespace {

using Outcome = FrameBuilder::Outcome;

Payload operator+(Payload a, const Payload& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<Payload> copies(const PayloadList& list) {
  std::vector<Payload> payloads;
  for (std::size_t i = 0; i < list.size(); ++i) payloads.emplace_back(list[i].begin(), list[i].end());
  return payloads;
}

std::vector<Payload> packetize(Packetizer& packetizer, const EncodedSource::Frame& frame) {
  PayloadList out;
  EXPECT_TRUE(packetizer.packetize({frame.key, frame.codec_private, frame.bytes}, out));
  return copies(out);
}

bool refuses(Codec codec, const Payload& bytes, bool key = false, const Payload& configuration = {}) {
  Packetizer packetizer(codec, 0);
  PayloadList out;
  const bool taken = packetizer.packetize({key, configuration, bytes}, out);
  EXPECT_EQ(out.size() == 0, !taken);
  return !taken;
}

class PacketizerTest : public ::testing::TestWithParam<Codec> {};

TEST_P(PacketizerTest, FramesOfAnySizeComeOutAsTheyWentIn) {
  Packetizer packetizer(GetParam(), 0x7FFE);
  EncodedSource source(GetParam());
  TapSource packets(GetParam());
  FrameBuilder builder;
  for (std::size_t size = 1; size < 12'000; size += size < 2500 ? 1 : 997) {
    if (GetParam() == Codec::kOpus && size > PayloadList::kMaxPayload) break;
    const auto frame = source.frame(size % 50 == 1, size);
    const auto payloads = packetize(packetizer, frame);
    for (const Payload& payload : payloads) ASSERT_LE(payload.size(), PayloadList::kMaxPayload);
    ASSERT_LE(payloads.size(), 2 + frame.bytes.size() / 1100);
    EncodedFrame built;
    ASSERT_EQ(builder.build(packets.packets(payloads), built), Outcome::kFrame) << size;
    ASSERT_EQ(bytes_of(built.bytes), frame.bytes) << size;
    ASSERT_EQ(built.key, frame.key);
    if (frame.key) {
      ASSERT_EQ(built.codec_private, frame.codec_private);
    }
  }
}

TEST_P(PacketizerTest, BytesOfChanceAreRefusedOrComeOutAgain) {
  std::mt19937 random(3);
  Packetizer packetizer(GetParam(), 0);
  TapSource packets(GetParam());
  PayloadList out;
  for (int i = 0; i < 20'000; ++i) {
    Payload bytes(random() % 60);
    for (auto& octet : bytes) octet = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : random() % 6);
    Payload configuration(random() % 3 == 0 ? random() % 40 : 0);
    for (auto& octet : configuration) octet = static_cast<std::uint8_t>(random() % 10);
    if (!packetizer.packetize({random() % 2 == 0, configuration, bytes}, out)) continue;
    ASSERT_GT(out.size(), 0U);
    FrameBuilder builder;
    EncodedFrame built;
    // A sequence header of AV1 that nobody can read is found by the builder alone.
    const auto outcome = builder.build(packets.packets(copies(out)), built);
    if (GetParam() != Codec::kAv1) {
      EXPECT_NE(outcome, Outcome::kBroken);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, PacketizerTest,
                         ::testing::Values(Codec::kOpus, Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1));

TEST(Vp8Payloads, CountPicturesIn15Bits) {
  Packetizer packetizer(Codec::kVp8, 0x7FFF);
  EncodedSource source(Codec::kVp8);
  const auto key = packetize(packetizer, source.frame(true, 2000));
  ASSERT_EQ(key.size(), 2U);
  EXPECT_EQ(Payload(key[0].begin(), key[0].begin() + 5), (Payload{0x90, 0x80, 0xFF, 0xFF, 0x10}));
  EXPECT_EQ(Payload(key[1].begin(), key[1].begin() + 4), (Payload{0x80, 0x80, 0xFF, 0xFF}));
  const auto next = packetize(packetizer, source.frame(false, 10));
  EXPECT_EQ(Payload(next[0].begin(), next[0].begin() + 5), (Payload{0x90, 0x80, 0x80, 0x00, 0x11}));
}

TEST(Vp8Payloads, OfWhatIsNoPictureAreRefused) {
  EXPECT_TRUE(refuses(Codec::kVp8, {}));
  EXPECT_TRUE(refuses(Codec::kVp8, {0x11, 0}));
  EXPECT_TRUE(refuses(Codec::kVp8, {0x10, 0, 0}));
  EXPECT_TRUE(refuses(Codec::kVp8, {0x10, 0, 0, 0x9D, 0x01, 0x2B, 0, 0, 0, 0}));
  EXPECT_FALSE(refuses(Codec::kVp8, {0x11, 0, 0}));
}

TEST(Vp9Payloads, SayWhereAPictureBeginsAndEndsAndItsSize) {
  Packetizer packetizer(Codec::kVp9, 0x0102);
  EncodedSource source(Codec::kVp9);
  const auto key = packetize(packetizer, source.frame(true, 2000));
  ASSERT_EQ(key.size(), 2U);
  EXPECT_EQ(Payload(key[0].begin(), key[0].begin() + 9),
            (Payload{0x8A, 0x81, 0x02, 0x10, 0x02, 0x80, 0x01, 0xE0, 0x82}));
  EXPECT_EQ(Payload(key[1].begin(), key[1].begin() + 3), (Payload{0x84, 0x81, 0x02}));
  const auto next = packetize(packetizer, source.frame(false, 10));
  EXPECT_EQ(Payload(next[0].begin(), next[0].begin() + 4), (Payload{0xCC, 0x81, 0x03, 0x86}));
  EXPECT_TRUE(refuses(Codec::kVp9, {0x40, 1, 2}));
}

// What stands in an SDP's sprop-parameter-sets.
const Payload kSps{0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x05, 0x07, 0xE4};
const Payload kPps{0x68, 0xCE, 0x3C, 0x80};

TEST(H264Payloads, OfKeyFramesBeginWithParameterSets) {
  Packetizer packetizer(Codec::kH264, 0);
  EncodedSource source(Codec::kH264);
  const auto key = packetize(packetizer, source.frame(true, 10));
  ASSERT_EQ(key.size(), 1U);
  EXPECT_EQ(Payload(key[0].begin(), key[0].begin() + 17), (Payload{0x78, 0, 8} + kSps + Payload{0, 4} + kPps));
  const auto large = packetize(packetizer, source.frame(true, 3000));
  ASSERT_EQ(large.size(), 4U);
  EXPECT_EQ(large[0][0], 0x78);  // STAP-A: sets and SEI.
  EXPECT_EQ(Payload(large[1].begin(), large[1].begin() + 3), (Payload{0x7C, 0x85, 0x88}));
  EXPECT_EQ(large[2][1], 0x05);
  EXPECT_EQ(large[3][1], 0x45);
}

TEST(H264Payloads, KeepParameterSetsForLaterKeyFramesAndTakeThoseOfTheFrame) {
  Packetizer packetizer(Codec::kH264, 0);
  const Payload idr{0x65, 0x88, 1};
  (void)packetize(packetizer, {true, EncodedSource::h264_configuration(), EncodedSource::units({idr})});
  const auto again = packetize(packetizer, {true, {}, EncodedSource::units({idr})});
  EXPECT_EQ(again[0].size(), 1U + 2 + 8 + 2 + 4 + 2 + 3);
  const Payload other{0x67, 0x42, 0xC0, 0x1E, 1};
  const auto own = packetize(packetizer, {true, {}, EncodedSource::units({other, kPps, idr})});
  EXPECT_EQ(own[0].size(), 1U + 2 + 5 + 2 + 4 + 2 + 3);
}

TEST(H264Payloads, HaveParameterSetsInOnePacketEach) {
  for (const std::size_t size : {std::size_t{513}, std::size_t{1180}, std::size_t{1181}}) {
    Payload sps(size, 1);
    std::copy(kSps.begin(), kSps.end(), sps.begin());
    const Payload before{
        1, 0x42, 0xC0, 0x1F, 0xFF, 0xE1, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    const Payload configuration = before + sps + Payload{1, 0, 4} + kPps;
    const Payload idr = EncodedSource::units({{0x65, 0x88, 1}});
    if (size > 1180) {
      EXPECT_TRUE(refuses(Codec::kH264, idr, true, configuration));
      continue;
    }
    Packetizer packetizer(Codec::kH264, 0);
    const auto key = packetize(packetizer, {true, configuration, idr});
    EXPECT_EQ(key.size(), size == 513 ? 1U : 2U);
    EXPECT_EQ(key[0][0], size == 513 ? 0x78 : 0x67);
  }
}

TEST(H264Payloads, FollowLengthsOfOtherSizes) {
  Packetizer packetizer(Codec::kH264, 0);
  Payload configuration = EncodedSource::h264_configuration();
  configuration[4] = 0xFD;  // Two octets.
  const auto key = packetize(packetizer, {true, configuration, {0, 3, 0x65, 0x88, 1, 0, 2, 0x09, 0x10}});
  ASSERT_EQ(key.size(), 1U);
  EXPECT_EQ(Payload(key[0].end() - 5, key[0].end()), (Payload{0, 3, 0x65, 0x88, 1}));  // And no delimiter.
}

TEST(H264Payloads, OfWhatIsNoPictureAreRefused) {
  const Payload key = EncodedSource::units({{0x65, 0x88, 1}});
  const Payload configuration = EncodedSource::h264_configuration();
  EXPECT_FALSE(refuses(Codec::kH264, key, true, configuration));
  EXPECT_TRUE(refuses(Codec::kH264, key, true));  // Nobody could decode it.
  EXPECT_TRUE(refuses(Codec::kH264, key, false));
  for (std::size_t size = 1; size < configuration.size(); ++size) {
    EXPECT_TRUE(refuses(Codec::kH264, key, true, Payload(configuration.begin(), configuration.begin() + size))) << size;
  }
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 0, 3, 0x41, 1}));     // Longer than it is.
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 0, 0}));              // Nothing.
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 1, 0x41, 1, 2}));     // A start code.
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 0, 2, 0x78, 1}));     // An aggregate.
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 0, 2, 0xC1, 1}));     // The forbidden bit.
  EXPECT_TRUE(refuses(Codec::kH264, {0, 0, 0, 2, 0x09, 0x10}));  // A delimiter alone.
  EXPECT_FALSE(refuses(Codec::kH264, {0, 0, 0, 2, 0x41, 0x9A}));
}

TEST(Av1Payloads, AreElementsBehindTheirSizes) {
  Packetizer packetizer(Codec::kAv1, 0);
  const Payload sequence = EncodedSource::av1_sequence();
  const Payload unit = Payload{0x12, 0} + sequence + EncodedSource::obu(0x32, {7, 8});
  const auto key = packetize(packetizer, {true, {}, unit});
  ASSERT_EQ(key.size(), 1U);
  const Payload header(sequence.begin() + 2, sequence.end());
  EXPECT_EQ(key[0], (Payload{0x08, 12, 0x08} + header + Payload{3, 0x30, 7, 8}));
  // From the configuration, when the frame has none.
  const auto added =
      packetize(packetizer, {true, EncodedSource::av1_configuration(), EncodedSource::obu(0x32, {7, 8})});
  EXPECT_EQ(added, key);
  const auto large = packetize(packetizer, {false, {}, EncodedSource::obu(0x36, Payload(1500, 5))});
  ASSERT_EQ(large.size(), 2U);
  EXPECT_EQ(large[0][0], 0x40);
  EXPECT_EQ(large[1][0], 0x80);
}

TEST(Av1Payloads, OfWhatIsNoPictureAreRefused) {
  EXPECT_TRUE(refuses(Codec::kAv1, EncodedSource::obu(0x32, {1}), true));  // Nowhere a sequence header.
  EXPECT_TRUE(refuses(Codec::kAv1, EncodedSource::obu(0x32, {1}), true, {0x81, 0, 0, 0}));
  EXPECT_TRUE(refuses(Codec::kAv1, {0x32, 9, 1}));  // Longer than it is.
  EXPECT_TRUE(refuses(Codec::kAv1, {0xB2, 1, 1}));  // The forbidden bit.
  EXPECT_TRUE(refuses(Codec::kAv1, {0x12, 0}));     // A delimiter alone.
  EXPECT_TRUE(refuses(Codec::kAv1, {0x36}));        // A header that is cut.
  EXPECT_TRUE(refuses(Codec::kAv1, {0x32, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1}));
  EXPECT_FALSE(refuses(Codec::kAv1, {0x30, 1, 2}));  // The last one may have no size.
}

TEST(Packetizer, TakesNothingThatIsTooLarge) {
  EXPECT_FALSE(refuses(Codec::kOpus, Payload(PayloadList::kMaxPayload, 0x78)));
  EXPECT_TRUE(refuses(Codec::kOpus, Payload(PayloadList::kMaxPayload + 1, 0x78)));
  EXPECT_TRUE(refuses(Codec::kRed, {0x78}));
  EXPECT_FALSE(refuses(Codec::kVp8, Payload(Packetizer::kMaxFrame, 0x11)));
  EXPECT_TRUE(refuses(Codec::kVp8, Payload(Packetizer::kMaxFrame + 1, 0x11)));
  EXPECT_TRUE(refuses(Codec::kVp8, {0x11, 0, 0}, false, Payload(Packetizer::kMaxPrivate + 1)));
}

}  // namespace
}  // namespace noir
