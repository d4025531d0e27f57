#include "bench/options.hpp"

#include <charconv>
#include <stdexcept>

namespace noir {

const char* const kUsage =
    R"(Usage: noir_bench --war FILE [options]
)";

namespace {

int number(const std::string& name, const std::string& text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw std::invalid_argument(name + " must be a number from " + std::to_string(least) + " to " +
                                std::to_string(most) + ", not '" + text + "'");
  }
  return value;
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  Scenario own;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--help" || name == "-h") {
      options.help = true;
      return options;
    }
    if (name == "--audio") {
      own.audio = true;
      continue;
    }
    if (i + 1 == arguments.size()) throw std::invalid_argument("unknown option, or one without a value: " + name);
    const std::string& value = arguments[++i];
    if (name == "--publishers") {
      own.publishers = number(name, value, 0, 100);
    } else if (name == "--subscribers") {
      own.subscribers = number(name, value, 0, 5000);
    } else if (name == "--rooms") {
      own.rooms = number(name, value, 1, 5000);
    } else if (name == "--kbps") {
      own.kbps = number(name, value, 0, 100'000);
    } else if (name == "--loops") {
      own.loops = number(name, value, 1, 64);
    } else if (name == "--seconds") {
      options.seconds = number(name, value, 1, 86'400);
    } else if (name == "--joins-per-second") {
      options.joins_per_second = number(name, value, 1, 1000);
    } else if (name == "--url") {
      options.url = value;
    } else if (name == "--war") {
      options.war = value;
    } else if (name == "--java") {
      options.java = value;
    } else if (name == "--output") {
      options.output = value;
    } else {
      throw std::invalid_argument("unknown option " + name);
    }
  }
  own.name = std::to_string(own.publishers) + " x " + std::to_string(own.subscribers);
  options.scenarios.push_back(own);
  return options;
}

}  // namespace noir
