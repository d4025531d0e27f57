#include <gtest/gtest.h>

#include <random>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// An authenticated client that sends nonsense, next to one that behaves.
class HostilePublisherTest : public ::testing::Test {
 protected:
  void expect_unharmed() {
    room_.run_for(seconds(1));
    EXPECT_EQ(room_.sfu().counters().bugs, 0U);
    EXPECT_EQ(heard_.recorded().broken_frames, 0U);
    EXPECT_EQ(heard_.recorded().nacked, 0U);
    EXPECT_LE(heard_.recorded().longest_freeze, milliseconds(50));
    EXPECT_TRUE(honest_.is(TransportState::kConnected));
    EXPECT_TRUE(subscriber_.is(TransportState::kConnected));
  }
  std::vector<std::uint8_t> random_bytes(std::size_t most) {
    std::vector<std::uint8_t> bytes(random_() % most);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random_());
    return bytes;
  }
  // A header with an extension block and a payload; `ssrc` and payload type are right, the rest is random.
  std::vector<std::uint8_t> random_packet(std::uint32_t ssrc, std::uint16_t seq) {
    const auto extension = random_bytes(64);
    const auto payload = random_bytes(200);
    std::vector<std::uint8_t> packet(16 + (extension.size() + 3) / 4 * 4);
    ByteWriter out(packet);
    out.u8(static_cast<std::uint8_t>(0x90 | (random_() % 2 << 5)));
    out.u8(static_cast<std::uint8_t>(96 | (random_() % 2 << 7)));
    out.u16(seq);
    out.u32(static_cast<std::uint32_t>(random_()));
    out.u32(ssrc);
    out.u16(random_() % 2 == 0 ? 0xBEDE : 0x1000);
    out.u16(static_cast<std::uint16_t>((extension.size() + 3) / 4));
    out.bytes(extension);
    packet.insert(packet.end(), payload.begin(), payload.end());
    return packet;
  }

  SimRoom room_;
  std::mt19937_64 random_{99};
  SimEnd& honest_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& hostile_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack good_ = room_.publish_video(honest_);
  SimDownTrack heard_ = room_.subscribe(subscriber_, good_);
  SimTrack bad_ = room_.publish_video(hostile_);
  SimDownTrack bad_down_ = room_.subscribe(subscriber_, bad_);
};

TEST_F(HostilePublisherTest, RandomRtcpIsSurvived) {
  for (int i = 0; i < 5000; ++i) {
    auto compound = random_bytes(300);
    if (compound.size() < 8) continue;
    compound[0] = static_cast<std::uint8_t>(0x80 | (compound[0] & 0x3F));
    compound[1] = static_cast<std::uint8_t>(200 + compound[1] % 8);
    if (i % 2 == 0) store_be16(compound.data() + 2, static_cast<std::uint16_t>(compound.size() / 4 - 1));
    (i % 4 < 2 ? hostile_ : subscriber_).client->send_plain_rtcp(compound);
    if (i % 50 == 0) room_.run_for(milliseconds(5));
  }
  expect_unharmed();
}

TEST_F(HostilePublisherTest, RandomRtpIsSurvived) {
  room_.run_for(milliseconds(200));
  bad_.source->set_paused(room_.now(), true);
  const std::uint32_t ssrc = bad_.source->params().ssrc;
  for (std::uint32_t i = 1000; i < 6000; ++i) {
    const auto packet = random_packet(ssrc, static_cast<std::uint16_t>(i));
    hostile_.client->send_plain_rtp(packet, i);
    if (i % 20 == 0) room_.run_for(milliseconds(5));
  }
  expect_unharmed();
}

TEST_F(HostilePublisherTest, ManySsrcsBindNothingAndKeepTheTrack) {
  const std::size_t before = room_.sfu().counters().packet_buffers;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> packet(60);
    ByteWriter out(packet);
    out.u8(0x80);
    out.u8(97);  // Of no track.
    out.u16(1);
    out.u32(i);
    out.u32(0x50000000U + i);
    hostile_.client->send_plain_rtp(packet, 1);
    if (i % 50 == 0) room_.run_for(milliseconds(1));
  }
  room_.run_for(seconds(1));
  EXPECT_GE(room_.sfu().counters().packets_refused + room_.sfu().counters().packets_unread, 19'000U);
  EXPECT_LE(room_.sfu().counters().packet_buffers, before + 512);
  EXPECT_GT(bad_down_.recorded().frames, 25U);
  expect_unharmed();
}

TEST_F(HostilePublisherTest, ForeignSsrcIsNotTakenOver) {
  room_.run_for(seconds(1));
  // RFC 3550 §8.2: the honest publisher's SSRC on another transport is another rtp stream.
  const std::uint32_t stolen = good_.source->params().ssrc;
  for (std::uint32_t i = 100; i < 1000; ++i) {
    hostile_.client->send_plain_rtp(random_packet(stolen, static_cast<std::uint16_t>(i)), i);
    if (i % 20 == 0) room_.run_for(milliseconds(5));
  }
  expect_unharmed();
}

TEST_F(HostilePublisherTest, SubscriberCannotPublish) {
  const std::uint64_t forwarded = room_.sfu().counters().dropped_rtp;
  for (std::uint32_t i = 1; i <= 100; ++i) {
    subscriber_.client->send_plain_rtp(random_packet(bad_.source->params().ssrc, static_cast<std::uint16_t>(i)), i);
  }
  expect_unharmed();
  EXPECT_GE(room_.sfu().counters().dropped_rtp - forwarded, 100U);
}

}  // namespace
}  // namespace noir
