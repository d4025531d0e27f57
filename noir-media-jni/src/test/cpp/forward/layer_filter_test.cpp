#include "forward/layer_filter.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "forward/layered_source.hpp"

namespace noir {
namespace {

using namespace test;
using Ints = std::vector<int>;

bool consecutive(const std::vector<SentFrame>& frames) {
  for (std::size_t i = 1; i < frames.size(); ++i) {
    if (frames[i].seq != static_cast<std::uint16_t>(frames[i - 1].seq + 1)) return false;
  }
  return true;
}

/// VP9 in two spatial layers and two temporal ones, 0 1 0 1.
struct TwoByTwo : LayeredSource {
  using LayeredSource::LayeredSource;

  void push_picture(std::uint16_t picture, bool key = false, bool switch_up = true) {
    const auto temporal = static_cast<std::uint8_t>(picture % 2);
    for (std::uint8_t spatial = 0; spatial < 2; ++spatial) {
      push_vp9({.picture = picture,
                .spatial = spatial,
                .temporal = temporal,
                .key = key,
                .top = spatial == 1,
                .switch_up = switch_up});
    }
  }
};

TEST(Vp9Layers, ALowerSpatialLayerEndsItsPictures) {
  TwoByTwo t;
  t.set_max(0, -1);
  t.push_picture(0, true);
  t.push_picture(1);
  t.push_picture(2);
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 0, 0}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{1, 1, 1}));
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 1, 2}));
  EXPECT_TRUE(consecutive(t.sent));
}

TEST(Vp9Layers, AllOfThemPassAsTheyCome) {
  TwoByTwo t;
  t.push_picture(0, true);
  t.push_picture(1);
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 1, 0, 1}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{0, 1, 0, 1}));
}

TEST(Vp9Layers, GoesUpAtAKeyPictureAndAsksForOne) {
  TwoByTwo t;
  t.set_max(0, -1);
  t.push_picture(0, true);
  t.push_picture(1);
  EXPECT_FALSE(t.down.keyframe_wanted());  // There is a higher layer, but not for this subscriber.
  t.set_max(1, -1);
  t.push_picture(2);
  EXPECT_EQ(t.down.keyframe_wanted(), 0);
  t.sent.clear();
  t.push_picture(3);
  t.push_picture(4, true);
  t.push_picture(5);
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 0, 1, 0, 1}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{1, 0, 1, 0, 1}));
  EXPECT_FALSE(t.down.keyframe_wanted());
}

/// VP9 in three spatial layers, of which the encoder may leave out any.
struct UpToThree : LayeredSource {
  using LayeredSource::LayeredSource;

  void push_picture(std::uint16_t picture, const std::vector<int>& layers = {0, 1, 2}, bool key = false) {
    for (const int spatial : layers) {
      push_vp9({.picture = picture,
                .spatial = static_cast<std::uint8_t>(spatial),
                .key = key,
                .top = spatial == layers.back()});
    }
  }
  UpToThree() {
    set_max(1, -1);
    push_picture(0, {0, 1, 2}, true);
    push_picture(1);
    sent.clear();
  }
};

// Chromium waits for the end of each picture, and decodes nothing that needs one which never ended.
TEST(Vp9Layers, APictureEndsWhereTheEncoderHasLeftOutTheHighestThatIsSent) {
  UpToThree t;
  t.push_picture(2, {0, 2});
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{1}));
  t.push_picture(3);
  t.push_picture(4, {1, 2});
  t.push_picture(5, {2});
  t.push_picture(6, {0});
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{2, 3, 3, 4, 6}));
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 0, 1, 1, 0}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{1, 0, 1, 1, 1}));
  EXPECT_TRUE(consecutive(t.sent));
}

TEST(Vp9Layers, WhoGetsAllLayersOrOneWaitsForNothing) {
  UpToThree t;
  t.set_max(0, -1);
  EXPECT_TRUE(t.push_vp9({.picture = 2, .top = false}));
  t.set_max(2, -1);
  t.push_picture(3, {0, 1, 2}, true);
  EXPECT_TRUE(t.push_vp9({.picture = 4, .top = false}));
  EXPECT_TRUE(t.push_vp9({.picture = 4, .spatial = 1, .top = false}));
}

