#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace noir::test {

/// The figures of one case, over all of its seeds: each is held against its bar, and all of them against
/// `scoreboard.txt`, so that no change moves them unnoticed. `NOIR_SCOREBOARD=write` rewrites the file's lines of the
/// cases that run.
class Scores {
 public:
  static constexpr int kSeeds = 8;

  explicit Scores(std::string name) : name_(std::move(name)) {}

  /// Runs the case with each seed, then compares.
  void run(const std::function<void(std::uint64_t seed, Scores& scores)>& once);

  void at_least(const std::string& figure, int value, int bar);
  void at_most(const std::string& figure, int value, int bar);
  /// Has no bar, and may only not move unnoticed.
  void note(const std::string& figure, int value) { values_[figure].push_back(value); }

 private:
  void compare() const;
  [[nodiscard]] std::vector<std::string> lines() const;

  std::string name_;
  std::uint64_t seed_ = 0;
  std::map<std::string, std::vector<int>> values_;
};

}  // namespace noir::test
