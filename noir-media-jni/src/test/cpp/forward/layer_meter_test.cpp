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
