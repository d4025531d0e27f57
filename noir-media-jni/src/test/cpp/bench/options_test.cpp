#include "bench/options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace noir {
namespace {

TEST(BenchOptions, MeasureTheSetUnlessToldOtherwise) {
  const Options options = parse_options({});
  EXPECT_GT(options.media.size(), 3U);
  EXPECT_TRUE(options.joins);
  EXPECT_TRUE(options.memory);
  const bool spread =
      std::any_of(options.media.begin(), options.media.end(), [](const MediaScenario& s) { return s.loops == 2; });
  EXPECT_TRUE(spread);
}

TEST(BenchOptions, ReplaceTheSetByOneScenario) {
  const Options options =
      parse_options({"--publishers", "2", "--subscribers", "7", "--rooms", "3", "--kbps", "800", "--audio", "--loops",
                     "2", "--no-numbers", "--seconds", "4", "--url", "ws://example:1/ws"});
  ASSERT_EQ(options.media.size(), 1U);
  const MediaScenario& s = options.media[0];
  EXPECT_EQ(s.name, "3 rooms, 2 x 7 both, 2 loops");
  EXPECT_EQ(s.kbps, 800);
  EXPECT_EQ(options.seconds, 4);
  EXPECT_EQ(options.url, "ws://example:1/ws");
  EXPECT_FALSE(options.numbers);
  EXPECT_FALSE(s.numbers);
  EXPECT_FALSE(options.joins);
}

TEST(BenchOptions, CompareTheSetWithAndWithoutReports) {
  const std::size_t size = parse_options({}).media.size();
  for (const char* how : {"--check", "--record"}) {
    const Options options = parse_options({how});
    ASSERT_EQ(options.media.size(), 2 * size);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_TRUE(options.media[i].numbers);
      EXPECT_FALSE(options.media[size + i].numbers);
      EXPECT_EQ(options.media[size + i].name, options.media[i].name + ", no reports");
    }
    EXPECT_TRUE(options.memory);
    EXPECT_TRUE(options.numbers);
  }
}

TEST(BenchOptions, RefuseWhatMakesNoSense) {
  const std::vector<std::vector<std::string>> wrong{{"--subscribers"},
                                                    {"--subscribers", "many"},
                                                    {"--subscribers", "-1"},
                                                    {"--colour", "blue"},
                                                    {"--kbps", "0"},
                                                    {"--publishers", "0"},
                                                    {"--publishers", "1", "--subscribers", "0"},
                                                    {"--check", "--growth"},
                                                    {"--record", "--url", "ws://example/ws"},
                                                    {"--record", "--no-numbers"},
                                                    {"--check", "--no-numbers"},
                                                    {"--check", "--memory"},
                                                    {"--record", "--joins"},
                                                    {"--check", "--record"}};
  for (const auto& arguments : wrong) EXPECT_THROW((void)parse_options(arguments), std::invalid_argument);
}

}  // namespace
}  // namespace noir
