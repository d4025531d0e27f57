#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "forward/frame_builder.hpp"
#include "sim/sim_room.hpp"
#include "support/encoded_source.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPicture = std::chrono::microseconds(33'333);
constexpr Duration kSound = milliseconds(20);

using Bytes = EncodedSource::Bytes;

// What a subscriber has got, put together as a receiver would.
class Pictures {
 public:
  explicit Pictures(const SimDownTrack& track) : codec_(track.recorder->params().codec) {
    track.recorder->listen([this](const MediaRecorder::Payload& payload) {
      packets_[payload.ext_seq] = {
          payload.rtp_ts, payload.marker || codec_ == Codec::kOpus, {payload.bytes.begin(), payload.bytes.end()}};
    });
  }

  struct Picture {
    bool key = false;
    std::uint32_t rtp_ts = 0;
    Bytes bytes;
  };
  // Those without a hole in front of them.
  [[nodiscard]] std::vector<Picture> whole() const {
    PacketPool pool(65'536);
    FrameBuilder builder;
    std::vector<Picture> pictures;
    std::vector<MediaPacket> unit;
    for (const auto& [ext_seq, packet] : packets_) {
      if (!unit.empty() && unit.back().ext_seq + 1 != ext_seq) break;
      unit.push_back(to_media(pool, ext_seq, packet));
      if (!packet.ends) continue;
      EncodedFrame frame;
      EXPECT_EQ(builder.build(unit, frame), FrameBuilder::Outcome::kFrame);
      Bytes bytes(frame.bytes.size());
      (void)frame.bytes.copy(0, bytes);
      pictures.push_back({frame.key, packet.rtp_ts, std::move(bytes)});
      unit.clear();
    }
    return pictures;
  }

 private:
  struct Packet {
    std::uint32_t rtp_ts = 0;
    bool ends = false;
    Bytes bytes;
  };

  [[nodiscard]] MediaPacket to_media(PacketPool& pool, std::uint64_t ext_seq, const Packet& packet) const {
    MediaPacket media;
    media.buffer = pool.copy_of(packet.bytes);
    media.payload_size = static_cast<std::uint16_t>(packet.bytes.size());
    media.ext_seq = ext_seq;
    media.codec = codec_;
    media.clock_rate = codec_ == Codec::kOpus ? 48'000 : 90'000;
    return media;
  }

  Codec codec_;
  std::map<std::uint64_t, Packet> packets_;
};

class InjectTest : public ::testing::TestWithParam<Codec> {
 protected:
  struct Written {
    EncodedSource::Frame frame;
    std::int64_t captured_us = 0;
  };

  [[nodiscard]] std::int64_t utc_us() const {
    const Duration utc = room_.now().time_since_epoch() + SimRoom::kUtcMinusMonotonic;
    return std::chrono::duration_cast<std::chrono::microseconds>(utc).count();
  }
  Status write(const SimTrack& track, const EncodedSource::Frame& frame, std::int64_t captured_us) {
    return room_.sfu().inject(room_.now(), track.id, captured_us, {frame.key, frame.codec_private, frame.bytes});
  }
  Status write(const SimTrack& track, const EncodedSource::Frame& frame) { return write(track, frame, utc_us()); }