TEST(Vp9Layers, WhatIsMissingInBetweenMayBelongToThePicture) {
  UpToThree t;
  t.push_vp9({.picture = 2, .top = false});
  EXPECT_TRUE(t.sent.empty());
  t.skip_seq();
  t.push_vp9({.picture = 2, .spatial = 2});
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{0}));
}

TEST(Vp9Layers, NothingOfAnInterruptedPictureGoesOutLater) {
  UpToThree t;
  t.push_vp9({.picture = 2, .top = false});
  t.down.restart();
  t.push_picture(3);
  EXPECT_TRUE(t.sent.empty());
  t.push_picture(4, {0, 1, 2}, true);
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 1}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{0, 1}));
}

TEST(Vp9Layers, GoesDownBetweenTwoPictures) {
  TwoByTwo t;
  t.push_picture(0, true);
  t.push_vp9({.picture = 1, .spatial = 0, .temporal = 1, .top = false});
  t.set_max(0, -1);
  t.push_vp9({.picture = 1, .spatial = 1, .temporal = 1});
  t.push_picture(2);
  EXPECT_EQ(each(t.sent, &SentFrame::spatial), (Ints{0, 1, 0, 1, 0}));
  EXPECT_EQ(each(t.sent, &SentFrame::marker), (Ints{0, 1, 0, 1, 1}));
}

// References are distances between picture ids, or places in a group that is counted by them.
TEST(Vp9Layers, ATemporalLayerLeavesGapsInPictureIdsOnly) {
  TwoByTwo t;
  t.set_max(-1, 0);
  for (std::uint16_t picture = 0; picture < 6; ++picture) t.push_picture(picture, picture == 0);
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 0, 2, 2, 4, 4}));
  EXPECT_TRUE(consecutive(t.sent));
}

TEST(Vp9Layers, ATemporalLayerBeginsBehindASwitchingUpPoint) {
  TwoByTwo t;
  t.set_max(-1, 0);
  t.push_picture(0, true);
  t.set_max(-1, 1);
  t.push_picture(1);
  t.push_picture(2, false, false);  // Not here.
  t.push_picture(3);
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 0, 2, 2}));
  t.push_picture(4);
  t.push_picture(5);
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 0, 2, 2, 4, 4, 5, 5}));
}

TEST(Vp9Layers, IdsGoOnBehindAMuteAndASwitchOfEncoding) {
  TwoByTwo t;
  t.push_picture(0, true);
  t.push_picture(1);
  t.down.set_muted(true);
  t.push_picture(2);
  t.down.set_muted(false);
  t.push_picture(3);
  t.push_picture(40, true);
  t.push_picture(41);
  EXPECT_EQ(each(t.sent, &SentFrame::number), (Ints{0, 0, 1, 1, 2, 2, 3, 3}));
  const auto tl0 = t.sent.back().tl0;
  EXPECT_TRUE(t.push_vp9({.picture = 9000, .key = true, .encoding = 1}));
  EXPECT_EQ(t.sent.back().number, 4);
  EXPECT_EQ(t.sent.back().tl0, static_cast<std::uint8_t>(tl0 + 1));
  EXPECT_TRUE(consecutive(t.sent));
}

TEST(Vp9Layers, ALateLayerOfAnEarlierPictureFollowsWhatHeldThen) {
  TwoByTwo t;
  t.push_picture(0, true);
  t.push_vp9({.picture = 1, .spatial = 0, .temporal = 1, .top = false});
  t.set_max(0, -1);
  t.skip_seq();
  t.push_picture(2);
  const RtpFields late{.seq = 1003,
                       .rtp_ts = 3000,
                       .payload_type = kPublishedVp9,
                       .marker = true,
                       .payload = {0xEC, 0x80, 0x01, 0x33, 0x00, 0xAB}};
  EXPECT_TRUE(t.push(late));
  EXPECT_EQ(t.sent.back().spatial, 1);
}

TEST(Vp9Layers, ARepeatedPacketHasTheMarkerThatItGot) {
  for (const bool rtx : {false, true}) {
    TwoByTwo t(rtx);
    t.set_max(0, -1);
    t.push_picture(0, true);
    t.push_picture(1);
    t.set_max(1, -1);
    OutPacket out;
    ASSERT_TRUE(t.down.retransmit(t.now(), 101, t.source.track(), out));
    EXPECT_EQ(out.head[1] & 0x80, 0x80);
    if (!rtx) {
      EXPECT_EQ(to_bytes(out), t.sent.back().bytes);
    }
  }
}

