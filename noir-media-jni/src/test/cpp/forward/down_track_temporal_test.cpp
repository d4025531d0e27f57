#include <gtest/gtest.h>

#include "forward/codec/vp8.hpp"
#include "forward/media_source.hpp"

namespace noir {
namespace {

using namespace test;

/// A source of VP8 in three temporal layers, two packets a picture, and one subscriber of it.
struct ThreeLayers {
  MediaSource source{video_params()};
  DownTrack down{down_params(), MediaKind::kVideo, {0, 0, 0}};
  std::vector<std::uint16_t> pictures;  // Ids sent, one per packet with payload.
  std::vector<std::uint64_t> indexes;

  // Layers 0 2 1 2; the first of each in a group depends on layer 0 only.
  void push_packet(unsigned picture, unsigned part) {
    constexpr std::uint8_t kLayers[] = {0, 2, 1, 2};
    const std::uint8_t layer = kLayers[picture % 4];
    const RtpFields fields{.seq = static_cast<std::uint16_t>(2 * picture + part),
                           .rtp_ts = picture * 3000,
                           .marker = part == 1,
                           .payload = make_vp8({.picture_id = static_cast<std::uint16_t>(picture),
                                                .tl0_pic_idx = static_cast<std::uint8_t>(picture / 4),
                                                .temporal_id = layer,
                                                .layer_sync = picture % 4 == 1 || picture % 4 == 2,
                                                .frame_start = part == 0,
                                                .keyframe = picture == 0 && part == 0})};
    const auto packet = source.push(at_ms(33 * picture), fields);
    OutPacket out;
    if (!packet || !down.rewrite(packet->arrival, *packet, out)) return;
    indexes.push_back(out.index);
    const auto bytes = to_bytes(out);
    const auto d = parse_vp8_descriptor(ByteSpan(bytes).subspan(out.header_size));
    if (d) pictures.push_back(d->picture_id);
  }
  void push_pictures(unsigned first, unsigned end) {
    for (unsigned picture = first; picture < end; ++picture) {
      push_packet(picture, 0);
      push_packet(picture, 1);
    }
  }
};

TEST(TemporalLayers, DropsThoseAboveWithoutGaps) {
  ThreeLayers t;
  t.down.set_max_layers(at_ms(0), -1, 0);
  t.push_pictures(0, 16);
  EXPECT_EQ(t.indexes, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(t.pictures, (std::vector<std::uint16_t>{0, 0, 1, 1, 2, 2, 3, 3}));
}

TEST(TemporalLayers, GoesDownAtTheNextPicture) {
  ThreeLayers t;
  t.push_pictures(0, 5);
  t.push_packet(5, 0);
  t.down.set_max_layers(at_ms(0), -1, 1);
  t.push_packet(5, 1);  // The rest of the picture, of layer 2.
  EXPECT_EQ(t.indexes.size(), 12U);
  t.push_pictures(6, 8);  // Layer 1 passes, layer 2 does not.
  EXPECT_EQ(t.indexes.size(), 14U);
  EXPECT_EQ(t.pictures.back(), 6);
  t.push_pictures(8, 9);
  EXPECT_EQ(t.pictures.back(), 7);
}

TEST(TemporalLayers, GoesUpWhereThePublisherAllowsIt) {
  ThreeLayers t;
  t.down.set_max_layers(at_ms(0), -1, 0);
  t.push_pictures(0, 4);
  EXPECT_EQ(t.indexes.size(), 2U);
  t.down.set_max_layers(at_ms(0), -1, 2);
  t.push_pictures(3, 5);  // Layer 2 without sync (seen before: a duplicate), layer 0.
  EXPECT_EQ(t.indexes.size(), 4U);
  t.push_pictures(5, 8);  // Layer 2 with sync: all from here on.
  EXPECT_EQ(t.indexes.size(), 10U);
  EXPECT_EQ(t.pictures, (std::vector<std::uint16_t>{0, 0, 1, 1, 2, 2, 3, 3, 4, 4}));
}

TEST(TemporalLayers, ALateDropFillsItsPlace) {
  ThreeLayers t;
  t.down.set_max_layers(at_ms(0), -1, 0);
  t.push_pictures(0, 1);
  t.push_pictures(2, 5);  // Picture 1 is late.
  EXPECT_EQ(t.indexes, (std::vector<std::uint64_t>{0, 1, 4, 5}));
  t.push_pictures(1, 2);
  EXPECT_EQ(t.indexes, (std::vector<std::uint64_t>{0, 1, 4, 5, 2, 3}));
  EXPECT_EQ(t.pictures.size(), 4U);  // The fillers are empty.
}

}  // namespace
}  // namespace noir
