#include "bench/baseline.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace noir {

namespace {

constexpr double kTolerance = 0.8;

std::string two_digits(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

}  // namespace

Ratios ratios_of(const Report& report) {
  Ratios ratios;
  for (const MediaResult& result : report.media) {
    const auto us = result.us_per_packet();
    if (us && *us > 0) ratios[result.scenario.name] = result.floor_us / *us;
  }
  return ratios;
}

Ratios read_baseline(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("nothing is recorded: there is no " + path + " (--record makes it)");
  const auto root = nlohmann::json::parse(file, nullptr, false);
  if (!root.is_object() || !root.contains("ratios")) throw std::runtime_error(path + " is not a record of ratios");
  return root["ratios"].get<Ratios>();
}

std::string print_baseline(const Ratios& ratios) {
  nlohmann::json rounded = nlohmann::json::object();
  for (const auto& [name, ratio] : ratios) rounded[name] = std::round(ratio * 1000) / 1000;
  return nlohmann::json{{"ratios", rounded}}.dump(2) + '\n';
}

std::vector<std::string> find_losses(const Ratios& recorded, const Ratios& now) {
  std::vector<std::string> losses;
  for (const auto& [name, before] : recorded) {
    const auto found = now.find(name);
    if (found == now.end()) {
      losses.push_back(name + ": recorded, but not measured now");
    } else if (found->second < before * kTolerance) {
      losses.push_back(name + ": floor ÷ cost was " + two_digits(before) + ", is " + two_digits(found->second));
    }
  }
  return losses;
}

}  // namespace noir
