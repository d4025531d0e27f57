#include <gtest/gtest.h>

#include <array>

#include "forward/layered_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using namespace test;

std::vector<OfferedLayer> offered(Track& track, Instant now) {
  std::array<OfferedLayer, Track::kMaxOffered> layers{};
  return {layers.begin(), layers.begin() + static_cast<std::ptrdiff_t>(track.offered_layers(now, layers))};
}

/// VP8 of 30 pictures a second; `size`: of a payload.
RtpFields picture(std::uint16_t seq, std::uint32_t ssrc, std::size_t size) {
  RtpFields fields{.seq = seq, .rtp_ts = seq * 3000U, .ssrc = ssrc, .marker = true};
  fields.payload = make_vp8({.picture_id = seq, .keyframe = seq == 0});
  if (seq == 0) {
    const std::vector<std::uint8_t> frame{0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01};  // 640 by 360.
    fields.payload.resize(6);
    fields.payload.insert(fields.payload.end(), frame.begin(), frame.end());
  }
  fields.payload.resize(size);
  return fields;
}

TEST(OfferedLayers, EncodingsAreMeasured) {
  MediaSource source(video_params(3));
  for (std::uint16_t i = 0; i < 90; ++i) {
    (void)source.push(at_ms(33 * i), picture(i, 100, 200), 0);
    RtpFields middle = picture(i, 101, 800);
    if (i == 0) middle.payload[9] = 0;
    (void)source.push(at_ms(33 * i), middle, 1);
  }
  const auto layers = offered(source.track(), at_ms(33 * 90));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].layer, (Layer{0, 0}));
  EXPECT_EQ(layers[0].width, 640);
  EXPECT_EQ(layers[1].layer, (Layer{1, 0}));
  EXPECT_EQ(layers[1].width, 1280);  // It did not say; twice the one below.
  EXPECT_NEAR(static_cast<double>(layers[0].bitrate), 30 * 8 * 212, 5e3);
  EXPECT_NEAR(static_cast<double>(layers[1].bitrate), 30 * 8 * 812, 20e3);
  EXPECT_TRUE(layers[1].available);
}

RtpFields announcing(RtpFields fields, const char* allocation) {
  const auto value = from_hex(allocation);
  fields.extensions = {0x10, 0, 0, 0, kPublisherIds.layers_allocation, static_cast<std::uint8_t>(value.size())};
  fields.extensions.insert(fields.extensions.end(), value.begin(), value.end());
  while (fields.extensions.size() % 4 != 0) fields.extensions.push_back(0);
  fields.extensions[3] = static_cast<std::uint8_t>(fields.extensions.size() / 4 - 1);
  return fields;
}

// The publisher counts its streams from the best one: our encoding 1 is its stream 0.
TEST(OfferedLayers, AnAnnouncedBitrateIsKnownAtOnceAndMeasuredLater) {
  MediaSource source(video_params(2));
  (void)source.push(at_ms(0), announcing(picture(0, 101, 1200), "11 00 f403 64 027f 0167 1e 013f 00b3 1e"), 1);
  (void)source.push(at_ms(1), announcing(picture(0, 100, 1200), "51 00 f403 64 027f 0167 1e 013f 00b3 1e"), 0);
  auto layers = offered(source.track(), at_ms(2));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].bitrate, 100'000U);
  EXPECT_EQ(layers[1].bitrate, 500'000U);
  for (std::uint16_t i = 1; i < 60; ++i) {
    (void)source.push(at_ms(33 * i), picture(i, 100, 200), 0);
    (void)source.push(at_ms(33 * i), picture(i, 101, 800), 1);
  }
  layers = offered(source.track(), at_ms(33 * 60));
  EXPECT_NEAR(static_cast<double>(layers[0].bitrate), 30 * 8 * 212, 5e3);
  EXPECT_NEAR(static_cast<double>(layers[1].bitrate), 30 * 8 * 812, 20e3);
}

