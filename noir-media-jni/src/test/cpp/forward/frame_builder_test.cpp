#include "forward/frame_builder.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "forward/tap_source.hpp"

namespace noir {
namespace {

using Outcome = FrameBuilder::Outcome;

struct Built {
  Outcome outcome = Outcome::kNothing;
  EncodedFrame frame;

  [[nodiscard]] Payload bytes() const { return bytes_of(frame.bytes); }
};

class Builder {
 public:
  explicit Builder(Codec codec) : source_(codec) {}

  Built build(const std::vector<Payload>& payloads) {
    Built built;
    const auto packets = source_.packets(payloads);
    built.outcome = builder_.build(packets, built.frame);
    return built;
  }

 private:
  TapSource source_;
  FrameBuilder builder_;
};

Payload operator+(Payload a, const Payload& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(FrameBytes, AreCopiedFromAnywhereAsFarAsThereIsRoom) {
  PacketPool pool(16);
  const PacketRef packet = pool.copy_of(Payload{1, 2, 3, 4, 5});
  FrameBytes bytes;
  bytes.add(packet, packet->bytes().subspan(1, 3));
  bytes.add(Payload{9, 8});
  bytes.add(packet, packet->bytes().subspan(4));
  bytes.add(packet, {});
  const Payload whole{2, 3, 4, 9, 8, 5};
  ASSERT_EQ(bytes.size(), whole.size());
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    for (std::size_t room = 0; room <= whole.size() + 1; ++room) {
      Payload out(room, 0xEE);
      const std::size_t copied = bytes.copy(at, out);
      ASSERT_EQ(copied, std::min(room, whole.size() - at));
      EXPECT_TRUE(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(copied),
                             whole.begin() + static_cast<std::ptrdiff_t>(at)));
    }
  }
}

// VP8: descriptor without extension, S on the first packet.
const Payload kVp8Key{0x10, 0x00, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x40};  // 320 x 240, scaled.

TEST(Vp8Frames, AreWhatStandsBehindTheDescriptors) {
  Builder vp8(Codec::kVp8);
  const Built key = vp8.build({kVp8Key, {0x00, 1, 2}, {0x80, 0x80, 0x81, 0x23, 3}});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  EXPECT_EQ(key.frame.size, (FrameSize{320, 240}));
  EXPECT_EQ(key.bytes(), (Payload{0x00, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x40, 1, 2, 3}));
  const Built inter = vp8.build({{0x10, 0x01, 7}, {0x01, 8}});
  ASSERT_EQ(inter.outcome, Outcome::kFrame);
  EXPECT_FALSE(inter.frame.key);
  EXPECT_EQ(inter.frame.size, FrameSize{});
  EXPECT_EQ(inter.bytes(), (Payload{0x01, 7, 8}));
}

TEST(Vp8Frames, WithoutABeginningAreBroken) {
  Builder vp8(Codec::kVp8);
  EXPECT_EQ(vp8.build({{0x00, 1, 2}}).outcome, Outcome::kBroken);
  EXPECT_EQ(vp8.build({kVp8Key, kVp8Key}).outcome, Outcome::kBroken);             // Two of them.
  EXPECT_EQ(vp8.build({kVp8Key, {0x80, 0x80, 0x80}}).outcome, Outcome::kBroken);  // Ends in its descriptor.
  EXPECT_EQ(vp8.build({{0x10, 0x00, 0, 0, 1, 1, 1, 0x40, 0x01, 0xF0, 0}}).outcome, Outcome::kBroken);  // No start code.
  EXPECT_EQ(vp8.build({{0x10, 0x00, 0, 0, 0x9D, 0x01, 0x2A}}).outcome, Outcome::kBroken);              // No size.
  EXPECT_EQ(vp8.build({{0x10}}).outcome, Outcome::kNothing);
}

TEST(OpusFrames, ArePackets) {
  Builder opus(Codec::kOpus);
  const Built frame = opus.build({{0x78, 1, 2}});
  ASSERT_EQ(frame.outcome, Outcome::kFrame);
  EXPECT_TRUE(frame.frame.key);
  EXPECT_EQ(frame.bytes(), (Payload{0x78, 1, 2}));
}

TEST(OpusFrames, OfRedAreTheNewestBlock) {
  TapSource source(Codec::kOpus);
  FrameBuilder builder;
  MediaPacket packet = source.packet({0x80 | 111, 0x0F, 0x00, 2, 111, 0xAA, 0xBB, 0x78, 1});
  packet.red = true;
  Built built;
  ASSERT_EQ(builder.build(std::span(&packet, 1), built.frame), Outcome::kFrame);
  EXPECT_EQ(built.bytes(), (Payload{0x78, 1}));
  MediaPacket cut = source.packet({0x80 | 111, 0x0F, 0x00, 9, 111, 0xAA});
  cut.red = true;
  Built broken;
  EXPECT_EQ(builder.build(std::span(&cut, 1), broken.frame), Outcome::kBroken);
}

// VP9: F = 0, picture id of 7 bits, layers. I L B E = 0x80 0x20 0x08 0x04, P 0x40.
Payload vp9(std::uint8_t flags, std::uint8_t spatial, const Payload& data) {
  return Payload{static_cast<std::uint8_t>(0xA0 | flags), 5, static_cast<std::uint8_t>(spatial << 1), 1} + data;
}
// Profile 0 key frame: frame marker, sync code, BT.601 limited, 640 x 480.
const Payload kVp9Key{0x82, 0x49, 0x83, 0x42, 0x20, 0x27, 0xF0, 0x1D, 0xF0, 0};

TEST(Vp9Frames, OfOneLayerAreAsTheyAre) {
  Builder builder(Codec::kVp9);
  const Built key = builder.build({Payload{0x08} + kVp9Key, {0x04, 7, 8}});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  EXPECT_EQ(key.frame.size, (FrameSize{640, 480}));
  EXPECT_EQ(key.bytes(), (kVp9Key + Payload{7, 8}));
  const Built inter = builder.build({{0x4C, 1, 2, 3}});
  ASSERT_EQ(inter.outcome, Outcome::kFrame);
  EXPECT_FALSE(inter.frame.key);
  EXPECT_EQ(inter.bytes(), (Payload{1, 2, 3}));
  // FFmpeg's descriptors say of no picture that it needs another one.
  const Built unsaid = builder.build({{0x0C, 0x86, 2, 3}});
  ASSERT_EQ(unsaid.outcome, Outcome::kFrame);
  EXPECT_FALSE(unsaid.frame.key);
}

TEST(Vp9Frames, OfLayersAreSuperframes) {
  Builder builder(Codec::kVp9);
  const Payload large(300, 0x11);
  const Built key =
      builder.build({vp9(0x0C, 0, kVp9Key), vp9(0x08, 1, {1, 2}), vp9(0x04, 1, {3}), vp9(0x4C, 2, large)});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  // Three frames, two octets for each size, little-endian.
  const Payload index{0xCA, 10, 0, 3, 0, 0x2C, 0x01, 0xCA};
  EXPECT_EQ(key.bytes(), (kVp9Key + Payload{1, 2, 3} + large + index));
}

TEST(Vp9Frames, OfWhichALayersPartIsMissingAreBroken) {
  Builder builder(Codec::kVp9);
  EXPECT_EQ(builder.build({vp9(0x0C, 1, {1})}).outcome, Outcome::kBroken);                     // The lowest.
  EXPECT_EQ(builder.build({vp9(0x04, 0, {1})}).outcome, Outcome::kBroken);                     // The beginning.
  EXPECT_EQ(builder.build({vp9(0x08, 0, {1})}).outcome, Outcome::kBroken);                     // The end.
  EXPECT_EQ(builder.build({vp9(0x08, 0, {1}), vp9(0x0C, 1, {1})}).outcome, Outcome::kBroken);  // An end within.
  EXPECT_EQ(builder.build({{0x8C}}).outcome, Outcome::kBroken);                                // The picture's number.
  EXPECT_EQ(builder.build({vp9(0x0C, 0, {})}).outcome, Outcome::kBroken);                      // What it is about.
  EXPECT_EQ(builder.build(std::vector<Payload>(9, vp9(0x0C, 0, {1}))).outcome, Outcome::kBroken);  // Nine layers.
}

// H264: baseline 3.1, 320 x 240; what stands in an SDP's sprop-parameter-sets.
const Payload kSps{0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x05, 0x07, 0xE4};
const Payload kPps{0x68, 0xCE, 0x3C, 0x80};
const Payload kIdr{0x65, 0x88, 1, 2, 3};

Payload stap(const std::vector<Payload>& units) {
  Payload out{0x18};
  for (const Payload& unit : units) out = out + Payload{0, static_cast<std::uint8_t>(unit.size())} + unit;
  return out;
}
Payload behind_length(const Payload& unit) { return Payload{0, 0, 0, static_cast<std::uint8_t>(unit.size())} + unit; }

TEST(H264Frames, AreUnitsBehindTheirLengthsAndParameterSetsApart) {
  Builder builder(Codec::kH264);
  const Payload sei{0x06, 5, 1};
  const Built key = builder.build({stap({{0x09, 0x10}, kSps, kPps}), sei, kIdr});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  EXPECT_EQ(key.bytes(), behind_length(sei) + behind_length(kIdr));
  EXPECT_EQ(key.frame.size, (FrameSize{320, 240}));
  EXPECT_EQ(key.frame.codec_private, (Payload{1, 0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0, 8} + kSps + Payload{1, 0, 4} + kPps));
  const Built slice = builder.build({{0x41, 0x9A, 5}});
  ASSERT_EQ(slice.outcome, Outcome::kFrame);
  EXPECT_FALSE(slice.frame.key);
  EXPECT_TRUE(slice.frame.codec_private.empty());
}

TEST(H264Frames, ArePutTogetherOfFragments) {
  Builder builder(Codec::kH264);
  const Built key = builder.build({kSps, kPps, {0x7C, 0x85, 0x88, 1}, {0x7C, 0x05, 2}, {0x7C, 0x45, 3}});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  EXPECT_EQ(key.bytes(), behind_length(kIdr));
  // Parameter sets of before are enough.
  EXPECT_TRUE(builder.build({kIdr}).frame.key);
}

TEST(H264Frames, WithoutParameterSetsAreNoBeginning) {
  Builder builder(Codec::kH264);
  const Built idr = builder.build({kIdr});
  EXPECT_EQ(idr.outcome, Outcome::kFrame);
  EXPECT_FALSE(idr.frame.key);
  EXPECT_EQ(builder.build({kSps}).outcome, Outcome::kNothing);
  EXPECT_FALSE(builder.build({kIdr}).frame.key);
  EXPECT_EQ(builder.build({kPps}).outcome, Outcome::kNothing);
  EXPECT_TRUE(builder.build({kIdr}).frame.key);
  // Another SPS comes with its own PPS.
  Payload other = kSps;
  other.back() = 0xE5;
  EXPECT_EQ(builder.build({other}).outcome, Outcome::kNothing);
  EXPECT_FALSE(builder.build({kIdr}).frame.key);
}

TEST(H264Frames, ThatAreCutOrLieAreBroken) {
  Builder builder(Codec::kH264);
  EXPECT_EQ(builder.build({{0x7C, 0x05, 2}}).outcome, Outcome::kBroken);                   // No beginning,
  EXPECT_EQ(builder.build({{0x7C, 0x85, 2}}).outcome, Outcome::kBroken);                   // no end,
  EXPECT_EQ(builder.build({{0x7C, 0x85, 2}, {0x7C, 0x85, 2}}).outcome, Outcome::kBroken);  // two beginnings,
  EXPECT_EQ(builder.build({{0x7C, 0x85, 2}, {0x41, 2}}).outcome, Outcome::kBroken);        // another within,
  EXPECT_EQ(builder.build({{0x7C, 0x85}}).outcome, Outcome::kBroken);                      // nothing in it.
  EXPECT_EQ(builder.build({{0x18, 0, 9, 0x41, 1}}).outcome, Outcome::kBroken);             // Longer than it is.
  EXPECT_EQ(builder.build({{0x18, 0}}).outcome, Outcome::kBroken);
  EXPECT_EQ(builder.build({{0x1D, 1, 2, 3}}).outcome, Outcome::kBroken);  // FU-B: not negotiated.
  EXPECT_EQ(builder.build({{0x00, 1}}).outcome, Outcome::kBroken);
}

TEST(H264Frames, KeepNoMoreParameterSetsThanEncodersMake) {
  H264ParameterSets sets;
  sets.add(kSps);
  for (std::uint8_t i = 0; i < 200; ++i) sets.add(Payload{0x68, i, 1});
  sets.add(Payload(5000, 0x68));
  EXPECT_LT(sets.configuration().size(), 100U);
  sets.add(Payload{0x67});
  EXPECT_TRUE(sets.complete());
}

TEST(H264Frames, KeepParameterSetsAsLargeAsAConfiguration) {
  H264ParameterSets sets;
  Payload sps(2000, 1);
  std::copy(kSps.begin(), kSps.end(), sps.begin());
  sets.add(sps);
  sets.add(Payload(1500, 0x68));
  const std::size_t whole = sets.configuration().size();
  EXPECT_GT(whole, 3500U);
  Payload another(1500, 0x68);
  another[1] = 1;
  sets.add(another);  // In the place of the older one, for which there is no room.
  EXPECT_TRUE(sets.complete());
  EXPECT_EQ(sets.configuration().size(), whole);
}

// AV1: aggregation header Z Y W N; OBU headers without sizes, as RTP has them.
// Profile 0, level 4.1, high tier, 640 x 360, 4:2:0 with samples in line with those of brightness.
const Payload kAv1Sequence{0x08, 0x00, 0x00, 0x00, 0x4E, 0x62, 0x7F, 0xB3, 0x80, 0x4F, 0x00, 0x50};

TEST(Av1Frames, HaveSizesAndNoDelimiters) {
  Builder builder(Codec::kAv1);
  // W = 0: each element behind its size. Delimiter, sequence header, frame; the last with a size of its own as well.
  const auto size = static_cast<std::uint8_t>(kAv1Sequence.size());
  const Built key = builder.build({Payload{0x08, 1, 0x10, size} + kAv1Sequence + Payload{4, 0x32, 2, 7, 8}});
  ASSERT_EQ(key.outcome, Outcome::kFrame);
  EXPECT_TRUE(key.frame.key);
  const Payload sequence =
      Payload{0x0A, static_cast<std::uint8_t>(size - 1)} + Payload(kAv1Sequence.begin() + 1, kAv1Sequence.end());
  EXPECT_EQ(key.bytes(), (sequence + Payload{0x32, 2, 7, 8}));
  ASSERT_GT(key.frame.codec_private.size(), 4U);
  EXPECT_EQ(Payload(key.frame.codec_private.begin(), key.frame.codec_private.begin() + 4), (Payload{0x81, 9, 0x8D, 0}));
  EXPECT_EQ(key.frame.size, (FrameSize{640, 360}));
  EXPECT_EQ(Payload(key.frame.codec_private.begin() + 4, key.frame.codec_private.end()), sequence);
}

TEST(Av1Frames, ArePutTogetherOfFragments) {
  Builder builder(Codec::kAv1);
  Payload large(400, 0x55);
  const Payload first(large.begin(), large.begin() + 200);
  const Payload second(large.begin() + 200, large.end());
  // W = 1, Y; then Z, W = 2: the rest behind its size, and another one.
  const Built frame =
      builder.build({Payload{0x50, 0x30} + first, Payload{0xA0, 0xC8, 0x01} + second + Payload{0x34, 0x20, 9}});
  ASSERT_EQ(frame.outcome, Outcome::kFrame);
  EXPECT_FALSE(frame.frame.key);
  EXPECT_EQ(frame.bytes(), (Payload{0x32, 0x90, 0x03} + large + Payload{0x36, 0x20, 1, 9}));
}

TEST(Av1Frames, ThatAreCutOrLieAreBroken) {
  Builder builder(Codec::kAv1);
  EXPECT_EQ(builder.build({{0x90, 0x30, 1}}).outcome, Outcome::kBroken);  // Goes on with nothing.
  EXPECT_EQ(builder.build({{0x50, 0x30, 1}}).outcome, Outcome::kBroken);  // Does not go on.
  EXPECT_EQ(builder.build({{0x50, 0x30, 1}, {0x10, 0x30, 1}}).outcome, Outcome::kBroken);
  EXPECT_EQ(builder.build({{0x00, 9, 0x30, 1}}).outcome, Outcome::kBroken);  // Longer than it is.
  EXPECT_EQ(builder.build({{0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}}).outcome, Outcome::kBroken);
  EXPECT_EQ(builder.build({{0x10, 0x32, 9, 1}}).outcome, Outcome::kBroken);  // Its own size, too.
  EXPECT_EQ(builder.build({{0x10, 0xB0, 1}}).outcome, Outcome::kBroken);     // The forbidden bit.
  EXPECT_EQ(builder.build({{0x30, 1, 0x30}}).outcome, Outcome::kBroken);     // Three, and one is there.
  EXPECT_EQ(builder.build({{0x10}}).outcome, Outcome::kBroken);
  EXPECT_EQ(builder.build({{0x18, 0x08, 0x00}}).outcome, Outcome::kBroken);  // A header that is cut.
  EXPECT_EQ(builder.build({{0x10, 0x10}}).outcome, Outcome::kNothing);       // A delimiter.
}

TEST(FrameBuilder, BytesOfChanceHarmNothing) {
  std::mt19937 random(5);
  for (const Codec codec : {Codec::kOpus, Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1}) {
    Builder builder(codec);
    for (int i = 0; i < 3000; ++i) {
      std::vector<Payload> payloads(1 + random() % 4);
      std::size_t size = 0;
      for (Payload& payload : payloads) {
        payload.resize(1 + random() % 40);
        for (auto& octet : payload) octet = static_cast<std::uint8_t>(random());
        size += payload.size();
      }
      const Built built = builder.build(payloads);
      EXPECT_LE(built.frame.bytes.size(), 6 * size);
    }
  }
}

}  // namespace
}  // namespace noir
