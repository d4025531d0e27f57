#pragma once

#include <string>
#include <vector>

namespace noir {

/// What one run is made of.
struct Scenario {
  std::string name;
  int rooms = 1;
  int publishers = 1;     // In each room; they also subscribe.
  int subscribers = 100;  // In each room, who only subscribe.
  int kbps = 1500;        // Of each video track; 0 = no video.
  bool audio = false;
  int loops = 1;  // Of a server that the bench starts.
};

struct Options {
  bool help = false;
  std::vector<Scenario> scenarios;
  int seconds = 10;
  int warm_up_seconds = 3;
  int joins_per_second = 50;
  std::string url;  // Empty = start a server.
  std::string war;
  std::string java = "java";
  std::string output = "target/bench";
};

extern const char* const kUsage;

/// Throws `std::invalid_argument`, which says what is wrong.
[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

}  // namespace noir
