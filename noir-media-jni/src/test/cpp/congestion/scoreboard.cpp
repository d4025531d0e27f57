#include "congestion/scoreboard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string_view>

namespace noir::test {

namespace {

constexpr const char* kHead =
    "# Case | figure | least, median and most of all seeds. Written by the tests: docs/media.md, Bandwidth towards "
    "subscribers.";

std::vector<std::string> read_board() {
  std::ifstream file(NOIR_SCOREBOARD_FILE);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool is_of(const std::string& line, const std::string& name) { return line.rfind(name + " | ", 0) == 0; }

}  // namespace

void Scores::run(const std::function<void(std::uint64_t, Scores&)>& once) {
  for (seed_ = 1; seed_ <= kSeeds; ++seed_) once(seed_, *this);
  compare();
}

void Scores::at_least(const std::string& figure, int value, int bar) {
  note(figure, value);
  EXPECT_GE(value, bar) << name_ << ", " << figure << ", seed " << seed_;
}

void Scores::at_most(const std::string& figure, int value, int bar) {
  note(figure, value);
  EXPECT_LE(value, bar) << name_ << ", " << figure << ", seed " << seed_;
}

std::vector<std::string> Scores::lines() const {
  std::vector<std::string> lines;
  for (const auto& [figure, unsorted] : values_) {
    std::vector<int> values = unsorted;
    std::sort(values.begin(), values.end());
    lines.push_back(name_ + " | " + figure + " | " + std::to_string(values.front()) + " " +
                    std::to_string(values[values.size() / 2]) + " " + std::to_string(values.back()));
  }
  return lines;
}

void Scores::compare() const {
  std::vector<std::string> board = read_board();
  const char* mode = std::getenv("NOIR_SCOREBOARD");  // NOLINT(concurrency-mt-unsafe): one thread.
  if (mode == nullptr || std::string_view(mode) != "write") {
    std::erase_if(board, [this](const std::string& line) { return !is_of(line, name_); });
    EXPECT_EQ(lines(), board) << "the figures have moved: NOIR_SCOREBOARD=write, and say why in the commit";
    return;
  }
  std::set<std::string> kept;
  for (const std::string& line : board) {
    if (!line.empty() && line[0] != '#' && !is_of(line, name_)) kept.insert(line);
  }
  for (const std::string& line : lines()) kept.insert(line);
  std::ofstream file(NOIR_SCOREBOARD_FILE);
  file << kHead << '\n';
  for (const std::string& line : kept) file << line << '\n';
}

}  // namespace noir::test
