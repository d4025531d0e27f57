#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/baseline.hpp"
#include "bench/joins_run.hpp"
#include "bench/media_run.hpp"
#include "bench/memory_run.hpp"
#include "bench/options.hpp"
#include "bench/report_files.hpp"
#include "bench/table.hpp"
#include "bench/target.hpp"
#include "dtls/crypto_library.hpp"

namespace noir {

namespace {

// Sockets of one peer: WebSocket, publisher, subscriber; and some for the rest.
constexpr rlim_t kFilesPerPeer = 3;
constexpr rlim_t kOtherFiles = 64;

void raise_file_limit(const Options& options) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
  for (const MediaScenario& s : options.media) {
    const auto peers = static_cast<rlim_t>(s.rooms) * static_cast<rlim_t>(s.publishers + s.subscribers);
    if (peers * kFilesPerPeer + kOtherFiles > limit.rlim_cur) {
      throw std::runtime_error(s.name + " needs " + std::to_string(peers * kFilesPerPeer + kOtherFiles) +
                               " open files, and no more than " + std::to_string(limit.rlim_cur) +
                               " are allowed (ulimit -Hn)");
    }
  }
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

Report measure(const Options& options) {
  Report report;
  report.numbers = options.numbers;
  if (options.url.empty()) report.java_options = options.java_options;
  for (const MediaScenario& scenario : options.media) {
    report.media.push_back(run_media(scenario, options));
    std::fputs(print_details(report.media.back()).c_str(), stderr);
  }
  if (options.joins) report.joins = run_joins(options);
  if (options.memory) report.memory = run_memory(options);
  return report;
}

void check_integrity(const MediaResult& result, const Options& options) {
  if (result.broken > 0) throw std::runtime_error(result.scenario.name + ": payloads were not what was sent");
  if (options.lossless && (result.packets() == 0 || result.lost + result.tool_lost > 0)) {
    throw std::runtime_error(result.scenario.name + ": packets were lost");
  }
}

/// One measurement on a machine with neighbours decides nothing: a scenario that looks worse is measured twice more.
Ratios reconsider(const std::vector<Loss>& losses, Ratios ratios, const Options& options) {
  for (const MediaScenario& scenario : options.media) {
    const bool looks_worse =
        std::any_of(losses.begin(), losses.end(), [&](const Loss& l) { return l.name == scenario.name; });
    if (!looks_worse || !ratios.contains(scenario.name)) continue;
    std::array<double, 3> measured{ratios[scenario.name]};
    for (std::size_t again : {1U, 2U}) {
      const MediaResult result = run_media(scenario, options);
      std::fputs(print_details(result).c_str(), stderr);
      check_integrity(result, options);
      measured[again] = ratio_of(result).value_or(0);
    }
    ratios[scenario.name] = median(measured);
    std::printf("again: %s: floor ÷ cost %.2f, then %.2f and %.2f\n", scenario.name.c_str(), measured[0], measured[1],
                measured[2]);
  }
  return ratios;
}

std::optional<std::string> excess_of(const Report& report, const Options& options) {
  if (!report.memory || !find_excess(*report.memory)) return std::nullopt;
  std::array<double, 3> bytes{report.memory->bytes_per_subscriber};
  for (const std::size_t again : {1U, 2U}) bytes[again] = run_memory(options).bytes_per_subscriber;
  std::printf("again: memory: %.0f KB per subscriber of a video, then %.0f and %.0f\n", bytes[0] / 1000,
              bytes[1] / 1000, bytes[2] / 1000);
  MemoryResult memory;
  memory.bytes_per_subscriber = median(bytes);
  return find_excess(memory);
}

/// The exit code.
int compare(const Report& report, const Options& options) {
  const Ratios recorded = read_baseline(options.baseline);
  const Ratios once = ratios_of(report);
  const auto losses = find_losses(recorded, reconsider(find_losses(recorded, once), once, options));
  for (const Loss& loss : losses) std::printf("worse: %s\n", print(loss).c_str());
  const auto excess = excess_of(report, options);
  if (excess) std::printf("worse: %s\n", excess->c_str());
  if (!losses.empty() || excess) return 1;
  std::puts("nothing is worse than recorded by more than 20 %");
  return 0;
}

int run(const Options& options) {
  raise_file_limit(options);
  if (!start_crypto_library()) throw std::runtime_error("OpenSSL does not work here");
  std::filesystem::create_directories(options.output);
  const Report report = measure(options);
  std::fputs(print_table(report).c_str(), stdout);
  write_file(options.output + "/results.json", print_json(report));
  if (!report.media.empty()) write_file(options.output + "/results.svg", print_svg(report));
  if (options.record) write_file(options.baseline, print_baseline(ratios_of(report)));
  for (const MediaResult& result : report.media) check_integrity(result, options);
  return options.check ? compare(report, options) : 0;
}

}  // namespace

}  // namespace noir

int main(int argc, char** argv) {
  try {
    const noir::Options options = noir::parse_options({argv + 1, argv + argc});
    if (!options.help) return noir::run(options);
    std::fputs(noir::kUsage, stdout);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench: %s\n", e.what());
    return 2;
  }
}
