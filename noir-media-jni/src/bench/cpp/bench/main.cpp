#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/options.hpp"
#include "bench/scenario.hpp"
#include "dtls/crypto_library.hpp"

namespace {

double ms(noir::Duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

void print(const noir::Measurement& m) {
  const double window_s = std::chrono::duration<double>(m.window).count();
  std::printf("%s: %d peers, %.1f s, %.0f packets/s of %.0f bytes, %.1f Mbit/s\n", m.scenario.name.c_str(), m.peers,
              window_s, static_cast<double>(m.packets) / window_s, m.mean_packet_bytes(),
              static_cast<double>(m.bytes) * 8e-6 / window_s);
  if (const auto us = m.us_per_packet()) {
    std::printf("  CPU          %.2f us per forwarded packet, floor %.2f us, ratio %.2f; %.1f %% of a core\n", *us,
                m.floor_us(), *us / m.floor_us(), ms(*m.server_cpu) / window_s / 10);
  }
  for (const auto& [name, cpu] : m.cpu_by_thread) {
    if (ms(cpu) / window_s >= 1) std::printf("    %-15s %.1f %% of a core\n", name.c_str(), ms(cpu) / window_s / 10);
  }
  std::printf("    this tool       %.1f %% of a core\n", ms(m.tool_cpu) / window_s / 10);
  std::printf("  loss         %llu of %llu, besides %llu by this tool; %llu of %llu payloads broken\n",
              static_cast<unsigned long long>(m.lost), static_cast<unsigned long long>(m.packets),
              static_cast<unsigned long long>(m.tool_lost), static_cast<unsigned long long>(m.broken),
              static_cast<unsigned long long>(m.sampled_packets));
  std::printf("  delay        p50 %.2f  p99 %.2f  max %.2f ms\n", ms(m.delay.p50), ms(m.delay.p99), ms(m.delay.max));
  std::printf("  join         p50 %.1f  p99 %.1f ms, %.1f joins/s", ms(m.join.p50), ms(m.join.p99), m.joins_per_second);
  if (m.cpu_per_join) std::printf(", %.2f ms server CPU each", ms(*m.cpu_per_join));
  std::printf("\n  first packet p50 %.1f  p99 %.1f ms\n", ms(m.first_packet.p50), ms(m.first_packet.p99));
  if (m.bytes_per_peer) {
    std::printf("  memory       %.1f MB idle, %.1f KB per peer\n", static_cast<double>(*m.idle_server_bytes) / 1e6,
                *m.bytes_per_peer / 1000);
  }
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const noir::Options options = noir::parse_options({argv + 1, argv + argc});
    if (options.help) {
      std::fputs(noir::kUsage, stdout);
      return 0;
    }
    raise_file_limit();
    if (!noir::start_crypto_library()) throw std::runtime_error("OpenSSL does not work here");
    std::filesystem::create_directories(options.output);
    for (const noir::Scenario& scenario : options.scenarios) print(noir::run_scenario(scenario, options));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench: %s\n", e.what());
    return 1;
  }
}
