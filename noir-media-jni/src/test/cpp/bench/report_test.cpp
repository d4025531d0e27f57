#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bench/baseline.hpp"
#include "bench/report_files.hpp"
#include "bench/table.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Report report_of(double floor_us, std::optional<Duration> cpu) {
  MediaResult result;
  result.scenario.name = "1 x 2 <video>";
  result.window = seconds(10);
  result.video = {1000, 1'000'000};
  result.floor_us = floor_us;
  result.server_cpu = cpu;
  return {{}, {result}, {}, {}, true};
}

TEST(BenchReport, DividesTheServersCpuByPackets) {
  const Report report = report_of(2, milliseconds(4));
  EXPECT_DOUBLE_EQ(*report.media[0].us_per_packet(), 4);
  EXPECT_DOUBLE_EQ(*report.media[0].server_load(), 0.0004);
  EXPECT_DOUBLE_EQ(ratios_of(report).at("1 x 2 <video>"), 0.5);
}

TEST(BenchReport, SaysThatARemoteServersCpuIsUnknown) {
  const Report report = report_of(2, std::nullopt);
  EXPECT_NE(print_table(report).find("n/a"), std::string::npos);
  EXPECT_NE(print_json(report).find("\"usPerPacket\": null"), std::string::npos);
  EXPECT_TRUE(ratios_of(report).empty());
}

TEST(BenchReport, TellsTheOptionsOfTheServersItStarted) {
  Report report = report_of(2, milliseconds(4));
  EXPECT_EQ(print_table(report).find("server: java"), std::string::npos);
  EXPECT_NE(print_json(report).find("\"javaOptions\": null"), std::string::npos);
  report.java_options = "-Xmx64m";
  EXPECT_TRUE(print_table(report).ends_with("server: java -Xmx64m\n"));
  EXPECT_NE(print_json(report).find("\"javaOptions\": \"-Xmx64m\""), std::string::npos);
}

TEST(BenchReport, DrawsNamesAsText) {
  const std::string svg = print_svg(report_of(2, milliseconds(4)));
  EXPECT_NE(svg.find("1 x 2 &lt;video>"), std::string::npos);
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(BenchBaseline, ComplainsOfMoreThanAFifth) {
  const Ratios recorded{{"a", 0.5}, {"b", 0.5}, {"c", 0.5}};
  const auto losses = find_losses(recorded, {{"a", 0.41}, {"b", 0.39}});
  ASSERT_EQ(losses.size(), 2U);
  EXPECT_EQ(print(losses[0]), "b: floor ÷ cost was 0.50, is 0.39");
  EXPECT_EQ(print(losses[1]), "c: recorded, but not measured now");
}

TEST(BenchBaseline, ComplainsOfASubscriberOfMoreThan80Kilobytes) {
  MemoryResult memory;
  memory.bytes_per_subscriber = 80'000;
  EXPECT_EQ(find_excess(memory), std::nullopt);
  memory.bytes_per_subscriber = 81'000;
  EXPECT_EQ(find_excess(memory), "memory: 81.00 KB per subscriber of a video, 80.00 are allowed");
}

TEST(BenchBaseline, TakesTheMiddleOfThree) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({1, 1, 9}), 1);
}

TEST(BenchBaseline, ReadsWhatItWrote) {
  const std::string path = std::filesystem::temp_directory_path() / "noir-bench-baseline-test.json";
  std::ofstream(path) << print_baseline({{"a", 0.5004}});
  EXPECT_DOUBLE_EQ(read_baseline(path).at("a"), 0.5);
  std::ofstream(path) << "[]";
  EXPECT_THROW((void)read_baseline(path), std::runtime_error);
  std::filesystem::remove(path);
  EXPECT_THROW((void)read_baseline(path), std::runtime_error);
}

TEST(BenchQuantiles, AreOfTheSortedValues) {
  std::vector<Duration> values;
  for (int i = 100; i >= 0; --i) values.push_back(milliseconds(i));
  const Quantiles q = quantiles(values);
  EXPECT_EQ(q.p50, milliseconds(50));
  EXPECT_EQ(q.p99, milliseconds(99));
  EXPECT_EQ(q.max, milliseconds(100));
}

}  // namespace
}  // namespace noir
