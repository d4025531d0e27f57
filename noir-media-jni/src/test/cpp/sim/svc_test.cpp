#include <gtest/gtest.h>

#include <array>

#include "sfu/explanation.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPicture = std::chrono::microseconds(33'333);
constexpr std::uint32_t kSsrc = 0x77;

/// VP9 in three spatial layers that need each other, 440 kbit/s each.
class SvcTest : public ::testing::Test {
 protected:
  SvcTest() {
    room_.number_packets();
    subscriber_ = &room_.join_connected(TransportRole::kSubscriber);
    SimTrack like = room_.publish_video(publisher_);
    like.source->set_paused(room_.now(), true);
    TrackParams params = like.params;
    params.mid = "svc";
    params.codecs = {{like.source->params().payload_type, Codec::kVp9, 90'000, 0}};
    params.encodings = {{"", kSsrc, 0}};
    EXPECT_TRUE(room_.sfu().remove_track(room_.now(), like.id).ok());
    const auto id = room_.sfu().add_track(room_.now(), publisher_.transport, params);
    EXPECT_TRUE(id.ok());
    like.id = id ? *id : 0;
    payload_type_ = like.source->params().payload_type;
    down_ = room_.subscribe(*subscriber_, like, true);
  }

  void send_picture() {
    const bool key = requests() > answered_ || picture_ == 0;
    answered_ = requests();
    for (std::uint8_t layer = 0; layer < 3; ++layer) {
      for (const bool last : {false, true}) send_packet(key, layer, last);
    }
    ++picture_;
  }
  void send_packet(bool key, std::uint8_t layer, bool last) {
    std::array<std::uint8_t, 900> bytes{};
    ByteWriter out(bytes);
    out.u8(0x80);
    out.u8(static_cast<std::uint8_t>(payload_type_ | (last && layer == 2 ? 0x80 : 0)));
    out.u16(static_cast<std::uint16_t>(seq_));
    out.u32(picture_ * 3000U);
    out.u32(kSsrc);
    // RFC 9628 §4.2: I, P, L, B or E; 15 bits of picture id; U, SID, D; TL0PICIDX.
    out.u8(static_cast<std::uint8_t>(0xA0 | (key ? 0 : 0x40) | (last ? 0x04 : 0x08)));
    out.u16(static_cast<std::uint16_t>(0x8000 | picture_));
    out.u8(static_cast<std::uint8_t>(0x10 | layer << 1 | (layer > 0 ? 1 : 0)));
    out.u8(static_cast<std::uint8_t>(picture_));
    publisher_.client->send_plain_rtp(bytes, seq_++);
  }
  void run(Duration time) {
    for (const Instant end = room_.now() + time; room_.now() < end;) {
      send_picture();
      room_.run_for(kPicture);
    }
  }
  void set_line(std::uint64_t rate_bps) {
    LinkParams link;
    link.rate_bps = rate_bps;
    link.max_queue = milliseconds(100);
    room_.net().set_link(room_.server(), subscriber_->addresses.at(0), link);
  }
  /// Key frames that the publisher was asked for.
  std::uint32_t requests() {
    return room_.sfu().explain(room_.now(), publisher_.transport)->received.at(0).encodings.at(0).keyframe_requests;
  }
  std::uint8_t highest_sent() {
    return room_.sfu().explain(room_.now(), subscriber_->transport)->sent.at(0).layer.spatial;
  }

  SimRoom room_{61};
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd* subscriber_ = nullptr;
  SimDownTrack down_;
  std::uint8_t payload_type_ = 0;
  std::uint64_t seq_ = 100;
  std::uint32_t picture_ = 0;
  std::uint32_t answered_ = 0;
};

// Chromium decodes nothing any more when it has begun to get a picture's highest layer, and never gets all of it.
TEST_F(SvcTest, ALayerThatIsTakenAwayInTheMiddleOfLossBringsAKeyFrame) {
  run(seconds(6));
  ASSERT_GE(highest_sent(), 2);
  set_line(800'000);
  std::uint32_t before = requests();
  for (int i = 0; i < 90 && highest_sent() >= 2; ++i) {
    before = requests();
    run(kPicture);
  }
  ASSERT_LT(highest_sent(), 2);
  EXPECT_EQ(requests(), before + 1);
  run(milliseconds(200));
  EXPECT_LE(requests(), before + 2);
}

TEST_F(SvcTest, OnALineThatLosesNothingItBringsNone) {
  run(seconds(6));
  const std::uint32_t before = requests();
  ASSERT_TRUE(room_.sfu().set_down_track(room_.now(), down_.id, {.max_spatial = 0}).ok());
  run(seconds(2));
  EXPECT_EQ(highest_sent(), 0);
  EXPECT_EQ(requests(), before);
}

}  // namespace
}  // namespace noir
