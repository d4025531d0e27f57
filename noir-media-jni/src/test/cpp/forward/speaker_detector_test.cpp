#include "forward/speaker_detector.hpp"

#include <gtest/gtest.h>

#include "forward/loudest_streams.hpp"
#include "forward/media_source.hpp"

namespace noir {
namespace {

using test::at_ms;
using Numbers = std::vector<StreamNumber>;

struct Detector {
  SpeakerDetector detector;
  std::int64_t ms = 0;

  explicit Detector(const SpeakerDetector::Settings& settings = {}) : detector(settings) {}

  /// One interval in which each stream sends `loud` packets of `level`, of 50. True when the list has changed.
  struct Voice {
    StreamNumber stream;
    int loud;
    std::uint8_t level;
  };
  bool second(const std::vector<Voice>& voices) {
    for (int i = 0; i < 50; ++i) {
      for (const Voice& v : voices) {
        const auto level = i < v.loud ? v.level : std::uint8_t{127};
        detector.handle_packet(at_ms(ms + 20 * i), v.stream, static_cast<std::uint8_t>(0x80 | level));
      }
    }
    ms += 1000;
    return detector.poll(at_ms(ms));
  }
  [[nodiscard]] Numbers speakers() const {
    Numbers numbers;
    for (const auto& s : detector.speakers()) numbers.push_back(s.stream);
    return numbers;
  }
};

TEST(SpeakerDetector, OrdersByLoudPacketsThenByLevel) {
  Detector d;
  EXPECT_TRUE(d.second({{1, 20, 30}, {2, 50, 30}, {3, 20, 10}}));
  EXPECT_EQ(d.speakers(), (Numbers{2, 3, 1}));
  EXPECT_EQ(d.detector.speakers()[1].level, 10);
  EXPECT_FALSE(d.second({{1, 25, 30}, {2, 45, 30}, {3, 25, 10}}));  // The same order.
  EXPECT_TRUE(d.second({{1, 50, 30}, {2, 45, 30}}));
  EXPECT_EQ(d.speakers(), (Numbers{1, 2}));
}

TEST(SpeakerDetector, TakesATenthOfTheIntervalInPackets) {
  struct Case {
    int loud;
    std::uint8_t level;
    bool speaks;
  };
  // wire.md: threshold 40, filter 20 percent: 10 packets of 50.
  for (const Case& c : {Case{10, 40, true}, {9, 40, false}, {50, 41, false}, {50, 0, true}}) {
    Detector d;
    EXPECT_EQ(d.second({{1, c.loud, c.level}}), c.speaks);
    EXPECT_EQ(d.speakers().size(), c.speaks ? 1U : 0U) << c.loud;
  }
}

TEST(SpeakerDetector, GoesSilentByTheClock) {
  Detector d;
  EXPECT_TRUE(d.second({{1, 50, 20}}));
  EXPECT_EQ(d.detector.next_timeout(), at_ms(2000));
  EXPECT_FALSE(d.detector.poll(at_ms(1999)));
  EXPECT_TRUE(d.detector.poll(at_ms(2000)));  // No packet came.
  EXPECT_TRUE(d.speakers().empty());
  EXPECT_EQ(d.detector.next_timeout(), kNever);
}

TEST(SpeakerDetector, ASilentRoomCostsNoTimer) {
  SpeakerDetector detector({});
  detector.handle_packet(at_ms(0), 1, 127);
  detector.handle_packet(at_ms(20), 1, 41);
  EXPECT_EQ(detector.next_timeout(), kNever);
  detector.handle_packet(at_ms(40), 1, 40);
  EXPECT_EQ(detector.next_timeout(), at_ms(1040));
}

TEST(SpeakerDetector, AStreamThatEndsIsNoSpeaker) {
  Detector d;
  EXPECT_TRUE(d.second({{1, 50, 20}, {2, 50, 30}}));
  d.detector.handle_packet(at_ms(1010), 2, 20);
  d.detector.remove(2);
  EXPECT_TRUE(d.detector.poll(at_ms(2000)));
  EXPECT_TRUE(d.speakers().empty());
}

TEST(SpeakerDetector, AnIntervalOfNothingIsASecond) {
  Detector d({.interval = Duration::zero()});
  EXPECT_TRUE(d.second({{1, 10, 20}}));
}

/// Streams that send a packet each 20 ms, at a level of their own; who was sent on.
struct Crowd {
  LoudestStreams loudest;
  std::int64_t ms = 0;

  explicit Crowd(std::size_t count) : loudest(count) {}
  Numbers speak(int duration_ms, const std::vector<std::pair<StreamNumber, std::uint8_t>>& levels) {
    for (const std::int64_t end = ms + duration_ms; ms < end; ms += 20) {
      for (const auto& [stream, level] : levels) (void)loudest.handle_packet(at_ms(ms), stream, level);
    }
    Numbers chosen;
    for (const auto& [stream, level] : levels) {
      if (loudest.contains(stream)) chosen.push_back(stream);
    }
    return chosen;
  }
};

TEST(LoudestStreams, EverybodyWithoutALimit) {
  Crowd c(0);
  EXPECT_EQ(c.speak(20, {{1, 127}, {2, 0}}), (Numbers{1, 2}));
}

TEST(LoudestStreams, AFirstWordGetsThrough) {
  Crowd c(2);
  EXPECT_EQ(c.speak(5000, {{1, 30}, {2, 60}, {3, 127}}), (Numbers{1, 2}));
  // At its first loud packet.
  EXPECT_TRUE(c.loudest.handle_packet(at_ms(c.ms), 3, 20));
  EXPECT_EQ(c.speak(20, {{1, 30}, {2, 60}, {3, 20}}), (Numbers{1, 3}));
}

TEST(LoudestStreams, EqualsDoNotTakeTurns) {
  Crowd c(1);
  EXPECT_EQ(c.speak(100, {{1, 30}, {2, 127}}), (Numbers{1}));
  EXPECT_EQ(c.speak(10'000, {{1, 30}, {2, 28}}), (Numbers{1}));
  EXPECT_EQ(c.speak(1000, {{1, 30}, {2, 25}}), (Numbers{2}));
  EXPECT_EQ(c.speak(1900 - 1000, {{1, 10}, {2, 25}}), (Numbers{2}));  // Has its time,
  EXPECT_EQ(c.speak(1000, {{1, 10}, {2, 25}}), (Numbers{1}));         // and no longer.
}

TEST(LoudestStreams, AMutedMicrophoneLosesItsPlaceByTheClock) {
  Crowd c(1);
  EXPECT_EQ(c.speak(3000, {{1, 10}, {2, 127}}), (Numbers{1}));
  c.ms += 4000;  // Not a packet.
  EXPECT_EQ(c.speak(20, {{2, 80}}), (Numbers{2}));
  c.loudest.remove(2);
  EXPECT_FALSE(c.loudest.contains(2));
}

}  // namespace
}  // namespace noir
