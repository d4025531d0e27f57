#include "forward/layer_allocator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "forward/media_source.hpp"

namespace noir {
namespace {

using test::at_ms;
using enum AllocationReason;

constexpr std::uint64_t kK = 1000;

/// Simulcast as browsers send it: 320, 640 and 1280 wide.
const std::vector<OfferedLayer> kSimulcast{
    {{0, 0}, 320, 180, 150 * kK}, {{1, 0}, 640, 360, 500 * kK}, {{2, 0}, 1280, 720, 1500 * kK}};
const std::vector<OfferedLayer> kVoice{{{0, 0}, 0, 0, 40 * kK, 0}};

WantedTrack camera(std::uint32_t id, const std::vector<OfferedLayer>& layers = kSimulcast) {
  WantedTrack track;
  track.id = id;
  track.layers = layers;
  return track;
}
WantedTrack voice(std::uint32_t id) {
  WantedTrack track = camera(id, kVoice);
  track.use = TrackUse::kAudio;
  return track;
}
WantedTrack screen(std::uint32_t id, const std::vector<OfferedLayer>& layers = kSimulcast) {
  WantedTrack track = camera(id, layers);
  track.use = TrackUse::kScreen;
  return track;
}

/// A subscriber whose down tracks follow at once.
struct Line {
  LayerAllocator allocator;
  std::vector<WantedTrack> tracks;
  std::int64_t ms = 0;
  int changes = 0;

  EstimateBasis basis = EstimateBasis::kMeasured;

  LayerAllocator::Result allocate(std::uint64_t estimate, std::int64_t step_ms = 100) {
    ms += step_ms;
    const auto result = allocator.allocate(at_ms(ms), estimate, tracks, basis);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      changes += tracks[i].current != result.tracks[i].layer ? 1 : 0;
      tracks[i].current = result.tracks[i].layer;
    }
    return result;
  }
  /// -1 = paused.
  [[nodiscard]] std::vector<int> spatial() const {
    std::vector<int> layers;
    for (const WantedTrack& t : tracks) layers.push_back(t.current ? t.current->spatial : -1);
    return layers;
  }
};

using Ints = std::vector<int>;

TEST(LayerAllocator, AudioFirstThenEverybodyThenBetterOnes) {
  struct Case {
    std::uint64_t estimate;  // kbit/s
    Ints layers;             // Of a voice and two cameras.
  };
  const Case kCases[] = {
      {10, {0, -1, -1}},  // Less than the voice needs: it goes on.
      {100, {0, -1, -1}}, {250, {0, 0, -1}}, {400, {0, 0, 0}},  {800, {0, 1, 0}},
      {1200, {0, 1, 1}},  {2400, {0, 2, 1}}, {3500, {0, 2, 2}},
  };
  for (const Case& c : kCases) {
    Line line;
    line.tracks = {voice(1), camera(2), camera(3)};
    line.allocate(c.estimate * kK);
    EXPECT_EQ(line.spatial(), c.layers) << c.estimate;
  }
}

TEST(LayerAllocator, SaysWhy) {
  Line line;
  line.tracks = {voice(1), camera(2), camera(3), camera(4), camera(5)};
  line.tracks[3].wanted = false;
  line.tracks[4].layers = {};
  const auto reasons = [&](std::uint64_t estimate) {
    std::vector<AllocationReason> all;
    for (const auto& t : line.allocate(estimate * kK).tracks) all.push_back(t.reason);
    return all;
  };
  EXPECT_EQ(reasons(300), (std::vector{kWanted, kNoBandwidth, kNoBandwidth, kNotWanted, kNothingOffered}));
  EXPECT_EQ(reasons(1100), (std::vector{kWanted, kNoBandwidth, kNoHeadRoom, kNotWanted, kNothingOffered}));
  EXPECT_EQ(reasons(9000), (std::vector{kWanted, kWanted, kWanted, kNotWanted, kNothingOffered}));
  for (const auto reason : {kWanted, kNotWanted, kNothingOffered, kNoBandwidth, kNoHeadRoom, kHeldDown, kNeverPaused}) {
    EXPECT_FALSE(to_words(reason).empty());
  }
}

TEST(LayerAllocator, AScreenIsNeverPausedAndCountsWithItsPeak) {
  const std::vector<OfferedLayer> bursts{{{0, 0}, 1280, 720, 20 * kK, 600 * kK},
                                         {{1, 0}, 1920, 1080, 30 * kK, 2000 * kK}};
  Line line;
  line.tracks = {camera(1), screen(2, bursts)};
  auto result = line.allocate(100 * kK);
  EXPECT_EQ(line.spatial(), (Ints{-1, 0}));
  EXPECT_EQ(result.tracks[1].reason, kNeverPaused);
  line.allocate(1000 * kK);  // A still screen leaves room for what it may become.
  EXPECT_EQ(line.spatial(), (Ints{0, 0}));
  result = line.allocate(5000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{2, 1}));
  EXPECT_EQ(result.allocated, 3500 * kK);
}