  // One picture after the other, each larger than the one before up to many packets; a key frame when one is wanted.
  void play(const SimTrack& track, int count) {
    for (int i = 0; i < count; ++i) {
      const bool audio = track.params.kind == MediaKind::kAudio;
      const bool key = written_.empty() || wanted() > served_;
      served_ = wanted();
      const std::size_t size = audio ? 3 + written_.size() % 200 : 11 + written_.size() * 397 % 9000;
      written_.push_back({source_.frame(key, size), utc_us()});
      ASSERT_TRUE(write(track, written_.back().frame).ok());
      room_.run_for(audio ? kSound : kPicture);
    }
  }
  [[nodiscard]] std::size_t wanted() const {
    const auto& events = room_.events();
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const Event& event) {
      return std::holds_alternative<InjectedKeyframeWanted>(event);
    }));
  }
  // From the `first`th on.
  template <typename Frames>
  void expect_written(const Frames& frames, std::size_t first = 0) const {
    ASSERT_EQ(frames.size(), written_.size() - first);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      ASSERT_EQ(frames[i].bytes, written_[first + i].frame.bytes) << i;
      if (i == 0) {
        EXPECT_TRUE(frames[0].key);
      }
    }
  }
  void set_downlink(const LinkParams& link) { room_.net().set_link(room_.server(), subscriber_.addresses[0], link); }

  SimRoom room_{7};
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  TransportId injector_ = room_.open_injector();
  EncodedSource source_{GetParam()};
  std::vector<Written> written_;
  std::size_t served_ = 0;
};

TEST_P(InjectTest, WhatGoesInComesOutOfATapAndAtASubscriber) {
  const SimTrack track = room_.inject(injector_, GetParam());
  const TapId tap = room_.tap(track);
  const SimDownTrack down = room_.subscribe(subscriber_, track);
  const Pictures pictures(down);
  room_.run_for(seconds(1));
  play(track, 120);
  expect_written(room_.tapped(tap).frames);
  expect_written(pictures.whole());
  for (std::size_t i = 0; i < written_.size(); ++i) {
    const Duration away = room_.tapped(tap).frames[i].captured - std::chrono::microseconds(written_[i].captured_us);
    EXPECT_LE(std::chrono::abs(away), milliseconds(1)) << i;
  }
  EXPECT_EQ(down.recorded().timestamp_errors, 0U);
  EXPECT_GE(down.recorded().sender_reports, 2U);
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
  EXPECT_EQ(room_.sfu().counters().dropped_rtp, 0U);
}

TEST_P(InjectTest, WhoComesLaterBeginsWithAKeyFrameThatTheSourceIsAskedFor) {
  const SimTrack track = room_.inject(injector_, GetParam());
  play(track, 60);
  const bool audio = GetParam() == Codec::kOpus;
  EXPECT_EQ(wanted(), 0U);
  const std::size_t before = written_.size();
  const SimDownTrack down = room_.subscribe(subscriber_, track);
  const Pictures pictures(down);
  play(track, 60);
  EXPECT_EQ(wanted(), audio ? 0U : 1U);
  const auto whole = pictures.whole();
  ASSERT_FALSE(whole.empty());
  EXPECT_GE(whole.size(), 55U);
  expect_written(whole, written_.size() - whole.size());
  EXPECT_GE(written_.size() - whole.size(), before);
}

std::string name_of(const ::testing::TestParamInfo<Codec>& codec) {
  static const std::vector<std::string> kNames{"", "Opus", "VP8", "VP9", "H264", "AV1"};
  return kNames.at(static_cast<std::size_t>(codec.param));
}

INSTANTIATE_TEST_SUITE_P(Codecs, InjectTest,
                         ::testing::Values(Codec::kOpus, Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1), name_of);

// Nobody asks for lost audio.
class InjectVideoTest : public InjectTest {};

TEST_P(InjectVideoTest, WhatASubscriberLosesIsSentAgain) {
  const SimTrack track = room_.inject(injector_, GetParam());
  const SimDownTrack down = room_.subscribe(subscriber_, track);
  const Pictures pictures(down);
  play(track, 5);
  set_downlink({.loss = 0.05, .delay = milliseconds(20)});
  play(track, 150);
  set_downlink({});
  play(track, 10);  // By which the last ones are missed.
  room_.run_for(seconds(1));
  expect_written(pictures.whole());
  EXPECT_GE(down.recorded().recovered, 20U);
}

INSTANTIATE_TEST_SUITE_P(Codecs, InjectVideoTest,
                         ::testing::Values(Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1), name_of);

class InjectVp8Test : public InjectTest {
 protected:
  const SimTrack video_ = room_.inject(injector_, Codec::kVp8);
};

