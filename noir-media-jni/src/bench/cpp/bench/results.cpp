#include "bench/results.hpp"

#include <algorithm>

namespace noir {

Quantiles quantiles(std::vector<Duration> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double fraction) {
    return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
  };
  return {at(0.5), at(0.99), values.back()};
}

std::optional<double> MediaResult::us_per_packet() const {
  if (!server_cpu || packets() == 0) return std::nullopt;
  return std::chrono::duration<double, std::micro>(*server_cpu).count() / static_cast<double>(packets());
}

std::optional<double> MediaResult::server_load() const {
  if (!server_cpu) return std::nullopt;
  return std::chrono::duration<double>(*server_cpu).count() / seconds();
}

}  // namespace noir
