#include "bench/baseline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace noir {

namespace {

constexpr double kTolerance = 0.8;
constexpr double kMaxBytesPerSubscriber = 80'000;

std::string two_digits(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

}  // namespace

std::optional<double> ratio_of(const MediaResult& result) {
  const auto us = result.us_per_packet();
  if (!us || *us <= 0) return std::nullopt;
  return result.floor_us / *us;
}

Ratios ratios_of(const Report& report) {
  Ratios ratios;
  for (const MediaResult& result : report.media) {
    if (const auto ratio = ratio_of(result)) ratios[result.scenario.name] = *ratio;
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

std::string print(const Loss& loss) {
  if (!loss.now) return loss.name + ": recorded, but not measured now";
  return loss.name + ": floor ÷ cost was " + two_digits(loss.before) + ", is " + two_digits(*loss.now);
}

std::vector<Loss> find_losses(const Ratios& recorded, const Ratios& now) {
  std::vector<Loss> losses;
  for (const auto& [name, before] : recorded) {
    const auto found = now.find(name);
    if (found == now.end()) {
      losses.push_back({name, before, std::nullopt});
    } else if (found->second < before * kTolerance) {
      losses.push_back({name, before, found->second});
    }
  }
  return losses;
}

double median(std::array<double, 3> values) {
  std::sort(values.begin(), values.end());
  return values[1];
}

std::optional<std::string> find_excess(const MemoryResult& memory) {
  if (memory.bytes_per_subscriber <= kMaxBytesPerSubscriber) return std::nullopt;
  return "memory: " + two_digits(memory.bytes_per_subscriber / 1000) + " KB per subscriber of a video, " +
         two_digits(kMaxBytesPerSubscriber / 1000) + " are allowed";
}

}  // namespace noir