/// What is sent can be decoded: nobody gets a layer's frame without the frames that it is built on, whatever he asks
/// for and whenever. VP9 in three spatial and three temporal layers, all built on the ones below.
TEST(Vp9Layers, EveryFrameThatIsSentHasItsReferences) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    LayeredSource t;
    std::set<std::pair<int, int>> had;  // Picture and spatial layer.
    constexpr int kTemporal[] = {0, 2, 1, 2};
    constexpr int kBack[] = {4, 1, 2, 1};
    int last_key = 0;
    std::size_t seen = 0;
    for (int picture = 0; picture < 600; ++picture) {
      const bool key = picture % 4 == 0 && (picture == 0 || random() % 8 == 0);
      if (key) last_key = picture;
      for (int spatial = 0; spatial < 3; ++spatial) {
        if (random() % 10 == 0) t.set_max(static_cast<int>(random() % 4) - 1, static_cast<int>(random() % 4) - 1);
        t.push_vp9({.picture = static_cast<std::uint16_t>(picture),
                    .spatial = static_cast<std::uint8_t>(spatial),
                    .temporal = static_cast<std::uint8_t>(kTemporal[picture % 4]),
                    .key = key,
                    .top = spatial == 2});
      }
      for (; seen < t.sent.size(); ++seen) {
        const SentFrame& frame = t.sent[seen];
        ASSERT_EQ(frame.number, picture);
        had.insert({picture, frame.spatial});
        if (frame.spatial > 0) {
          EXPECT_TRUE(had.contains({picture, frame.spatial - 1})) << picture;
        }
        const int reference = picture - kBack[picture % 4];
        if (!key && reference >= last_key) {
          EXPECT_TRUE(had.contains({reference, frame.spatial})) << seed << ": " << picture << " of " << +frame.spatial;
        }
      }
    }
    EXPECT_TRUE(consecutive(t.sent));
    EXPECT_GT(had.size(), 400U);
  }
}

TEST(Vp9Layers, EveryPictureThatIsSentEndsOnce) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    UpToThree t;
    for (std::uint16_t picture = 2; picture < 600; ++picture) {
      const bool key = random() % 32 == 0;
      std::vector<int> layers;
      for (int spatial = 0; spatial < 3; ++spatial) {
        if (key || random() % 4 != 0) layers.push_back(spatial);
      }
      if (random() % 4 == 0) t.set_max(static_cast<int>(random() % 4) - 1, -1);
      t.push_picture(picture, layers, key);
    }
    EXPECT_TRUE(consecutive(t.sent));
    EXPECT_GT(t.sent.size(), 400U);
    for (std::size_t i = 0; i + 1 < t.sent.size(); ++i) {
      EXPECT_EQ(t.sent[i].marker, t.sent[i].rtp_ts != t.sent[i + 1].rtp_ts) << seed << ": " << t.sent[i].number;
    }
  }
}

TEST(H264Layers, LeavesOutWhatNobodyNeeds) {
  LayeredSource t;
  t.set_max(-1, 0);
  std::uint16_t seq = 0;
  const auto push = [&](std::uint32_t ts, std::vector<std::uint8_t> payload, bool marker = true) {
    return t.push({.seq = seq++, .rtp_ts = ts, .payload_type = kPublishedH264, .marker = marker, .payload = payload});
  };
  EXPECT_TRUE(push(0, {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xCE, 0, 2, 0x65, 0x88}));
  EXPECT_FALSE(push(3000, {0x1C, 0x81, 0x88}, false));  // In fragments,
  EXPECT_FALSE(push(3000, {0x1C, 0x41, 0x88}));         // all of them.
  EXPECT_TRUE(push(6000, {0x41, 0x9A}));
  EXPECT_TRUE(push(9000, {0x06, 0x05}, false));  // Its first packet is on its way before it is known what it is.
  EXPECT_TRUE(push(9000, {0x01, 0x9A}));
  t.set_max(-1, 1);
  EXPECT_TRUE(push(12'000, {0x01, 0x9A}));
  EXPECT_TRUE(consecutive(t.sent));
}

}  // namespace
}  // namespace noir
