#include "bench/options.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace noir {

const char* const kUsage = R"(Usage: ./noir bench [options]

Measures noiR under the load of simulated clients on this machine: WebSocket, ICE, DTLS and SRTP as browsers do them.
Prints a table; writes results.json and results.svg to target/bench. Needs 2 processors or more, and an otherwise idle
machine. docs/performance.md tells what the numbers mean.

Without options, a set of scenarios: 1 x 100 video, 1 x 100 audio, a room of 10 with both, 1 x 500, 1 x 300 on one and
on two loops, 100 rooms of 4, of whom one publishes, 50 who hear each other, joins, memory. About six minutes.

One scenario of your own (each of these replaces the set):
  --publishers N        in each room; they also subscribe to each other             1
  --subscribers N       in each room, who only subscribe                            100
  --rooms N                                                                         1
  --kbps N              of each video track; 0 = no video                           1500
  --audio               an audio track of each publisher, too
  --loops N             media loops of the server that is started                   1
  --joins               peers that come and go, instead of media
  --memory              what an idle peer, a subscriber and a publisher take, instead of media
  --growth              a set that shows how cost grows with subscribers, publishers, rooms and loops

  --no-numbers          clients take no transport-wide numbers, and so do not report when each packet came; browsers do
  --seconds N           to measure each scenario for                                10
  --joins-per-second N                                                              50
  --url ws://HOST:PORT/ws   load this server instead of starting one; its CPU and memory are then not known,
  --pid N               unless it is this process
  --war FILE            start this WAR
  --check               compare with what is recorded for the set, with and without reports: exit 1 when more than 20 %
                        has been lost, or a subscriber takes more than 80 KB. What looks worse is measured three times,
                        and the median counts. From twelve minutes on
  --record              record the set's results, with and without reports, of one measurement each
  --lossless            exit 1 when a packet is lost

The server's JVM gets the options in config/jvm.options. JAVA_OPTS holds more of them, which win.
)";

namespace {

int number(std::string_view name, std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw std::invalid_argument(std::string(name) + " must be a number from " + std::to_string(least) + " to " +
                                std::to_string(most) + ", not '" + std::string(text) + "'");
  }
  return value;
}

std::vector<MediaScenario> standard_set() {
  return {
      {.name = "1 x 100 video"},
      {.name = "1 x 100 audio", .kbps = 0, .audio = true},
      {.name = "room of 10, both", .publishers = 10, .subscribers = 0, .audio = true},
      {.name = "1 x 500 video", .subscribers = 500},
      {.name = "1 x 300, one loop", .subscribers = 300},
      {.name = "1 x 300, two loops", .subscribers = 300, .loops = 2},
      {.name = "100 rooms of 4", .rooms = 100, .subscribers = 3},
      {.name = "audio, 50 x 50", .publishers = 50, .subscribers = 0, .kbps = 0, .audio = true},
  };
}

/// What browsers load a server with, and the same without a report of each packet, to tell what these cost.
std::vector<MediaScenario> recorded_set() {
  std::vector<MediaScenario> set = standard_set();
  for (MediaScenario scenario : standard_set()) {
    scenario.name += ", no reports";
    scenario.numbers = false;
    set.push_back(std::move(scenario));
  }
  return set;
}

std::vector<MediaScenario> growth_set() {
  std::vector<MediaScenario> set;
  for (const int subscribers : {10, 30, 100, 200, 400}) {
    set.push_back({.name = "1 x " + std::to_string(subscribers), .subscribers = subscribers});
  }
  for (const int publishers : {2, 4, 8}) {
    set.push_back({.name = std::to_string(publishers) + " x " + std::to_string(120 / publishers),
                   .publishers = publishers,
                   .subscribers = 120 / publishers});
  }
  for (const int rooms : {5, 20}) {
    set.push_back({.name = std::to_string(rooms) + " rooms, 1 x " + std::to_string(100 / rooms),
                   .rooms = rooms,
                   .subscribers = 100 / rooms});
  }
  set.push_back({.name = "20 rooms, 1 x 10, two loops", .rooms = 20, .subscribers = 10, .loops = 2});
  set.push_back({.name = "1 x 200, two loops", .subscribers = 200, .loops = 2});
  return set;
}

std::string describe(const MediaScenario& s) {
  std::string name = s.rooms > 1 ? std::to_string(s.rooms) + " rooms, " : "";
  name += std::to_string(s.publishers) + " x " + std::to_string(s.subscribers);
  name += s.kbps == 0 ? " audio" : s.audio ? " both" : " video";
  if (s.loops > 1) name += ", " + std::to_string(s.loops) + " loops";
  return name;
}

