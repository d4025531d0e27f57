#pragma once

#include <string>
#include <vector>

namespace noir {

/// A constant load of media.
struct MediaScenario {
  std::string name;
  int rooms = 1;
  int publishers = 1;     // In each room; they also subscribe to each other.
  int subscribers = 100;  // In each room, who only subscribe.
  int kbps = 1500;        // Of each video track; 0 = no video.
  bool audio = false;
  int loops = 1;        // Of a server that the bench starts.
  bool numbers = true;  // Clients take transport-wide numbers and report when each packet came, as browsers do.
};

struct Options {
  bool help = false;
  std::vector<MediaScenario> media;
  bool joins = false;     // Peers that come and go.
  bool memory = false;    // What a peer takes.
  bool check = false;     // Compare with what is recorded,
  bool record = false;    // or record: the media of the set with and without reports.
  bool lossless = false;  // A packet that does not arrive is a failure.
  bool numbers = true;    // Of joins and memory, as of each scenario.

  int seconds = 10;          // Measured, of each scenario.
  int warm_up_seconds = 10;  // The JVM still compiles what the joins have run.
  int joins_per_second = 50;
  std::string url;  // Of a running server; empty = start one for each scenario.
  int pid = 0;      // Of the server at `url`, when it runs on this machine; 0 = unknown.
  std::string war;
  std::string java;
  std::string java_options;
  std::string baseline;  // The file of what is recorded.
  std::string output = ".";
};

extern const char* const kUsage;

/// Throws `std::invalid_argument`, which says what is wrong.
[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

}  // namespace noir
