#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <variant>

#include "sfu/explanation.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SourceParams with_rtx() {
  SourceParams params;
  params.rtx_payload_type = SimRoom::kVideoRtxPayloadType;
  return params;
}

std::uint64_t repaired(SimRoom& room, const SimEnd& publisher) {
  const auto explanation = room.sfu().explain(room.now(), publisher.transport);
  std::uint64_t sum = 0;
  if (!explanation) return 0;
  for (const auto& track : explanation->received) {
    for (const auto& encoding : track.encodings) sum += encoding.repaired;
  }
  return sum;
}

void expect_whole(const SimDownTrack& down, std::uint64_t frames) {
  const RecordedMedia& media = down.recorded();
  EXPECT_GE(media.frames, frames);
  EXPECT_EQ(media.lost, 0U);
  EXPECT_EQ(media.broken_frames, 0U);
  EXPECT_EQ(media.picture_id_gaps, 0U);
  EXPECT_EQ(media.timestamp_errors, 0U);
  EXPECT_EQ(media.payload_errors, 0U);
}

struct Shape {
  const char* name;
  LinkParams link;
  bool declares_ssrcs = false;
  bool announces_mid = true;
};

class PublisherRtxTest : public ::testing::TestWithParam<Shape> {};

TEST_P(PublisherRtxTest, LossOfThePublisherIsRepairedByIt) {
  SimRoom room(42);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  SourceParams params = with_rtx();
  params.declares_ssrcs = GetParam().declares_ssrcs;
  params.announces_mid = GetParam().announces_mid;
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher, params));
  room.run_for(seconds(1));
  room.net().set_link(publisher.addresses[0], room.server(), GetParam().link);
  room.run_for(seconds(20));
  room.net().set_link(publisher.addresses[0], room.server(), {});
  room.run_for(seconds(2));
  expect_whole(down, 660);
  EXPECT_GT(repaired(room, publisher), 50U);
  EXPECT_LE(repaired(room, publisher), publisher.client->counters().retransmitted);
  EXPECT_EQ(room.sfu().counters().packets_refused, 0U);
  EXPECT_EQ(publisher.client->twcc().invented(), 0U);
  EXPECT_EQ(room.sfu().counters().bugs, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, PublisherRtxTest,
    ::testing::Values(Shape{"loss", {.loss = 0.05}}, Shape{"heavy_loss", {.loss = 0.1, .delay = milliseconds(30)}},
                      Shape{"declared", {.loss = 0.05}, true, false},
                      Shape{"everything",
                            {.loss = 0.05, .duplicate = 0.05, .delay = milliseconds(30), .jitter = milliseconds(30)}}),
    [](const auto& shape) { return shape.param.name; });

TEST(PublisherRtx, OfSimulcastIsToldApartByTheRepairedRid) {
  SimRoom room(5);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_simulcast(publisher, true);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(1));
  room.net().set_link(publisher.addresses[0], room.server(), {.loss = 0.05});
  room.run_for(seconds(20));
  room.net().set_link(publisher.addresses[0], room.server(), {});
  room.run_for(seconds(2));
  expect_whole(down, 600);
  const auto explanation = room.sfu().explain(room.now(), publisher.transport);
  ASSERT_TRUE(explanation);
  ASSERT_EQ(explanation->received.size(), 1U);
  for (const auto& encoding : explanation->received[0].encodings) {
    EXPECT_GT(encoding.repaired, 10U) << encoding.rid;
    EXPECT_LE(encoding.repaired, encoding.nacked) << encoding.rid;
  }
  EXPECT_EQ(room.sfu().counters().packets_refused, 0U);
}

TEST(PublisherRtx, ManySsrcsOfAnEncodingAreToldOnceASecond) {
  SimRoom room(5);
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_simulcast(publisher, true);
  room.run_for(seconds(1));
  const auto told = [&] {
    return std::count_if(room.events().begin(), room.events().end(),
                         [](const Event& event) { return std::holds_alternative<EncodingLearned>(event); });
  };
  const auto before = told();
  for (std::uint32_t i = 0; i < 2000; ++i) {
    std::array<std::uint8_t, 100> bytes{};
    ByteWriter out(bytes);
    out.u8(0x90);
    out.u8(SimRoom::kVideoRtxPayloadType);
    out.u16(1);
    out.u32(3000);
    out.u32(0x50000000U + i);
    out.u16(0xBEDE);
    out.u16(1);
    out.u8(static_cast<std::uint8_t>(SimRoom::publisher_extensions().mid << 4));
    out.u8(static_cast<std::uint8_t>(video.params.mid[0]));
    out.u8(static_cast<std::uint8_t>(SimRoom::publisher_extensions().repaired_rid << 4));
    out.u8(static_cast<std::uint8_t>('q'));
    for (int j = 0; j < 50; ++j) out.u8(0x55);
    publisher.client->send_plain_rtp(out.written(), 1);
    if (i % 10 == 0) room.run_for(milliseconds(10));
  }
  room.run_for(seconds(2));
  EXPECT_GE(told() - before, 2);
  EXPECT_LE(told() - before, 6);
}

