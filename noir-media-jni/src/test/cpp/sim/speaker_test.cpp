#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Streams = std::vector<std::uint32_t>;

constexpr std::uint32_t kRoom = 7;
constexpr std::uint8_t kVoice = 0x80;
constexpr std::uint8_t kDigitalSilence = 127;

/// Publishers of one room on the first of two loops.
class SpeakerTest : public ::testing::Test {
 protected:
  SpeakerTest() { room_.set_group(kRoom); }

  SimEnd& publisher() { return room_.join_connected(TransportRole::kPublisher); }
  SimTrack speak(SimEnd& publisher, std::uint32_t stream, std::uint8_t level) {
    SimTrack track = room_.publish_audio(publisher, stream);
    track.source->set_audio_level(level);
    return track;
  }
  /// What was said since the last call, each line one change.
  std::vector<Streams> changes(std::uint32_t group = kRoom) {
    std::vector<Streams> said;
    for (; seen_ < room_.events().size(); ++seen_) {
      const auto* changed = std::get_if<SpeakersChanged>(&room_.events()[seen_]);
      if (changed != nullptr && changed->group == group) said.push_back(changed->streams);
    }
    return said;
  }

  SimRoom room_{1, {}, 2};
  std::size_t seen_ = 0;
};

TEST_F(SpeakerTest, IsSaidOnceAndTakenBackByTheClock) {
  SimEnd& speaker = publisher();
  const SimTrack audio = speak(speaker, 1, kVoice | 20);
  const Instant begun = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return !changes().empty(); }));
  EXPECT_LE(room_.now() - begun, milliseconds(1100));
  room_.run_for(seconds(10));
  EXPECT_EQ(changes(), std::vector<Streams>{});
  audio.source->set_paused(room_.now(), true);  // Not a packet more.
  room_.run_for(seconds(2));
  EXPECT_EQ(changes(), (std::vector<Streams>{{}}));
  room_.run_for(seconds(10));
  EXPECT_EQ(changes(), std::vector<Streams>{});
}

TEST_F(SpeakerTest, AMutedMicrophoneSendsSilence) {
  SimEnd& speaker = publisher();
  const SimTrack audio = speak(speaker, 1, kVoice | 20);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{1}}));
  audio.source->set_audio_level(kDigitalSilence);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{}}));
  audio.source->set_audio_level(40);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{1}}));
}

TEST_F(SpeakerTest, TheLouderOneOfARoomIsFirst) {
  SimEnd& first = publisher();
  SimEnd& second = publisher();
  room_.set_group(kRoom + 1);
  SimEnd& elsewhere = publisher();
  const SimTrack quiet = speak(first, 1, 35);
  const SimTrack loud = speak(second, 2, 10);
  (void)speak(second, 3, 60);
  (void)speak(elsewhere, 4, 5);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{2, 1}}));
  quiet.source->set_audio_level(5);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{1, 2}}));
  seen_ = 0;
  EXPECT_EQ(changes(kRoom + 1), (std::vector<Streams>{{4}}));
}

TEST_F(SpeakerTest, TracksOfOneStreamAreOneSpeaker) {
  SimEnd& speaker = publisher();
  const SimTrack one = speak(speaker, 5, 20);
  const SimTrack two = speak(speaker, 5, 20);
  SimEnd& other = publisher();
  (void)speak(other, 6, 10);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{5, 6}}));  // By the number of packets.
  ASSERT_TRUE(room_.sfu().remove_track(room_.now(), one.id).ok());
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{6, 5}}));
  ASSERT_TRUE(room_.sfu().remove_track(room_.now(), two.id).ok());
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{6}}));
}

TEST_F(SpeakerTest, TheLastOneToLeaveIsTakenBackAtOnce) {
  SimEnd& speaker = publisher();
  (void)speak(speaker, 1, 20);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{1}}));
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), speaker.transport).ok());
  room_.run_for(milliseconds(1));
  EXPECT_EQ(changes(), (std::vector<Streams>{{}}));
}

TEST_F(SpeakerTest, WhoIsSquelchedDoesNotSpeak) {
  SimEnd& speaker = publisher();
  const SimTrack audio = speak(speaker, 1, 20);
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), audio.id, true).ok());
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), std::vector<Streams>{});
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), audio.id, false).ok());
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{1}}));
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), audio.id, true).ok());
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), (std::vector<Streams>{{}}));
}

