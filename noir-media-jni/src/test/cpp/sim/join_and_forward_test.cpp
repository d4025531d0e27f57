#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void expect_flawless(const RecordedMedia& media) {
  EXPECT_EQ(media.lost, 0U);
  EXPECT_EQ(media.duplicates, 0U);
  EXPECT_EQ(media.broken_frames, 0U);
  EXPECT_EQ(media.picture_id_gaps, 0U);
  EXPECT_EQ(media.timestamp_errors, 0U);
  EXPECT_EQ(media.payload_errors, 0U);
  EXPECT_EQ(media.nacked, 0U);
}

TEST(JoinAndForwardTest, TwoSubscribersGetAudioAndVideo) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& first = room.join_connected(TransportRole::kSubscriber);
  SimEnd& second = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimTrack audio = room.publish_audio(publisher);
  const SimDownTrack received[] = {room.subscribe(first, video), room.subscribe(first, audio),
                                   room.subscribe(second, video), room.subscribe(second, audio)};
  room.run_for(seconds(10));
  for (const SimDownTrack& down : received) {
    const bool is_video = down.recorder->params().codec == Codec::kVp8;
    EXPECT_GE(down.recorded().frames, is_video ? 298U : 498U);
    EXPECT_LE(down.recorded().longest_freeze, milliseconds(50));
    expect_flawless(down.recorded());
    EXPECT_LE(down.recorder->delays().quantile(1), milliseconds(11));  // Two links of 5 ms.
  }
  EXPECT_EQ(first.client->counters().unexpected_rtp, 0U);
  const SfuCounters counters = room.sfu().counters();
  EXPECT_EQ(
      counters.packets_refused + counters.dropped_rtp + counters.dropped_srtp + counters.dropped_rtcp + counters.bugs,
      0U);
  EXPECT_EQ(counters.tracks, 2U);
  EXPECT_EQ(counters.down_tracks, 4U);
}

TEST(JoinAndForwardTest, SubscriberSeesItsOwnMidInItsOwnExtension) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const SimTrack video = room.publish_video(publisher);
  const SimDownTrack down = room.subscribe(subscriber, video);
  room.run_for(seconds(1));
  EXPECT_NE(down.recorded().mid, video.source->params().mid);
  EXPECT_EQ(down.recorded().mid.substr(0, 1), "d");
}

TEST(JoinAndForwardTest, SayJoinedAndActiveOnce) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack video = room.publish_video(publisher);
  room.run_for(seconds(3));
  ASSERT_EQ(publisher.states.size(), 1U);
  EXPECT_EQ(publisher.states[0].state, TransportState::kConnected);
  std::size_t active = 0;
  for (const Event& event : room.events()) {
    const auto* a = std::get_if<TrackActive>(&event);
    if (a != nullptr && a->track == video.id) ++active;
  }
  EXPECT_EQ(active, 1U);
}

TEST(JoinAndForwardTest, ConnectsInFewRoundTrips) {
  SimRoom room;
  const Instant start = room.now();
  SimEnd& publisher = room.join(TransportRole::kPublisher);
  ASSERT_TRUE(room.run_until([&] { return publisher.is(TransportState::kConnected); }));
  // A check, its nomination, and two round trips of DTLS, 10 ms each.
  EXPECT_LE(room.now() - start, milliseconds(100));
}

TEST(JoinAndForwardTest, ForwardsOverEverySrtpProfile) {
  for (const SrtpProfile& profile : kSrtpProfiles) {
    SimRoom room;
    SimEnd& publisher = room.join(TransportRole::kPublisher, {.profiles = {&profile, 1}});
    SimEnd& subscriber = room.join(TransportRole::kSubscriber, {.profiles = {&profile, 1}});
    ASSERT_TRUE(room.run_until([&] { return publisher.client->can_send() && subscriber.client->can_send(); }));
    ASSERT_EQ(subscriber.client->dtls().srtp_keys()->profile, profile);
    const SimDownTrack down = room.subscribe(subscriber, room.publish_video(publisher));
    room.run_for(seconds(2));
    EXPECT_GE(down.recorded().frames, 58U);
    expect_flawless(down.recorded());
  }
}

TEST(JoinAndForwardTest, SignallingMayComeAfterTheHandshake) {
  SimRoom room;
  SimEnd& publisher = room.join(TransportRole::kPublisher, {.remote_is_known = false});
  room.run_for(seconds(1));
  EXPECT_FALSE(publisher.is(TransportState::kConnected));
  room.set_remote(publisher);
  EXPECT_TRUE(room.run_until([&] { return publisher.is(TransportState::kConnected); }, seconds(3)));
}

}  // namespace
}  // namespace noir
