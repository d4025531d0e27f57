#include "bench/table.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>

namespace noir {

namespace {

constexpr double kThreadWorthMentioning = 0.002;  // Of a processor.

double ms(Duration d) { return std::chrono::duration<double, std::milli>(d).count(); }
double s(Duration d) { return std::chrono::duration<double>(d).count(); }

__attribute__((format(printf, 1, 2))) std::string format(const char* pattern, ...) {
  std::array<char, 512> text{};
  std::va_list arguments;
  va_start(arguments, pattern);
  (void)std::vsnprintf(text.data(), text.size(), pattern, arguments);
  va_end(arguments);
  return text.data();
}

std::string print(const Quantiles& q) { return format("%.1f / %.1f / %.1f", ms(q.p50), ms(q.p99), ms(q.max)); }

std::string or_unknown(const std::optional<double>& value, const char* pattern) {
  if (!value) return "n/a";
  std::array<char, 32> text{};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  (void)std::snprintf(text.data(), text.size(), pattern, *value);
#pragma GCC diagnostic pop
  return text.data();
}

std::string print_row(const MediaResult& r) {
  const auto us = r.us_per_packet();
  const auto load = r.server_load();
  const std::optional<double> ratio = us && r.floor_us > 0 ? std::optional(*us / r.floor_us) : std::nullopt;
  const std::optional<double> own = us && r.own_floor_us > 0 ? std::optional(*us / r.own_floor_us) : std::nullopt;
  const std::optional<double> per_core = load ? std::optional(r.packets_per_second() / *load / 1000) : std::nullopt;
  const std::optional<double> megabits = load ? std::optional(r.megabits_per_second() / *load) : std::nullopt;
  return format("%-32s %5d %8.0f %7.1f %7s %6.2f %6s %6.2f %6s %6.2f %7s %7s %7llu  %-19s %6s %5.0f%%\n",
                r.scenario.name.c_str(), r.peers, r.packets_per_second(), r.megabits_per_second(),
                or_unknown(us, "%.2f").c_str(), r.floor_us, or_unknown(ratio, "%.2f").c_str(), r.own_floor_us,
                or_unknown(own, "%.2f").c_str(), r.paced_floor_us, or_unknown(per_core, "%.0f").c_str(),
                or_unknown(megabits, "%.0f").c_str(), static_cast<unsigned long long>(r.lost), print(r.delay).c_str(),
                load ? format("%.0f%%", *load * 100).c_str() : "n/a", s(r.tool_cpu) / r.seconds() * 100);
}

std::string print_media(const std::vector<MediaResult>& media) {
  std::string text = format("%-32s %5s %8s %7s %7s %6s %6s %6s %6s %6s %7s %7s %7s  %-19s %6s %6s\n", "", "peers",
                            "packets", "Mbit", "us per", "floor", "ratio", "own", "ratio", "paced", "kpkt/s", "Mbit/s",
                            "lost", "delay in ms", "server", "clients");
  text +=
      format("%-32s %5s %8s %7s %7s %6s %6s %6s %6s %6s %7s %7s %7s  %-19s %6s %6s\n", "", "", "per s", "per s",
             "packet", "us", "", "floor", "", "floor", "a core", "a core", "packets", "p50 / p99 / max", "CPU", "CPU");
  for (const MediaResult& result : media) text += print_row(result);
  return text;
}

std::string print_joins(const JoinsResult& joins) {
  std::string text =
      format("joins: %.1f/s of %d/s asked for, %llu failed; %s ms (p50 / p99 / max), first packet %s ms",
             joins.joins_per_second, joins.asked_per_second, static_cast<unsigned long long>(joins.failed),
             print(joins.join).c_str(), print(joins.first_packet).c_str());
  text += '\n';
  if (joins.cpu_per_join && joins.stay_cpu_per_join) {
    text += format(
        "       server CPU per join %.2f ms: %.2f for coming and going, %.2f for the media of those who are there\n",
        ms(*joins.cpu_per_join), ms(*joins.cpu_per_join - *joins.stay_cpu_per_join), ms(*joins.stay_cpu_per_join));
  }
  if (joins.resident_bytes.size() > 1) {
    text += format("       memory of the server %.1f MB at the begin, %.1f MB at the end\n",
                   static_cast<double>(joins.resident_bytes.front()) * 1e-6,
                   static_cast<double>(joins.resident_bytes.back()) * 1e-6);
  }
  return text;
}

std::string print_memory(const MemoryResult& memory) {
  return format(
      "memory: %.0f MB without peers; %.0f KB per idle peer, %.0f KB per subscriber of a video, "
      "%.0f KB per publisher of simulcast video\n",
      static_cast<double>(memory.server_bytes) * 1e-6, memory.bytes_per_idle_peer / 1000,
      memory.bytes_per_subscriber / 1000, memory.bytes_per_publisher / 1000);
}

}  // namespace

std::string print_table(const Report& report) {
  std::string text;
  if (!report.media.empty()) text += print_media(report.media);
  if (report.joins) text += print_joins(*report.joins);
  if (report.memory) text += print_memory(*report.memory);
  if (!report.numbers) text += "clients took no transport-wide numbers\n";
  if (report.java_options) {
    text += "server: java " + (report.java_options->empty() ? "without options" : *report.java_options) + '\n';
  }
  return text;
}

std::string print_details(const MediaResult& r) {
  std::string text;
  const auto kind = [&](const char* name, const PacketCounts& counts) {
    if (counts.packets == 0) return;
    text += format("  %-12s %llu packets of %.0f bytes\n", name, static_cast<unsigned long long>(counts.packets),
                   counts.mean_bytes());
  };
  kind("audio", r.audio);
  kind("video", r.video);
  text +=
      format("  %-12s %llu by the server, %llu by this program's sockets; %llu of %llu payloads looked at are wrong\n",
             "lost", static_cast<unsigned long long>(r.lost), static_cast<unsigned long long>(r.tool_lost),
             static_cast<unsigned long long>(r.broken), static_cast<unsigned long long>(r.checked));
  text += format("  %-12s %s ms, first packet %s ms\n", "join", print(r.join).c_str(), print(r.first_packet).c_str());
  for (const auto& [name, cpu] : r.server_threads) {
    if (s(cpu) / r.seconds() < kThreadWorthMentioning) continue;
    text += format("  %-15s %5.1f %% of a processor\n", name.c_str(), s(cpu) / r.seconds() * 100);
  }
  return text;
}

}  // namespace noir
