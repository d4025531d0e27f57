#include <sys/utsname.h>

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/report_files.hpp"

namespace noir {

namespace {

using nlohmann::json;

double ms(Duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

json to_json(const Quantiles& q) { return {{"p50", ms(q.p50)}, {"p99", ms(q.p99)}, {"max", ms(q.max)}}; }

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json to_json(const PacketCounts& counts) {
  return {{"packets", counts.packets}, {"bytes", counts.bytes}, {"meanBytes", counts.mean_bytes()}};
}

json to_json(const MediaScenario& s) {
  return {{"rooms", s.rooms}, {"publishers", s.publishers}, {"subscribers", s.subscribers}, {"kbps", s.kbps},
          {"audio", s.audio}, {"loops", s.loops},           {"numbers", s.numbers}};
}

json to_json(const MediaResult& r) {
  json threads = json::object();
  for (const auto& [name, cpu] : r.server_threads) threads[name] = ms(cpu);
  const auto us = r.us_per_packet();
  return {{"name", r.scenario.name},
          {"scenario", to_json(r.scenario)},
          {"peers", r.peers},
          {"seconds", r.seconds()},
          {"audio", to_json(r.audio)},
          {"video", to_json(r.video)},
          {"packetsPerSecond", r.packets_per_second()},
          {"mbitPerSecond", r.megabits_per_second()},
          {"usPerPacket", or_null(us)},
          {"floorUs", r.floor_us},
          {"pacedFloorUs", r.paced_floor_us},
          {"ownFloorUs", r.own_floor_us},
          {"floorRatio", us && *us > 0 ? json(r.floor_us / *us) : json()},
          {"serverCpu", or_null(r.server_load())},
          {"clientsCpu", ms(r.tool_cpu) / 1000 / r.seconds()},
          {"threadsMs", threads},
          {"lost", r.lost},
          {"lostByClients", r.tool_lost},
          {"checked", r.checked},
          {"broken", r.broken},
          {"delayMs", to_json(r.delay)},
          {"joinMs", to_json(r.join)},
          {"firstPacketMs", to_json(r.first_packet)}};
}

json to_json(const JoinsResult& r) {
  return {{"askedPerSecond", r.asked_per_second},
          {"perSecond", r.joins_per_second},
          {"joins", r.joins},
          {"failed", r.failed},
          {"joinMs", to_json(r.join)},
          {"firstPacketMs", to_json(r.first_packet)},
          {"cpuMsPerJoin", r.cpu_per_join ? json(ms(*r.cpu_per_join)) : json()},
          {"ofItMediaMs", r.stay_cpu_per_join ? json(ms(*r.stay_cpu_per_join)) : json()},
          {"residentBytes", r.resident_bytes}};
}

json to_json(const MemoryResult& r) {
  return {{"serverBytes", r.server_bytes},
          {"bytesPerIdlePeer", r.bytes_per_idle_peer},
          {"bytesPerSubscriber", r.bytes_per_subscriber},
          {"bytesPerPublisher", r.bytes_per_publisher}};
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

json machine() {
  utsname system{};
  (void)::uname(&system);
  return {{"processor", processor()},
          {"processors", std::thread::hardware_concurrency()},
          {"kernel", std::string(system.release)}};
}

}  // namespace

std::string print_json(const Report& report) {
  json root{{"time", static_cast<std::int64_t>(std::time(nullptr))},
            {"machine", machine()},
            {"javaOptions", or_null(report.java_options)},
            {"numbers", report.numbers},
            {"media", json::array()}};
  for (const MediaResult& result : report.media) root["media"].push_back(to_json(result));
  if (report.joins) root["joins"] = to_json(*report.joins);
  if (report.memory) root["memory"] = to_json(*report.memory);
  return root.dump(2) + '\n';
}

}  // namespace noir
