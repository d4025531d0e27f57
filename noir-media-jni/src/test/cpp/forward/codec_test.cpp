#include <gtest/gtest.h>

#include <array>

#include "forward/codec/av1.hpp"
#include "forward/codec/h264.hpp"
#include "forward/codec/keyframe.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::for_each_truncation;
using test::from_hex;
using test::to_hex;

TEST(Vp8, ReadsEveryField) {
  const auto d = parse_vp8_descriptor(from_hex("90 f0 8123 45 e7 10 ff"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->size, 6);
  EXPECT_EQ(d->picture_id, 0x0123);
  EXPECT_EQ(d->picture_id_bits, 15);
  EXPECT_TRUE(d->has_tl0_pic_idx);
  EXPECT_EQ(d->tl0_pic_idx, 0x45);
  EXPECT_TRUE(d->has_temporal_id);
  EXPECT_EQ(d->temporal_id, 3);
  EXPECT_TRUE(d->layer_sync);
  EXPECT_TRUE(d->has_key_idx);
  EXPECT_EQ(d->key_idx, 7);
  EXPECT_TRUE(d->frame_start);
  EXPECT_TRUE(d->keyframe_start);
}

TEST(Vp8, SizesAndKeyFrames) {
  struct Case {
    const char* payload;
    int size;  // -1 = malformed.
    bool keyframe;
  };
  constexpr Case kCases[] = {
      {"", -1, false},                  // Padding-only: what made ion-sfu drop it before the feedback.
      {"10", 1, false},                 // No payload after the descriptor.
      {"10 00", 1, true},               // Plain, key.
      {"10 01", 1, false},              // Plain, inter.
      {"00 00", 1, false},              // Not the start.
      {"11 00", 1, false},              // Start of partition 1.
      {"90", -1, false},                // X without its octet.
      {"90 00 00", 2, true},            // X with nothing present.
      {"90 80", -1, false},             // I without its octet.
      {"90 80 05 00", 3, true},         // 7-bit picture id.
      {"90 80 85", -1, false},          // M without its octet.
      {"90 80 85 01 00", 4, true},      // 15-bit picture id.
      {"90 40", -1, false},             // L without its octet.
      {"90 40 09 00", 3, true},         // TL0PICIDX.
      {"90 20", -1, false},             // T without its octet.
      {"90 10 1f 00", 3, true},         // K only.
      {"90 f0 81 23 45", -1, false},    // Ends before T and K.
      {"90 f0 81 23 45 20", 6, false},  // Ends after the descriptor.
      {"90 f0 81 23 45 20 01", 6, false},
  };
  for (const Case& c : kCases) {
    const auto d = parse_vp8_descriptor(from_hex(c.payload));
    EXPECT_EQ(d ? int{d->size} : -1, c.size) << c.payload;
    EXPECT_EQ(d && d->keyframe_start, c.keyframe) << c.payload;
    EXPECT_EQ(is_keyframe_start(Codec::kVp8, from_hex(c.payload)), c.keyframe) << c.payload;
  }
}

TEST(Vp8, RewritesOnlyWhatIsThere) {
  struct Case {
    const char* payload;
    const char* rewritten;
  };
  constexpr Case kCases[] = {
      {"90 f0 8123 45 e7 10", "90f0ffff11e3"},  // All.
      {"90 80 05 10", "9080ffff"},              // A 7-bit picture id becomes a 15-bit one.
      {"90 40 09 10", "904011"},                // TL0PICIDX only.
      {"90 20 60 10", "902060"},                // No KEYIDX: the T octet stays.
      {"90 10 1f 10", "901003"},                // No TID.
      {"10 10", "10"},
  };
  for (const Case& c : kCases) {
    std::array<std::uint8_t, Vp8Descriptor::kMaxSize> out{};
    const auto payload = from_hex(c.payload);
    const std::size_t size = rewrite_vp8_descriptor(payload, {0x7FFF, 0x11, 0x03}, out.data());
    EXPECT_EQ(to_hex(ByteSpan(out).first(size)), c.rewritten) << c.payload;
  }
}

struct StartCase {
  const char* payload;
  bool keyframe;
};

TEST(Vp9, SeesTheStartOfAKeyPicture) {
  constexpr StartCase kCases[] = {
      {"", false},
      {"08", false},              // No payload.
      {"08 00", true},            // B, no P.
      {"48 00", false},           // Inter.
      {"00 00", false},           // Not the start.
      {"88 85 12 00", true},      // 15-bit picture id.
      {"88 85 12", false},        // ... and nothing after.
      {"88 85", false},           // Half a picture id.
      {"a8 05 00 07 00", true},   // Layer indices: spatial 0.
      {"a8 05 02 07 00", false},  // Spatial 1.
      {"a8 05", false},
  };
  for (const StartCase& c : kCases)
    EXPECT_EQ(is_keyframe_start(Codec::kVp9, from_hex(c.payload)), c.keyframe) << c.payload;
}

TEST(Vp9, ReadsLayersReferencesAndStructures) {
  // I P L F B: flexible, with two references; then the frame.
  auto d = parse_vp9_descriptor(from_hex("f8 8123 55 03 04 00"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->picture_id, 0x0123);
  EXPECT_EQ(d->picture_id_bits, 15);
  EXPECT_EQ(d->temporal_id, 2);
  EXPECT_EQ(d->spatial_id, 2);
  EXPECT_TRUE(d->switch_up);
  EXPECT_TRUE(d->inter_picture);
  EXPECT_FALSE(d->keyframe_start);
  EXPECT_EQ(d->head_size, 4);
  // I L B V: two layers with their sizes, and a group of two pictures.
  d = parse_vp9_descriptor(from_hex("aa 05 00 07 38 0140 00b4 0280 0168 02 00 1405 00"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->tl0_pic_idx, 7);
  EXPECT_EQ(d->width, 640);
  EXPECT_EQ(d->height, 360);
  EXPECT_EQ(d->head_size, 4);
  EXPECT_TRUE(d->keyframe_start);
}

TEST(Vp9, RewritesTheHeadOnly) {
  struct Case {
    const char* payload;
    const char* rewritten;
  };
  constexpr Case kCases[] = {
      {"a8 8123 12 07 00", "a8ffff1211"},  // All.
      {"a8 05 12 07 00", "a8ffff1211"},    // A 7-bit picture id becomes a 15-bit one.
      {"b8 05 12 07 00", "b8ffff12"},      // Flexible: no TL0PICIDX.
      {"88 05 00", "88ffff"},
      {"08 00", "08"},
  };
  for (const Case& c : kCases) {
    std::array<std::uint8_t, Vp9Descriptor::kMaxHead> out{};
    const std::size_t size = rewrite_vp9_head(from_hex(c.payload), {0x7FFF, 0x11, 0}, out.data());
    EXPECT_EQ(to_hex(ByteSpan(out).first(size)), c.rewritten) << c.payload;
  }
}

struct PartsCase {
  const char* payload;
  const char* parts;  // s, p, i.
};

std::string to_text(H264Parts parts) {
  return std::string(parts.sps ? "s" : "") + (parts.pps ? "p" : "") + (parts.idr ? "i" : "");
}

TEST(H264, SeesParameterSetsAndTheFirstSliceOfAnIdrPicture) {
  constexpr PartsCase kCases[] = {
      {"", ""},
      {"65", ""},                                   // A NAL header alone.
      {"65 88", "i"},                               // IDR.
      {"65 18", ""},                                // IDR, a later slice.
      {"67 42", "s"},                               // SPS.
      {"68 ce", "p"},                               // PPS.
      {"41 9a", ""},                                // Non-IDR slice.
      {"7c 85 88", "i"},                            // FU-A, start, IDR.
      {"7c 85 18", ""},                             // FU-A, start, IDR, a later slice.
      {"7c 05 88", ""},                             // FU-A, middle.
      {"7c 45 88", ""},                             // FU-A, end.
      {"7c 81 88", ""},                             // FU-A, start, non-IDR.
      {"7c 85", ""},                                // FU-A without payload.
      {"78 0002 6742 0002 68ce", "sp"},             // STAP-A with SPS and PPS.
      {"78 0002 6742 0002 68ce 0002 6588", "spi"},  // And IDR.
      {"78 0002 0900 0002 6588", "i"},              // STAP-A with AUD and IDR.
      {"78 0002 4100 0002 68ce", "p"},
      {"78 0003 6742", ""},                      // The unit is longer than the packet,
      {"78 0002 6742 0002 68ce 0009 6588", ""},  // or the last one is.
      {"78 0000 0002 6588", "i"},                // An empty unit.
      {"78 00", ""},
  };
  for (const PartsCase& c : kCases) EXPECT_EQ(to_text(find_h264_parts(from_hex(c.payload))), c.parts) << c.payload;
}

TEST(H264, KnowsWhatNobodyNeeds) {
  using enum H264Slices;
  struct Case {
    const char* payload;
    H264Slices slices;
  };
  constexpr Case kCases[] = {
      {"", kNone},
      {"41 9a", kNeeded},
      {"01 9a", kNotNeeded},
      {"06 05", kNone},                        // SEI has no reference either, and says nothing.
      {"1c 81 88", kNotNeeded},                // FU-A,
      {"1c 01 88", kNotNeeded},                // in its middle,
      {"5c 81 88", kNeeded},                   // and of a picture that is needed.
      {"18 0002 0900 0002 0188", kNotNeeded},  // STAP-A: a delimiter and a slice.
      {"78 0002 0188 0002 4188", kNeeded},     // One slice is enough.
      {"18 0002 0188 0009 0188", kNone},       // Malformed.
  };
  for (const Case& c : kCases) EXPECT_EQ(find_h264_slices(from_hex(c.payload)), c.slices) << c.payload;
}

struct AccessUnit {
  const char* what;
  std::vector<std::pair<std::uint64_t, const char*>> packets;  // As they come.
  std::uint64_t first;                                         // 0 = nothing to start with.
};

TEST(H264, StartsAtTheFirstPacketOfAnAccessUnitThatHasAll) {
  const AccessUnit kCases[] = {
      {"in one", {{10, "78 0002 6742 0002 68ce 0002 6588"}}, 10},
      {"one by one", {{10, "67 42"}, {11, "68 ce"}, {12, "65 88"}}, 10},
      {"PPS before SPS", {{10, "68 ce"}, {11, "67 42"}, {12, "65 88"}}, 10},
      {"behind a delimiter and SEI",
       {{10, "09 10"}, {11, "06 05"}, {12, "78 0002 6742 0002 68ce"}, {13, "7c 85 88"}},
       10},
      {"an IDR alone", {{10, "65 88"}}, 0},
      {"an IDR in slices, alone", {{10, "65 88"}, {11, "65 18"}, {12, "65 14"}}, 0},
      {"no PPS", {{10, "67 42"}, {11, "65 88"}}, 0},
      {"no IDR", {{10, "67 42"}, {11, "68 ce"}, {12, "41 9a"}}, 0},
      {"the first slice is missing", {{10, "67 42"}, {11, "68 ce"}, {13, "65 18"}}, 0},
      {"mixed up", {{12, "65 88"}, {11, "68 ce"}, {10, "67 42"}}, 10},
      {"a STAP-A that is too long", {{10, "78 0002 6742 0002 68ce 00ff 06"}, {11, "65 88"}}, 0},
  };
  for (const AccessUnit& c : kCases) {
    H264KeyframeFinder finder;
    EXPECT_EQ(finder.handle_packet(9, 1000, from_hex("41 9a")), 0U);
    std::uint64_t first = 0;
    for (const auto& [seq, payload] : c.packets)
      first = std::max(first, finder.handle_packet(seq, 4000, from_hex(payload)));
    EXPECT_EQ(first, c.first) << c.what;
  }
}

TEST(H264, PartsOfTwoAccessUnitsAreNoStart) {
  H264KeyframeFinder finder;
  EXPECT_EQ(finder.handle_packet(10, 1000, from_hex("78 0002 6742 0002 68ce")), 0U);
  EXPECT_EQ(finder.handle_packet(11, 4000, from_hex("65 88")), 0U);
  // What comes late from the one before does not end this one.
  EXPECT_EQ(finder.handle_packet(9, 1000, from_hex("67 42")), 0U);
  EXPECT_EQ(finder.handle_packet(12, 4000, from_hex("78 0002 6742 0002 68ce")), 11U);
  EXPECT_EQ(finder.handle_packet(13, 4000, from_hex("67 42")), 0U);  // Found once.
}

TEST(Av1, SeesANewCodedVideoSequence) {
  constexpr StartCase kCases[] = {{"", false}, {"18", false}, {"18 0a", true}, {"10 0a", false}, {"98 0a", false}};
  for (const StartCase& c : kCases) EXPECT_EQ(is_av1_keyframe_start(from_hex(c.payload)), c.keyframe) << c.payload;
}

TEST(Opus, StartsAnywhere) { EXPECT_TRUE(is_keyframe_start(Codec::kOpus, from_hex("fc"))); }

TEST(Codecs, NeverReadPastATruncatedPayload) {
  for (const char* text :
       {"90 f0 8123 45 e7 10 ff", "a8 85 12 00 07 00", "78 0002 6742 0002 68ce", "7c 85 00", "18 0a"}) {
    for_each_truncation(from_hex(text), [](ByteSpan cut) {
      for (const Codec codec : {Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1})
        (void)is_keyframe_start(codec, cut);
      (void)find_h264_slices(cut);
    });
  }
}

}  // namespace
}  // namespace noir