TEST(PublisherRtx, PaddingIsReportedAndGoesNoFurther) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher, with_rtx());
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(1));
  const std::size_t reported = publisher.client->twcc().received();
  constexpr std::size_t kPadding = 200;
  for (std::size_t i = 0; i < kPadding; ++i) {
    publisher.client->send_rtx(room.now(), *video.source, nullptr);
    room.run_for(milliseconds(5));
  }
  room.run_for(seconds(1));
  EXPECT_GE(publisher.client->twcc().received(), reported + kPadding);
  EXPECT_EQ(publisher.client->twcc().lost(), 0U);
  EXPECT_EQ(room.sfu().counters().packets_refused, 0U);
  EXPECT_EQ(down.recorded().padding_only, 0U);
  EXPECT_EQ(down.recorded().nacked, 0U);
  expect_whole(down, 85);
}

// What a publisher can make up: each of these only harms itself, and not even that.
class HostileRtxTest : public ::testing::Test {
 protected:
  void send(std::uint32_t ssrc, std::uint16_t claimed, std::size_t payload = 100) {
    std::array<std::uint8_t, 1200> bytes{};
    ByteWriter out(bytes);
    out.u8(0x90);
    out.u8(SimRoom::kVideoRtxPayloadType);
    out.u16(static_cast<std::uint16_t>(next_));
    out.u32(static_cast<std::uint32_t>(next_) * 3000U);
    out.u32(ssrc);
    out.u16(0xBEDE);
    out.u16(1);
    out.u8(static_cast<std::uint8_t>(SimRoom::publisher_extensions().mid << 4));
    out.u8(static_cast<std::uint8_t>(video_.params.mid[0]));
    out.u16(0);
    if (payload >= 2) out.u16(claimed);
    for (std::size_t i = 2; i < payload; ++i) out.u8(0x55);
    publisher_.client->send_plain_rtp(out.written(), next_++);
  }
  void expect_unharmed(std::uint64_t frames) {
    room_.run_for(seconds(1));
    EXPECT_EQ(repaired(room_, publisher_), 0U);
    EXPECT_EQ(room_.sfu().counters().bugs, 0U);
    EXPECT_EQ(down_.recorded().nacked, 0U);
    EXPECT_LE(down_.recorded().longest_freeze, milliseconds(50));
    expect_whole(down_, frames);
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_video(publisher_, with_rtx());
  SimDownTrack down_ = room_.subscribe(subscriber_, video_);
  std::uint64_t next_ = 0;
};

TEST_F(HostileRtxTest, NumbersThatLieMoveNothing) {
  room_.run_for(milliseconds(500));
  for (std::uint32_t i = 0; i < 4000; ++i) {
    // In runs of two, as a jump is believed.
    send(video_.source->params().rtx_ssrc, static_cast<std::uint16_t>(i * 7919U / 2 + i % 2));
    if (i % 20 == 0) room_.run_for(milliseconds(5));
  }
  expect_unharmed(40);
}

TEST_F(HostileRtxTest, ManySsrcsAreOneStreamOfRepairs) {
  room_.run_for(milliseconds(500));
  const std::size_t before = room_.sfu().counters().packet_buffers;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    next_ = 7;
    send(0x50000000U + i, 5);
    if (i % 20 == 0) room_.run_for(milliseconds(5));
  }
  EXPECT_LE(room_.sfu().counters().packet_buffers, before + 512);
  expect_unharmed(40);
}

TEST_F(HostileRtxTest, TheSsrcOfMediaStaysWithIt) {
  room_.run_for(milliseconds(500));
  const std::uint32_t media = video_.source->params().ssrc;
  next_ = 10'000;  // Indices that the media will not use.
  for (std::uint16_t i = 0; i < 100; ++i) {
    send(media, i);
    room_.run_for(milliseconds(5));
  }
  room_.run_for(seconds(1));
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
  EXPECT_EQ(repaired(room_, publisher_), 0U);
}

TEST_F(HostileRtxTest, PayloadsThatHoldNothingAreDropped) {
  room_.run_for(milliseconds(500));
  for (std::uint16_t i = 0; i < 500; ++i) {
    send(video_.source->params().rtx_ssrc, i, i % 3);
    if (i % 10 == 0) room_.run_for(milliseconds(5));
  }
  expect_unharmed(40);
}

TEST_F(HostileRtxTest, BeforeAnyMediaHarmsNothing) {
  SimEnd& other = room_.join_connected(TransportRole::kPublisher);
  const SimTrack late = room_.publish_video(other, with_rtx());
  late.source->set_paused(room_.now(), true);
  const SimDownTrack down = room_.subscribe(subscriber_, late);
  for (int i = 0; i < 50; ++i) {
    other.client->send_rtx(room_.now(), *late.source, nullptr);
    room_.run_for(milliseconds(5));
  }
  late.source->set_paused(room_.now(), false);
  room_.run_for(seconds(1));
  EXPECT_GT(down.recorded().frames, 20U);
  EXPECT_EQ(down.recorded().broken_frames, 0U);
}

}  // namespace
}  // namespace noir
