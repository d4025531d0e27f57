#include "forward/decode_target_filter.hpp"

#include <gtest/gtest.h>

#include <random>

#include "forward/layered_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using namespace test;
using Ints = std::vector<int>;

TEST(DependencyDescriptor, ReadsAStructure) {
  const auto structure = one_by_three();
  const auto bytes = make_descriptor({.template_id = 5, .frame = 0x0102, .structure = &structure});
  const auto parsed = parse_dependency_structure(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->first_template, 5);
  EXPECT_EQ(parsed->templates.size(), 5U);
  EXPECT_EQ(parsed->target_count, 3);
  EXPECT_EQ(parsed->targets[1].temporal_id, 1);
  EXPECT_EQ(parsed->targets[2].temporal_id, 2);
  EXPECT_EQ(parsed->chain_count, 1);
  const auto d = parse_dependency_descriptor(bytes, &*parsed);
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->known);
  EXPECT_EQ(d->frame_number, 0x0102);
  EXPECT_EQ(d->active, 0b111);
  EXPECT_EQ(d->info.switches, 0b111);
}

TEST(DependencyDescriptor, ReadsWhatAFrameChangesOfItsTemplate) {
  const auto structure = two_apart();
  const auto parsed = parse_dependency_structure(make_descriptor({.structure = &structure}));
  ASSERT_TRUE(parsed);
  BitWriter out;
  out.bits(1, 1).bits(1, 1).bits(3, 6).bits(7, 16);
  out.bits(0b01111, 5);       // All but a structure.
  out.bits(0b10, 2);          // Active: the second target.
  out.bits(0, 2).bits(3, 2);  // Not there, required.
  out.bits(2, 2).bits(0x12, 8).bits(0, 2);
  out.bits(200, 8).bits(9, 8);
  const auto d = parse_dependency_descriptor(out.bytes(), &*parsed);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->spatial_id, 1);
  EXPECT_EQ(d->active, 0b10);
  EXPECT_EQ(d->info.present, 0b10);
  EXPECT_EQ(d->info.switches, 0);
  EXPECT_EQ(d->info.chain_diffs[0], 200);
  EXPECT_EQ(d->info.chain_diffs[1], 9);
}

TEST(DependencyDescriptor, HostileOnes) {
  const auto structure = one_by_three();
  const auto bytes = make_descriptor({.template_id = 5, .structure = &structure});
  const auto parsed = parse_dependency_structure(bytes);
  for_each_truncation(bytes, [&](ByteSpan cut) {
    EXPECT_FALSE(parse_dependency_structure(cut)) << cut.size();
    (void)parse_dependency_descriptor(cut, nullptr);
    (void)parse_dependency_descriptor(cut, &*parsed);
  });
  EXPECT_FALSE(parse_dependency_descriptor(from_hex("c500"), &*parsed));
  EXPECT_FALSE(parse_dependency_descriptor(from_hex("c5000140"), &*parsed)->has_structure);
  // A template that the structure lacks.
  EXPECT_FALSE(parse_dependency_descriptor(from_hex("c40001"), &*parsed)->known);
  // 32 decode targets; temporal layers without end.
  BitWriter many;
  many.bits(0, 24).bits(0b10000, 5).bits(0, 6).bits(31, 5).bits(3, 2);
  EXPECT_FALSE(parse_dependency_structure(many.bytes()));
  BitWriter endless;
  endless.bits(0, 24).bits(0b10000, 5).bits(0, 6).bits(0, 5);
  for (int i = 0; i < 500; ++i) endless.bits(1, 2);
  EXPECT_FALSE(parse_dependency_structure(endless.bytes()));
}

/// AV1 in one spatial and three temporal layers: 0 2 1 2.
struct Temporal : LayeredSource {
  WrittenStructure structure = one_by_three();
  std::uint16_t frame = 0;

  void push_group(bool key = false) {
    constexpr std::uint8_t kTemplates[] = {6, 8, 7, 9};
    for (int i = 0; i < 4; ++i, ++frame) {
      const bool brings = key && i == 0;
      push_av1({.template_id = brings ? std::uint8_t{5} : kTemplates[i],
                .frame = frame,
                .structure = brings ? &structure : nullptr},
               frame * 3000U);
    }
  }
};

TEST(DecodeTargets, TemporalLayersOfOneSsrc) {
  Temporal t;
  t.set_max(-1, 0);
  t.push_group(true);
  t.push_group();
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 4}));
  EXPECT_EQ(each(t.sent, &SentFrame::seq), (Ints{100, 101}));
  t.set_max(-1, 1);
  t.push_group();
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 4, 8, 10}));
  t.set_max(-1, -1);
  t.push_group();
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 4, 8, 10, 12, 13, 14, 15}));
  EXPECT_FALSE(t.down.keyframe_wanted());
}

TEST(DecodeTargets, ACapThatComesInTheMiddleHoldsFromTheNextSwitchOn) {
  Temporal t;
  t.push_group(true);
  t.set_max(-1, 0);
  t.push_group();
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 1, 2, 3, 4}));
}