TEST(LayerAllocator, ThePriorityDecidesWhoIsBetterButNotWhoIsThere) {
  Line line;
  line.tracks = {camera(1), camera(2), camera(3)};
  line.tracks[2].priority = 5;
  line.allocate(2200 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0, 0, 2}));
  Line thin;
  thin.tracks = line.tracks;
  for (WantedTrack& t : thin.tracks) t.current.reset();
  thin.allocate(200 * kK);
  EXPECT_EQ(thin.spatial(), (Ints{-1, -1, 0}));
}

TEST(LayerAllocator, NobodyGetsMoreThanTheSizeItIsShownIn) {
  struct Case {
    int width;
    int height;
    int layer;
  };
  for (const Case& c : {Case{0, 0, 2}, {160, 90, 0}, {320, 180, 0}, {321, 180, 1}, {180, 320, 0}, {4000, 3000, 2}}) {
    Line line;
    line.tracks = {camera(1)};
    line.tracks[0].max_width = static_cast<std::uint16_t>(c.width);
    line.tracks[0].max_height = static_cast<std::uint16_t>(c.height);
    const auto result = line.allocate(10'000 * kK);
    EXPECT_EQ(line.spatial(), (Ints{c.layer})) << c.width;
    EXPECT_EQ(result.tracks[0].reason, kWanted);
    EXPECT_EQ(result.wanted, result.allocated);
  }
}

TEST(LayerAllocator, TheSubscribersMaximumHolds) {
  const std::vector<OfferedLayer> svc{{{0, 0}, 320, 180, 50 * kK, 0},  {{0, 1}, 320, 180, 80 * kK, 0},
                                      {{0, 2}, 320, 180, 100 * kK, 0}, {{1, 0}, 640, 360, 150 * kK, 0},
                                      {{1, 1}, 640, 360, 250 * kK, 0}, {{1, 2}, 640, 360, 300 * kK, 0}};
  struct Case {
    Layer max;
    Layer given;
  };
  for (const Case& c : {Case{{0xFF, 0xFF}, {1, 2}}, {{0, 0xFF}, {0, 2}}, {{0xFF, 1}, {1, 1}}, {{1, 0}, {1, 0}}}) {
    Line line;
    line.tracks = {camera(1, svc)};
    line.tracks[0].max = c.max;
    line.allocate(10'000 * kK);
    EXPECT_EQ(line.tracks[0].current, c.given);
  }
  // In between, no layer with more pixels and fewer pictures.
  Line line;
  line.tracks = {camera(1, svc)};
  line.allocate(200 * kK);
  EXPECT_EQ(line.tracks[0].current, (Layer{0, 2}));
}

TEST(LayerAllocator, ProbesForWhatIsWantedAndNoMore) {
  Line line;
  line.tracks = {voice(1), camera(2)};
  EXPECT_EQ(line.allocate(200 * kK).wanted, 1540 * kK * 115 / 100);
  line.tracks[1].max_width = 320;
  EXPECT_EQ(line.allocate(400 * kK).wanted, 190 * kK);  // All there.
}

TEST(LayerAllocator, GoesUpWithAReserveAndDownWithout) {
  Line line;
  line.tracks = {camera(1)};
  line.allocate(560 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0}));
  line.allocate(580 * kK);
  EXPECT_EQ(line.spatial(), (Ints{1}));
  line.allocate(501 * kK);
  EXPECT_EQ(line.spatial(), (Ints{1}));
  line.allocate(499 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0}));
}

TEST(LayerAllocator, TheOnlyPictureIsNotTakenAwayForALittle) {
  Line line;
  const std::vector<OfferedLayer> single{{{0, 0}, 640, 360, 1000 * kK}};
  line.tracks = {voice(1), camera(2, single), camera(3)};
  line.allocate(1400 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0, 0, 0}));
  // One of two goes, but not the other.
  line.allocate(600 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0, -1, 0}));
  line.allocate(140 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0, -1, 0}));
  line.allocate(130 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0, -1, -1}));
  // To what is not there it is not given.
  line.allocate(180 * kK, 20'000);
  EXPECT_EQ(line.spatial(), (Ints{0, -1, -1}));
}