/// Reads the arguments one by one.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : rest_(arguments) {}

  Options parse() {
    while (next_ < rest_.size()) read(rest_[next_++]);
    if (growth_) {
      options_.media = growth_set();
    } else if (own_given_) {
      own_.name = describe(own_);
      options_.media = {own_};
    } else if (!options_.joins && !options_.memory) {
      whole_set_ = true;
      options_.media = is_compared() ? recorded_set() : standard_set();
      options_.joins = true;
      options_.memory = true;
    }
    options_.numbers = !unnumbered_;
    for (MediaScenario& scenario : options_.media) scenario.numbers &= options_.numbers;
    check();
    return options_;
  }

 private:
  [[nodiscard]] bool is_compared() const { return options_.check || options_.record; }

  void read(const std::string& name) {
    if (!read_flag(name) && !read_number(name) && !read_text(name)) {
      throw std::invalid_argument("unknown option " + name);
    }
  }

  bool read_flag(std::string_view name) {
    struct Flag {
      std::string_view name;
      bool* value;
    };
    const std::array<Flag, 10> flags{{{"--help", &options_.help},
                                      {"-h", &options_.help},
                                      {"--joins", &options_.joins},
                                      {"--memory", &options_.memory},
                                      {"--growth", &growth_},
                                      {"--check", &options_.check},
                                      {"--record", &options_.record},
                                      {"--lossless", &options_.lossless},
                                      {"--no-numbers", &unnumbered_},
                                      {"--audio", &own_.audio}}};
    for (const Flag& flag : flags) {
      if (flag.name != name) continue;
      *flag.value = true;
      own_given_ |= flag.value == &own_.audio;
      return true;
    }
    return false;
  }

  bool read_number(std::string_view name) {
    struct Number {
      std::string_view name;
      int* value;
      int least;
      int most;
      bool own;
    };
    const std::array<Number, 8> numbers{{{"--publishers", &own_.publishers, 0, 200, true},
                                         {"--subscribers", &own_.subscribers, 0, 5000, true},
                                         {"--rooms", &own_.rooms, 1, 5000, true},
                                         {"--kbps", &own_.kbps, 0, 100'000, true},
                                         {"--loops", &own_.loops, 1, 64, true},
                                         {"--seconds", &options_.seconds, 1, 86'400, false},
                                         {"--joins-per-second", &options_.joins_per_second, 1, 1000, false},
                                         {"--pid", &options_.pid, 1, 1 << 22, false}}};
    for (const Number& n : numbers) {
      if (n.name != name) continue;
      *n.value = number(name, value_of(name), n.least, n.most);
      own_given_ |= n.own;
      return true;
    }
    return false;
  }

  bool read_text(std::string_view name) {
    struct Text {
      std::string_view name;
      std::string* value;
    };
    const std::array<Text, 6> texts{{{"--url", &options_.url},
                                     {"--java-options", &options_.java_options},
                                     {"--war", &options_.war},
                                     {"--java", &options_.java},
                                     {"--baseline", &options_.baseline},
                                     {"--output", &options_.output}}};
    for (const Text& text : texts) {
      if (text.name != name) continue;
      *text.value = value_of(name);
      return true;
    }
    return false;
  }

  const std::string& value_of(std::string_view name) {
    if (next_ == rest_.size()) throw std::invalid_argument(std::string(name) + " needs a value");
    return rest_[next_++];
  }

  void check() const {
    if (options_.help) return;
    for (const MediaScenario& s : options_.media) {
      if (s.kbps == 0 && !s.audio) throw std::invalid_argument("--kbps 0 without --audio leaves no media");
      if (s.publishers == 0 || s.publishers + s.subscribers < 2) {
        throw std::invalid_argument("there must be a publisher and somebody to receive it");
      }
    }
    if (options_.check && options_.record) throw std::invalid_argument("--check or --record, not both");
    if (is_compared() && (!whole_set_ || unnumbered_ || !options_.url.empty())) {
      throw std::invalid_argument("--check and --record go with the standard set, all of it, on a server of its own");
    }
  }

  // Given.
  const std::vector<std::string>& rest_;

  // State.
  std::size_t next_ = 0;
  Options options_;
  MediaScenario own_;
  bool own_given_ = false;
  bool unnumbered_ = false;
  bool whole_set_ = false;
  bool growth_ = false;
};

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) { return Parser(arguments).parse(); }

}  // namespace noir