TEST_P(InjectVp8Test, WantedKeyFramesAreAskedForTwiceASecondAtMost) {
  play(video_, 5);
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  room_.run_for(milliseconds(100));
  for (int i = 0; i < 100; ++i) {  // Nobody makes one.
    subscriber_.client->request_keyframe(down.recorder->params().ssrc);
    ASSERT_TRUE(write(video_, source_.frame(false, 500)).ok());
    room_.run_for(kPicture);
  }
  EXPECT_GE(wanted(), 2U);
  EXPECT_LE(wanted(), 8U);
}

TEST_P(InjectVp8Test, RtxRepairsIt) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_, true);
  const Pictures pictures(down);
  play(video_, 5);
  set_downlink({.loss = 0.1, .delay = milliseconds(20)});
  play(video_, 100);
  set_downlink({});
  play(video_, 10);
  room_.run_for(seconds(1));
  expect_written(pictures.whole());
  EXPECT_GE(down.recorded().rtx_packets, 20U);
}

TEST_P(InjectVp8Test, ASquelchedTrackReachesNobody) {
  const TapId tap = room_.tap(video_);
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), video_.id, true).ok());
  play(video_, 30);
  EXPECT_EQ(down.recorded().packets, 0U);
  EXPECT_TRUE(room_.tapped(tap).frames.empty());
  ASSERT_TRUE(room_.sfu().set_squelched(room_.now(), video_.id, false).ok());
  play(video_, 30);
  EXPECT_GE(down.recorded().packets, 25U);
  EXPECT_GE(room_.tapped(tap).frames.size(), 25U);
}

TEST_P(InjectVp8Test, SilenceEndsNothing) {
  play(video_, 5);
  const std::size_t before = room_.events().size();
  room_.run_for(seconds(600));
  const auto ended = [](const Event& event) { return std::holds_alternative<TransportStateChanged>(event); };
  EXPECT_EQ(std::count_if(room_.events().begin() + static_cast<std::ptrdiff_t>(before), room_.events().end(), ended),
            0);
  const TapId tap = room_.tap(video_);
  room_.run_for(seconds(1));
  EXPECT_GE(wanted(), 1U);
  ASSERT_TRUE(write(video_, source_.frame(true, 3000)).ok());
  EXPECT_TRUE(room_.sfu().next_timeout() <= room_.now());
  room_.run_for(milliseconds(10));
  EXPECT_EQ(room_.tapped(tap).frames.size(), 1U);
}

TEST_P(InjectVp8Test, EndsWithItsInjector) {
  const TapId tap = room_.tap(video_);
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  play(video_, 5);
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), injector_).ok());
  room_.run_for(milliseconds(10));
  EXPECT_TRUE(room_.tapped(tap).ended);
  EXPECT_EQ(write(video_, source_.frame(true, 100)).error(), ErrorCode::kNotFound);
  EXPECT_EQ(room_.sfu().counters().tracks, 0U);
  EXPECT_EQ(room_.sfu().counters().down_tracks, 0U);
  EXPECT_GE(down.recorded().packets, 5U);
}

// Times of a file begin at 0, and begin again when it is played once more.
TEST_P(InjectVp8Test, OtherClocksAndJumpsAreTakenForNow) {
  const TapId tap = room_.tap(video_);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 60; ++i) {
      ASSERT_TRUE(write(video_, source_.frame(i == 0, 500), i * 33'333).ok());
      room_.run_for(kPicture);
    }
    room_.run_for(seconds(round));
  }
  const auto& frames = room_.tapped(tap).frames;
  ASSERT_EQ(frames.size(), 180U);
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const Duration step = frames[i].captured - frames[i - 1].captured;
    EXPECT_GT(step, Duration{}) << i;
    if (i % 60 != 0) {
      EXPECT_LE(std::chrono::abs(step - kPicture), milliseconds(1)) << i;
    }
  }
}