TEST(LayerAllocator, WhatDidNotHoldIsNotTriedAgainAtOnce) {
  Line line;
  line.tracks = {camera(1)};
  // An estimate that collapses whenever the better layer is there.
  std::vector<std::int64_t> ascents;
  for (int i = 0; i < 600; ++i) {
    const int before = line.spatial()[0];
    line.allocate(before == 1 ? 200 * kK : 700 * kK);
    if (line.spatial()[0] > std::max(before, 0)) ascents.push_back(line.ms);
  }
  ASSERT_GE(ascents.size(), 5U);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(ascents[i] - ascents[i - 1], 2000 << (i - 1));
  EXPECT_LE(ascents.size(), 11U);
}

// As long as the key frame for it has not come, going back says nothing of whether it holds.
TEST(LayerAllocator, WhatHasNotBeenTriedIsNotHeldDown) {
  Line line;
  line.tracks = {camera(1)};
  line.allocate(700 * kK);
  line.allocate(2000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{2}));
  line.tracks[0].waits = true;
  line.allocate(1400 * kK);
  EXPECT_EQ(line.spatial(), (Ints{1}));
  line.allocate(2000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{2}));
  line.tracks[0].waits = false;
  line.allocate(1400 * kK);
  line.allocate(2000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{1}));
}

// What is sent before anything is known is more than a line is thought to take at first.
TEST(LayerAllocator, WhatTheStartTakesAwayIsNotHeldDown) {
  Line line;
  line.tracks = {camera(1)};
  line.tracks[0].current = Layer{2, 0};
  line.basis = EstimateBasis::kStart;
  line.allocate(300 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0}));
  line.allocate(2000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{2}));
  line.basis = EstimateBasis::kMeasured;
  line.allocate(300 * kK);
  line.allocate(2000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0})) << "that has been measured";
}

