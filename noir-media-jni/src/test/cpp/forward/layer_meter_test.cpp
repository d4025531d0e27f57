#include "forward/layer_meter.hpp"

#include <gtest/gtest.h>

#include "forward/media_source.hpp"

namespace noir {
namespace {

using test::at_ms;

constexpr Layer kAll{0xFF, 0xFF};

TEST(LayerMeter, MeasuresTheLastSecond) {
  LayerMeter meter;
  for (int ms = 0; ms < 3000; ms += 10) meter.handle_packet(at_ms(ms), 0, 0, ms < 1500 ? 1000 : 500);
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(3000), kAll)), 400e3, 20e3);
  EXPECT_NEAR(static_cast<double>(meter.peak(at_ms(3000), kAll)), 800e3, 20e3);
  // Already after a quarter of a second.
  meter.restart();
  for (int ms = 5000; ms <= 5250; ms += 10) meter.handle_packet(at_ms(ms), 0, 0, 1000);
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(5250), kAll)), 800e3, 20e3);
}

// 30 pictures a second of 2 kB, the first of 60 kB: 480 kbit/s, whatever the key frame takes.
TEST(LayerMeter, AKeyFrameIsNotTakenForTheRate) {
  LayerMeter meter;
  const auto run = [&](int from, int to, std::size_t key) {
    meter.handle_packet(at_ms(from), 0, 0, key, true);
    for (int ms = from + 33; ms < to; ms += 33) meter.handle_packet(at_ms(ms), 0, 0, 2000);
  };
  run(0, 4000, 60'000);
  LayerMeter young;
  young.handle_packet(at_ms(0), 0, 0, 60'000, true);
  for (int ms = 33; ms < 260; ms += 33) young.handle_packet(at_ms(ms), 0, 0, 2000);
  EXPECT_NEAR(static_cast<double>(young.bitrate(at_ms(260), kAll)), 570e3, 60e3);
  EXPECT_FALSE(young.settled(at_ms(260)));
  EXPECT_TRUE(meter.settled(at_ms(4000)));
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(4000), kAll)), 520e3, 40e3);
  // After a pause it is no other.
  run(10'000, 10'260, 60'000);
  EXPECT_FALSE(meter.settled(at_ms(10'260)));
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(10'260), kAll)), 570e3, 60e3);
  // Screens count with what really came.
  EXPECT_GT(meter.peak(at_ms(10'260), kAll), 800'000U);
}

// A camera that makes nothing but key frames, or one each second.
TEST(LayerMeter, KeyFramesThatComeAllTheTimeCount) {
  LayerMeter meter;
  for (int second = 0; second < 20; ++second) meter.handle_packet(at_ms(1000 * second), 0, 0, 60'000, true);
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(20'000), kAll)), 480e3, 60e3);
  EXPECT_EQ(meter.highest(), (Layer{0, 0}));
}

TEST(LayerMeter, TheLayersOfAKeyFrameAreThere) {
  LayerMeter meter;
  meter.handle_packet(at_ms(0), 0, 0, 1000, true);
  meter.handle_packet(at_ms(1), 2, 0, 1000, true);
  (void)meter.bitrate(at_ms(300), kAll);
  EXPECT_EQ(meter.highest().spatial, 2);
  meter.handle_packet(at_ms(1200), 0, 0, 1000);
  (void)meter.bitrate(at_ms(1500), kAll);
  EXPECT_EQ(meter.highest().spatial, 0);
}

TEST(LayerMeter, ALayerCountsWithWhatItIsBuiltOn) {
  LayerMeter meter;
  for (int ms = 0; ms < 2000; ms += 10) {
    for (std::uint8_t spatial = 0; spatial < 2; ++spatial) {
      for (std::uint8_t temporal = 0; temporal < 2; ++temporal) meter.handle_packet(at_ms(ms), spatial, temporal, 100);
    }
  }
  const auto kbps = [&](std::uint8_t spatial, std::uint8_t temporal) {
    return static_cast<double>(meter.bitrate(at_ms(2000), {spatial, temporal})) / 1000;
  };
  EXPECT_NEAR(kbps(0, 0), 80, 4);
  EXPECT_NEAR(kbps(0, 1), 160, 8);
  EXPECT_NEAR(kbps(1, 0), 160, 8);
  EXPECT_NEAR(kbps(1, 1), 320, 16);
  EXPECT_EQ(meter.highest(), (Layer{1, 1}));
}

TEST(LayerMeter, ALayerThatStopsIsNotTheHighestForLong) {
  LayerMeter meter;
  for (int ms = 0; ms < 4000; ms += 10) meter.handle_packet(at_ms(ms), ms < 1000 ? 2 : 0, 0, 100);
  EXPECT_EQ(meter.highest().spatial, 0);
}

TEST(LayerMeter, KeepsWhatItWasOverASilence) {
  LayerMeter meter;
  for (int ms = 0; ms < 2000; ms += 10) meter.handle_packet(at_ms(ms), 0, 0, 1000);
  const auto before = meter.bitrate(at_ms(2000), kAll);
  EXPECT_NEAR(static_cast<double>(meter.bitrate(at_ms(60'000), kAll)), static_cast<double>(before), 700e3);
  EXPECT_GT(meter.bitrate(at_ms(60'000), kAll), 0U);
}

// A screen: nothing for seconds, then a page at once.
TEST(LayerMeter, ThePeakRemembersABurstForTenSeconds) {
  LayerMeter meter;
  for (int i = 0; i < 100; ++i) meter.handle_packet(at_ms(1000 + i), 0, 0, 1000);
  for (int ms = 1100; ms < 9000; ms += 100) meter.handle_packet(at_ms(ms), 0, 0, 10);
  EXPECT_LT(meter.bitrate(at_ms(9000), kAll), 2000U);
  EXPECT_GT(meter.peak(at_ms(9000), kAll), 700'000U);
  for (int ms = 9000; ms < 13'000; ms += 100) meter.handle_packet(at_ms(ms), 0, 0, 10);
  EXPECT_LT(meter.peak(at_ms(13'000), kAll), 2000U);
}

}  // namespace
}  // namespace noir