TEST_P(InjectVp8Test, TimesThatStandStillOrGoBackDoNot) {
  const SimDownTrack down = room_.subscribe(subscriber_, video_);
  const Pictures pictures(down);
  const std::int64_t start = utc_us();
  for (const std::int64_t at : {0, 33'000, 33'000, 20'000, 66'000}) {
    ASSERT_TRUE(write(video_, source_.frame(at == 0, 100), start + at).ok());
    room_.run_for(kPicture);
  }
  const auto whole = pictures.whole();
  ASSERT_EQ(whole.size(), 5U);
  for (std::size_t i = 1; i < whole.size(); ++i) EXPECT_GT(whole[i].rtp_ts - whole[i - 1].rtp_ts, 0U);
  EXPECT_EQ(whole[2].rtp_ts - whole[1].rtp_ts, 1U);
  EXPECT_EQ(whole[3].rtp_ts - whole[2].rtp_ts, 1U);
  EXPECT_NEAR(static_cast<double>(whole[4].rtp_ts - whole[0].rtp_ts), 5940, 1);
}

TEST_P(InjectVp8Test, WhatIsMalformedIsRefusedAndHarmsNothing) {
  play(video_, 5);
  EXPECT_EQ(write(video_, {true, {}, {}}).error(), ErrorCode::kMalformed);
  EXPECT_EQ(write(video_, source_.frame(false, 100)).error(), ErrorCode::kWrongState);
  EXPECT_EQ(write(video_, {true, {}, {0x10, 0, 0, 1, 2, 3}}).error(), ErrorCode::kMalformed);
  EXPECT_EQ(write(video_, source_.frame(true, Packetizer::kMaxFrame + 1)).error(), ErrorCode::kMalformed);
  EXPECT_EQ(write(video_, {true, Bytes(5000), {0x10, 0, 0}}).error(), ErrorCode::kMalformed);
  EXPECT_EQ(write(video_, source_.frame(true, 100), INT64_MAX).error(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(write(video_, source_.frame(true, 100), INT64_MIN).error(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(write(video_, source_.frame(true, 100), INT64_MAX / 2001).error(), ErrorCode::kInvalidArgument);
  for (const std::int64_t far : {INT64_MAX / 3000, -(INT64_MAX / 3000), INT64_MAX / 3000}) {
    EXPECT_TRUE(write(video_, source_.frame(true, 100), far).ok());
  }
  EXPECT_TRUE(write(video_, source_.frame(true, Packetizer::kMaxFrame)).ok());
  room_.run_for(seconds(1));
  EXPECT_TRUE(write(video_, source_.frame(false, 100)).ok());
  EXPECT_EQ(room_.sfu().counters().bugs, 0U);
}

TEST_P(InjectVp8Test, OnlyAnInjectorsTracksAreInjected) {
  Sfu& sfu = room_.sfu();
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  EXPECT_EQ(write(room_.publish_video(publisher), source_.frame(true, 100)).error(), ErrorCode::kWrongState);
  TrackParams params = video_.params;
  params.encodings.resize(2);
  EXPECT_EQ(sfu.add_track(room_.now(), injector_, params).error(), ErrorCode::kInvalidArgument);
  params = video_.params;
  params.codecs[0].codec = Codec::kRed;
  EXPECT_EQ(sfu.add_track(room_.now(), injector_, params).error(), ErrorCode::kInvalidArgument);
  params.codecs[0].codec = Codec::kOpus;
  EXPECT_EQ(sfu.add_track(room_.now(), injector_, params).error(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(sfu.set_remote(room_.now(), injector_, {}).error(), ErrorCode::kWrongState);
  EXPECT_EQ(sfu.restart_ice(room_.now(), injector_, "abcd", std::string(22, 'x')).error(), ErrorCode::kWrongState);
  EXPECT_EQ(sfu.open_channel(room_.now(), injector_, "x", true).error(), ErrorCode::kWrongState);
  ASSERT_TRUE(sfu.remove_track(room_.now(), video_.id).ok());
  EXPECT_EQ(write(video_, source_.frame(true, 100)).error(), ErrorCode::kNotFound);
}

// Written as its source likes, sound early and pictures late, both say when they were captured.
TEST_P(InjectVp8Test, AudioAndVideoAreOnOneTimeline) {
  const SimTrack audio = room_.inject(injector_, Codec::kOpus);
  EncodedSource sounds(Codec::kOpus);
  const TapId tapped_video = room_.tap(video_);
  const TapId tapped_audio = room_.tap(audio);
  const SimDownTrack seen = room_.subscribe(subscriber_, video_);
  const SimDownTrack heard = room_.subscribe(subscriber_, audio);
  const Pictures pictures(seen);
  const Pictures sound(heard);
  const std::int64_t start = utc_us();
  std::vector<double> video_at;
  std::vector<double> audio_at;
  for (int ms = 0; ms < 8000; ms += 5) {
    if (ms % 20 == 0) {
      audio_at.push_back(static_cast<double>(start + (ms + 60) * 1000) / 1e6);
      ASSERT_TRUE(write(audio, sounds.frame(true, 80), start + (ms + 60) * 1000).ok());
    }
    if (ms % 40 == 0) {
      video_at.push_back(static_cast<double>(start + (ms - 120) * 1000) / 1e6);
      ASSERT_TRUE(write(video_, source_.frame(ms == 0, 2000), start + (ms - 120) * 1000).ok());
    }
    room_.run_for(milliseconds(5));
  }
  constexpr double kFrom1900 = 2'208'988'800.0;
  std::vector<double> away;
  const auto note = [&](const MediaRecorder& recorder, const Pictures& got, const std::vector<double>& at) {
    const auto whole = got.whole();
    ASSERT_EQ(whole.size(), at.size());
    for (std::size_t i = at.size() / 2; i < at.size(); ++i) {
      away.push_back(*recorder.ntp_s_of(whole[i].rtp_ts) - kFrom1900 - at[i]);
    }
  };
  note(*seen.recorder, pictures, video_at);
  note(*heard.recorder, sound, audio_at);
  const auto [least, most] = std::minmax_element(away.begin(), away.end());
  EXPECT_LE(*most - *least, 0.020);
  for (const auto& [tap, at] : {std::pair{tapped_video, &video_at}, std::pair{tapped_audio, &audio_at}}) {
    const auto& frames = room_.tapped(tap).frames;
    ASSERT_EQ(frames.size(), at->size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_NEAR(std::chrono::duration<double>(frames[i].captured).count(), at->at(i), 0.010) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Vp8, InjectVp8Test, ::testing::Values(Codec::kVp8));

TEST(InjectedMirror, OtherLoopsGetTheSame) {
  SimRoom room(1, {}, 2);
  SimEnd& near = room.join_connected(TransportRole::kSubscriber);
  SimEnd& far = room.join_connected(TransportRole::kSubscriber, 1);
  const SimTrack video = room.inject(room.open_injector(), Codec::kVp8);
  const SimDownTrack down = room.subscribe(near, video);
  const SimDownTrack mirrored = room.subscribe(far, video);
  const Pictures here(down);
  const Pictures there(mirrored);
  EncodedSource source(Codec::kVp8);
  room.run_for(milliseconds(1));
  for (int i = 0; i < 60; ++i) {
    const auto frame = source.frame(i % 30 == 0, 11 + static_cast<std::size_t>(i) * 397 % 9000);
    ASSERT_TRUE(room.sfu().inject(room.now(), video.id, i * 33'333, {frame.key, {}, frame.bytes}).ok());
    room.run_for(kPicture);
  }
  const auto whole = here.whole();
  const auto same = there.whole();
  ASSERT_EQ(whole.size(), 60U);
  ASSERT_EQ(same.size(), 60U);
  for (std::size_t i = 0; i < same.size(); ++i) EXPECT_EQ(same[i].bytes, whole[i].bytes);
  EXPECT_GE(mirrored.recorded().sender_reports, 1U);
}

}  // namespace
}  // namespace noir