TEST(OfferedLayers, AnAnnouncedPauseCountsAtOnce) {
  MediaSource source(video_params(2));
  (void)source.push(at_ms(0), announcing(picture(0, 101, 200), "11 00 f403 64"), 1);
  (void)source.push(at_ms(1), announcing(picture(0, 100, 200), "51 00 f403 64"), 0);
  EXPECT_EQ(source.track().active_encodings(), 0b11);
  const auto packet = source.push(at_ms(34), announcing(picture(1, 100, 200), "50 01 00 64"), 0);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->active_encodings, 0b01);
  EXPECT_FALSE(offered(source.track(), at_ms(35))[1].available);
  // What is older than that is not news.
  (void)source.push(at_ms(68), picture(3, 100, 200), 0);
  (void)source.push(at_ms(70), announcing(picture(2, 100, 200), "51 00 f403 64"), 0);
  (void)source.push(at_ms(80), picture(4, 100, 200), 0);
  (void)source.push(at_ms(81), announcing(picture(4, 101, 200), "11 00 f403 64"), 1);
  EXPECT_EQ(source.track().active_encodings(), 0b11);
  EXPECT_TRUE(offered(source.track(), at_ms(82))[1].available);
  // Nor is nonsense, or a number of streams that the track does not have.
  (void)source.push(at_ms(90), announcing(picture(5, 100, 200), "50 01 00"), 0);
  (void)source.push(at_ms(91), announcing(picture(6, 100, 200), "60 0100 00 64"), 0);
  EXPECT_EQ(source.track().active_encodings(), 0b11);
}

TEST(OfferedLayers, AnEncodingIsPausedEndsAndComesBack) {
  MediaSource source(video_params(2));
  const auto available = [&](std::int64_t ms) { return int{source.track().available_encodings(at_ms(ms))}; };
  EXPECT_EQ(available(0), 0);
  (void)source.push(at_ms(0), picture(0, 100, 200), 0);
  (void)source.push(at_ms(0), picture(0, 101, 200), 1);
  EXPECT_EQ(available(4999), 0b11);
  EXPECT_EQ(available(5000), 0);
  (void)source.push(at_ms(6000), picture(1, 100, 200), 0);
  (void)source.push(at_ms(6000), picture(1, 101, 200), 1);
  EXPECT_EQ(available(6000), 0b11);
  source.track().handle_goodbye(101);
  EXPECT_EQ(available(6001), 0b01);
  const auto layers = offered(source.track(), at_ms(6001));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_FALSE(layers[1].available);
  const auto packet = source.push(at_ms(6010), picture(2, 100, 200), 0);
  EXPECT_EQ(packet->active_encodings, 0b01);  // Down tracks go elsewhere at once.
  (void)source.push(at_ms(6020), picture(2, 101, 200), 1);
  EXPECT_EQ(available(6020), 0b11);
  source.track().handle_goodbye(0);
  source.track().handle_goodbye(999);
  EXPECT_EQ(available(6020), 0b11);
}

TEST(OfferedLayers, SpatialLayersOfOneEncoding) {
  MediaSource source(layered_params());
  std::uint16_t seq = 0;
  for (std::uint16_t p = 0; p < 60; ++p) {
    for (std::uint8_t spatial = 0; spatial < 2; ++spatial) {
      const auto temporal = static_cast<std::uint8_t>(p % 2);
      RtpFields fields{.seq = seq++, .rtp_ts = p * 3000U, .payload_type = kPublishedVp9, .marker = spatial == 1};
      fields.payload = {static_cast<std::uint8_t>(p == 0 ? 0xAE : 0xEC), 0x80, static_cast<std::uint8_t>(p),
                        static_cast<std::uint8_t>((temporal << 5) | (spatial << 1)), static_cast<std::uint8_t>(p / 2)};
      if (p == 0) fields.payload.insert(fields.payload.end(), {0x30, 1, 64, 0, 180, 2, 128, 1, 104});
      fields.payload.resize(500);
      (void)source.push(at_ms(33 * p), fields);
    }
  }
  const auto layers = offered(source.track(), at_ms(33 * 60));
  ASSERT_EQ(layers.size(), 4U);
  EXPECT_EQ(layers[0].layer, (Layer{0, 0}));
  EXPECT_EQ(layers[0].width, 320);
  EXPECT_EQ(layers[3].layer, (Layer{1, 1}));
  EXPECT_EQ(layers[3].width, 640);
  EXPECT_NEAR(static_cast<double>(layers[3].bitrate), 60 * 8 * 512, 25e3);
  EXPECT_NEAR(static_cast<double>(layers[0].bitrate) * 4, static_cast<double>(layers[3].bitrate), 25e3);
}

}  // namespace
}  // namespace noir
