#include <gtest/gtest.h>

#include <array>

#include "sfu/demux.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

// draft-holmer-rmcat-transport-wide-cc-extensions-01: one row of numbers for everything that goes to a client.
TEST(NumberedTest, NumbersAllTracksOfATransportTogether) {
  SimRoom room(3);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimTrack audio = room.publish_audio(publisher);
  const SimDownTrack seen = room.subscribe(subscriber, video, true);
  const SimDownTrack heard = room.subscribe(subscriber, audio);
  room.run_for(seconds(3));
  const ClientCounters& counters = subscriber.client->counters();
  EXPECT_EQ(counters.numbered, seen.recorded().packets + seen.recorded().rtx_padding + heard.recorded().packets);
  EXPECT_GT(counters.numbered, 300U);
  EXPECT_EQ(counters.number_gaps, 0U);
}

TEST(NumberedTest, RepeatsGetNumbersOfTheirOwn) {
  SimRoom room(4);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher), true);
  room.run_for(seconds(1));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {.loss = 0.05});
  room.run_for(seconds(5));
  room.net().set_link(room.server(), subscriber.addresses.at(0), {});
  room.run_for(seconds(1));
  EXPECT_GT(down.recorded().rtx_packets, 20U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_EQ(subscriber.client->counters().numbered,
            down.recorded().packets + down.recorded().duplicates + down.recorded().rtx_padding);
}

// Without RTX a repeat is the same SRTP packet, so it must be the same bytes.
TEST(NumberedTest, VideoWithoutRtxHasNoNumbers) {
  SimRoom room(5);
  room.number_packets();
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher), false);
  room.run_for(seconds(2));
  EXPECT_GT(down.recorded().packets, 100U);
  EXPECT_EQ(subscriber.client->counters().numbered, 0U);
}

// The load generator's clients: their first offer has no media, and most of them decrypt nothing.
TEST(NumberedTest, AClientReportsWhatItDoesNotDecrypt) {
  SimRoom room(6);
  TestClient& client = *room.join_connected(TransportRole::kSubscriber).client;
  // Padded, with number 0x0102 as extension 8 (RFC 8285 §4.2); the last octet, encrypted, says nothing of padding.
  std::array<std::uint8_t, 24> packet{0xB0, 96,   0, 1, 0,    0, 0, 0, 0, 0, 0, 7,
                                      0xBE, 0xDE, 0, 1, 0x81, 1, 2, 0, 0, 0, 0, 0};
  client.note_sealed_rtp(room.now(), packet);
  EXPECT_EQ(client.counters().numbered, 0U);
  client.set_extensions({.transport_sequence = 8});
  client.note_sealed_rtp(room.now(), packet);
  EXPECT_EQ(client.counters().numbered, 1U);
  client.handle_timeout(room.now() + TwccRecorder::kInterval);
  const auto report = client.poll_transmit();
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(classify(report->bytes), DatagramKind::kRtcp);
}

}  // namespace
}  // namespace noir