TEST(DecodeTargets, FrameNumbersGoOnBehindASwitchOfEncoding) {
  Temporal t;
  t.push_group(true);
  EXPECT_TRUE(t.push_av1({.template_id = 5, .frame = 40'000, .structure = &t.structure}, 0, true, 1));
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 1, 2, 3, 4}));
  EXPECT_TRUE(t.push_av1({.template_id = 8, .frame = 40'001}, 3000, true, 1));
  EXPECT_EQ(t.sent.back().number, 5);
  EXPECT_EQ(t.sent.back().seq, 105);
}

TEST(DecodeTargets, ARepeatedPacketHasItsFrameNumber) {
  Temporal t;
  t.push_group(true);
  EXPECT_TRUE(t.push_av1({.template_id = 5, .frame = 40'000, .structure = &t.structure}, 0, true, 1));
  OutPacket out;
  ASSERT_TRUE(t.down.retransmit(t.now(), 104, t.source.track(), out));
  EXPECT_EQ(to_bytes(out), t.sent.back().bytes);
}

/// AV1 in two spatial layers, one temporal unit after the other.
struct Spatial : LayeredSource {
  WrittenStructure structure;
  std::uint16_t frame = 0;

  explicit Spatial(WrittenStructure s) : structure(std::move(s)) {}
  // Whether each layer was sent.
  std::pair<bool, bool> push_unit(bool key = false) {
    const std::uint32_t ts = frame * 1500U;
    const bool lower = push_av1({.template_id = key ? std::uint8_t{0} : std::uint8_t{1},
                                 .frame = frame,
                                 .structure = key ? &structure : nullptr},
                                ts, false);
    const bool upper = push_av1(
        {.template_id = key ? std::uint8_t{2} : std::uint8_t{3}, .frame = static_cast<std::uint16_t>(frame + 1)}, ts);
    frame = static_cast<std::uint16_t>(frame + 2);
    return {lower, upper};
  }
};

using Pair = std::pair<bool, bool>;

TEST(DecodeTargets, ASpatialLayerBuiltOnTheOther) {
  Spatial t(two_stacked());
  t.set_max(0, -1);
  EXPECT_EQ(t.push_unit(true), Pair(true, false));
  EXPECT_TRUE(t.sent.back().marker);
  t.set_max(1, -1);
  EXPECT_EQ(t.push_unit(), Pair(true, false));  // Not without a key frame,
  EXPECT_EQ(t.down.keyframe_wanted(), 0);       // which is asked for.
  EXPECT_EQ(t.push_unit(true), Pair(true, true));
  EXPECT_EQ(t.push_unit(), Pair(true, true));
  EXPECT_FALSE((t.sent.end() - 2)->marker);
  t.set_max(0, -1);
  EXPECT_EQ(t.push_unit(), Pair(true, false));
}

// Who gets the upper layer alone has nothing to go down on until the next key frame.
TEST(DecodeTargets, SpatialLayersThatAreApartBetweenKeyFrames) {
  Spatial t(two_apart());
  t.set_max(1, -1);
  EXPECT_EQ(t.push_unit(true), Pair(true, true));
  EXPECT_EQ(t.push_unit(), Pair(false, true));
  EXPECT_FALSE(t.down.keyframe_wanted());
  t.set_max(0, -1);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(t.push_unit(), Pair(false, true));
  EXPECT_EQ(t.down.keyframe_wanted(), 0);
  EXPECT_EQ(t.push_unit(true), Pair(true, false));
  EXPECT_EQ(t.push_unit(), Pair(true, false));
  EXPECT_FALSE(t.down.keyframe_wanted());
}

TEST(DecodeTargets, WhatThePublisherDoesNotMakeIsNotWaitedFor) {
  Spatial t(two_stacked());
  t.set_max(1, -1);
  EXPECT_EQ(t.push_unit(true), Pair(true, true));
  // The upper layer stops: only target 0 is made.
  BitWriter out;
  out.bits(0b11, 2).bits(1, 6).bits(t.frame, 16).bits(0b01000, 5).bits(0b01, 2);
  std::vector<std::uint8_t> block{0x10, 0, 0, 2, 12, static_cast<std::uint8_t>(out.bytes().size())};
  block.insert(block.end(), out.bytes().begin(), out.bytes().end());
  block.resize(12);
  EXPECT_TRUE(t.push({.seq = 1002,
                      .rtp_ts = 90'000,
                      .payload_type = kPublishedAv1,
                      .marker = true,
                      .extensions = block,
                      .payload = {0x10, 0x0A}}));
  EXPECT_FALSE(t.down.keyframe_wanted());
  EXPECT_TRUE(t.sent.back().marker);
}

// A structure that we do not understand: everything goes to everybody, as if there were none.
TEST(DecodeTargets, AllIsSentWithoutAStructure) {
  Temporal t;
  t.set_max(-1, 0);
  t.structure.protected_by.assign(20, 0);
  for (auto& layer : t.structure.templates) layer.targets = std::string(20, 'S');
  t.push_group(true);
  EXPECT_EQ(t.sent.size(), 4U);
}

}  // namespace
}  // namespace noir