TEST(LayerAllocator, WhoWantsLessIsNotHeldDown) {
  Line line;
  line.tracks = {camera(1)};
  line.allocate(10'000 * kK);
  line.tracks[0].max.spatial = 0;
  line.allocate(10'000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{0}));
  line.tracks[0].max.spatial = 0xFF;
  line.allocate(10'000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{2}));
}

TEST(LayerAllocator, WhatIsSwitchedOffIsAskedForAndNotCounted) {
  auto offered = kSimulcast;
  offered[2].available = false;
  Line line;
  line.tracks = {camera(1, offered)};
  auto result = line.allocate(5000 * kK);
  EXPECT_EQ(line.spatial(), (Ints{1}));
  EXPECT_EQ(result.tracks[0].demand, (Layer{2, 0}));
  EXPECT_EQ(result.tracks[0].reason, kWanted);
  line.tracks[0].max_width = 640;
  EXPECT_EQ(line.allocate(5000 * kK).tracks[0].demand, (Layer{1, 0}));
  line.tracks[0].max_width = 0;
  EXPECT_EQ(line.allocate(300 * kK).tracks[0].demand, (Layer{1, 0}));  // One more than there is room for.
  for (auto& layer : offered) layer.available = false;
  line.tracks[0].layers = offered;
  result = line.allocate(5000 * kK);
  EXPECT_EQ(result.tracks[0].reason, kNothingOffered);
  EXPECT_EQ(result.tracks[0].demand, (Layer{2, 0}));
  line.tracks[0].wanted = false;
  EXPECT_FALSE(line.allocate(5000 * kK).tracks[0].demand);
}

/// A random room as one subscriber sees it; the layers live as long as it does.
struct RandomRoom {
  std::deque<std::vector<OfferedLayer>> layers;
  std::vector<WantedTrack> tracks;

  explicit RandomRoom(std::uint32_t seed, bool equal) {
    std::mt19937 random(seed);
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const unsigned count = 1 + pick(20);
    for (unsigned i = 0; i < count; ++i) {
      auto& offered = layers.emplace_back();
      std::uint64_t bitrate = (50 + pick(150)) * kK;
      const unsigned encodings = 1 + pick(4);
      for (unsigned k = 0; k < encodings; ++k, bitrate = bitrate * (15 + pick(25)) / 10) {
        offered.push_back({{static_cast<std::uint8_t>(k), 0},
                           static_cast<std::uint16_t>(320U << k),
                           static_cast<std::uint16_t>(180U << k),
                           bitrate,
                           0});
      }
      WantedTrack track = camera(100 + i, offered);
      if (!equal) {
        const unsigned use = pick(10);
        track.use = use == 0 ? TrackUse::kScreen : use < 4 ? TrackUse::kAudio : TrackUse::kCamera;
        track.priority = static_cast<std::uint8_t>(pick(3));
        track.wanted = pick(5) != 0;
        if (pick(3) == 0) track.max_width = static_cast<std::uint16_t>(100 + pick(2000));
      }
      tracks.push_back(track);
    }
    std::shuffle(tracks.begin(), tracks.end(), random);
  }
};

TEST(LayerAllocatorProperty, NobodyIsBetterWhileSomebodyHasNothing) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    RandomRoom room(seed, false);
    for (std::uint64_t estimate = 50 * kK; estimate < 20'000 * kK; estimate = estimate * 5 / 4) {
      LayerAllocator allocator;
      const auto result = allocator.allocate(at_ms(0), estimate, room.tracks);
      bool better = false;
      std::uint64_t cheapest = ~0ULL;  // First layer that somebody is left without.
      std::uint64_t fixed = 0;         // Given whether it fits or not.
      for (std::size_t i = 0; i < room.tracks.size(); ++i) {
        const WantedTrack& t = room.tracks[i];
        const AllocatedTrack& given = result.tracks[i];
        EXPECT_EQ(given.layer.has_value(), given.reason != kNotWanted && given.bitrate != 0);
        if (t.use == TrackUse::kAudio) {
          EXPECT_EQ(given.layer.has_value(), t.wanted);
          fixed += given.bitrate;
        } else if (given.layer) {
          better |= given.layer->spatial > 0;
          if (t.use == TrackUse::kScreen) fixed += t.layers[0].bitrate;
        } else if (t.wanted) {
          EXPECT_NE(t.use, TrackUse::kScreen);
          cheapest = std::min(cheapest, t.layers[0].bitrate);
        }
      }
      EXPECT_LE(result.allocated, std::max(estimate, fixed)) << seed;
      if (better && cheapest != ~0ULL) {
        // Only when what is left did not do for one more.
        EXPECT_GT((result.allocated + cheapest) * 115 / 100, estimate / 2) << seed;
      }
    }
  }
}

TEST(LayerAllocatorProperty, MoreBandwidthNeverMeansLess) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    for (const bool equal : {false, true}) {
      RandomRoom room(seed, equal);
      std::uint64_t used = 0;
      std::ptrdiff_t shown = 0;
      for (std::uint64_t estimate = 50 * kK; estimate < 30'000 * kK; estimate = estimate * 11 / 10) {
        LayerAllocator allocator;
        const auto result = allocator.allocate(at_ms(0), estimate, room.tracks);
        EXPECT_GE(result.allocated, used) << seed << " at " << estimate;
        used = result.allocated;
        const auto now_shown = std::count_if(result.tracks.begin(), result.tracks.end(),
                                             [](const AllocatedTrack& t) { return t.layer.has_value(); });
        if (equal) {
          EXPECT_GE(now_shown, shown) << seed << " at " << estimate;
        }
        shown = now_shown;
      }
    }
  }
}

TEST(LayerAllocatorProperty, HoldsStillWhileTheEstimateWavers) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    RandomRoom room(seed, false);
    std::mt19937 random(seed);
    for (std::uint64_t estimate = 200 * kK; estimate < 20'000 * kK; estimate *= 2) {
      Line line;
      line.tracks = room.tracks;
      const auto waver = [&] { return estimate * (95 + random() % 11) / 100; };
      for (int i = 0; i < 60; ++i) line.allocate(waver());
      line.changes = 0;
      for (int i = 0; i < 100; ++i) line.allocate(waver());
      // What the lowest of the wavering did not hold is not gone up to again but for the highest of it.
      EXPECT_LE(line.changes, 2) << seed << " at " << estimate;
    }
  }
}

TEST(LayerAllocatorProperty, TheOrderOfTheTracksDoesNotMatter) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    RandomRoom room(seed, false);
    LayerAllocator one;
    const auto first = one.allocate(at_ms(0), 3000 * kK, room.tracks);
    auto turned = room.tracks;
    std::reverse(turned.begin(), turned.end());
    LayerAllocator other;
    const auto second = other.allocate(at_ms(0), 3000 * kK, turned);
    for (std::size_t i = 0; i < turned.size(); ++i) {
      EXPECT_EQ(second.tracks[i].layer, first.tracks[turned.size() - 1 - i].layer);
    }
  }
}

}  // namespace
}  // namespace noir