TEST_F(SpeakerTest, NobodyAsksAboutStreamsWithoutANumber) {
  SimEnd& speaker = publisher();
  (void)speak(speaker, 0, 20);
  room_.set_group(0);
  SimEnd& roomless = publisher();
  (void)speak(roomless, 1, 20);
  room_.run_for(seconds(3));
  EXPECT_EQ(changes(), std::vector<Streams>{});
  EXPECT_EQ(changes(0), std::vector<Streams>{});
}

/// A room in which one is heard at a time; by a subscriber at home and, by way of mirrors, by one on another loop.
class LoudestTest : public SpeakerTest, public ::testing::WithParamInterface<LoopIndex> {
 protected:
  LoudestTest() { room_.sfu().set_audio({.speakers = {}, .loudest = 1}); }

  std::uint64_t packets(const SimDownTrack& down) const { return down.recorded().packets; }
};

INSTANTIATE_TEST_SUITE_P(HomeAndAway, LoudestTest, ::testing::Values(LoopIndex{0}, LoopIndex{1}));

TEST_P(LoudestTest, OthersAreNotHeardAndComeBackWithoutAGap) {
  const SimTrack first = speak(publisher(), 1, 20);
  const SimTrack second = speak(publisher(), 2, 50);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber, GetParam());
  const SimDownTrack one = room_.subscribe(subscriber, first);
  const SimDownTrack two = room_.subscribe(subscriber, second);
  room_.run_for(seconds(4));
  EXPECT_GT(packets(one), 190U);
  EXPECT_EQ(packets(two), 0U);
  for (int turn = 0; turn < 4; ++turn) {
    const SimTrack& louder = turn % 2 == 0 ? second : first;
    const SimTrack& quieter = turn % 2 == 0 ? first : second;
    const SimDownTrack& heard = turn % 2 == 0 ? two : one;
    louder.source->set_audio_level(10);
    quieter.source->set_audio_level(60);
    const std::uint64_t before = packets(heard);
    room_.run_for(seconds(3));
    EXPECT_GT(packets(heard) - before, 100U) << turn;
    const std::uint64_t silent = packets(one) + packets(two);
    room_.run_for(seconds(2));
    EXPECT_NEAR(static_cast<double>(packets(one) + packets(two) - silent), 100, 2) << turn;
  }
  for (const SimDownTrack& down : {one, two}) {
    EXPECT_EQ(down.recorded().lost, 0U);
    EXPECT_EQ(down.recorder->missing(), 0U);
    EXPECT_EQ(down.recorded().timestamp_errors, 0U);
    EXPECT_EQ(down.recorded().payload_errors, 0U);
  }
  EXPECT_EQ(room_.sfu(0).counters().bugs + room_.sfu(1).counters().bugs, 0U);
}

TEST_P(LoudestTest, WhoDoesNotSayHowLoudItIsIsHeard) {
  SimEnd& mute = publisher();
  ASSERT_TRUE(room_.sfu().set_extensions(mute.transport, {{.mid = SimRoom::publisher_extensions().mid}}).ok());
  const SimTrack unknown = speak(mute, 1, 20);
  const SimTrack loud = speak(publisher(), 2, 10);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber, GetParam());
  const SimDownTrack one = room_.subscribe(subscriber, unknown);
  const SimDownTrack two = room_.subscribe(subscriber, loud);
  room_.run_for(seconds(3));
  EXPECT_GT(packets(one), 140U);
  EXPECT_GT(packets(two), 140U);
}

TEST_P(LoudestTest, APlaceIsFreeWhenItsStreamEnds) {
  SimEnd& leaver = publisher();
  const SimTrack first = speak(leaver, 1, 0);
  const SimTrack second = speak(publisher(), 2, 70);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber, GetParam());
  const SimDownTrack two = room_.subscribe(subscriber, second);
  room_.run_for(seconds(2));
  EXPECT_EQ(packets(two), 0U);
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), leaver.transport).ok());
  room_.run_for(milliseconds(100));
  EXPECT_GE(packets(two), 4U);
}

}  // namespace
}  // namespace noir
