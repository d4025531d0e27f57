#include "bench/server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "loop/clock.hpp"
#include "loop/system_error.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kReadyLimit = seconds(60);
constexpr Duration kStopLimit = seconds(20);
constexpr useconds_t kPollUs = 20'000;
constexpr std::string_view kSignalling = "signalling  ";

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string tail(const std::string& text) {
  constexpr std::size_t kMax = 2000;
  return text.size() <= kMax ? text : text.substr(text.size() - kMax);
}

std::vector<std::string> command_line(const ServerProcess::Options& options) {
  std::vector<std::string> arguments{options.java};
  std::istringstream words(options.java_options);
  for (std::string word; words >> word;) arguments.push_back(word);
  for (const std::string& argument :
       {std::string("-jar"), options.war, std::string("-Dnoir.http.ports=0"), std::string("-Dnoir.media.port=0"),
        std::string("-Dnoir.media.addresses=127.0.0.1"), std::string("-Dnoir.room.max-peers=10000"),
        // All of the load is from one address.
        std::string("-Dnoir.limits.sockets=0"), std::string("-Dnoir.limits.sockets-per-address=0"),
        std::string("-Dnoir.limits.joins-per-address=0"), std::string("-Dnoir.limits.rooms-per-address=0"),
        "-Dnoir.media.loops=" + std::to_string(options.loops)}) {
    arguments.push_back(argument);
  }
  return arguments;
}

/// A child process that writes to `output` and does not outlive this program.
pid_t start(const std::vector<std::string>& arguments, int output) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) throw_system_error("cannot start a process", errno);
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}

}  // namespace

ProcessUsage::ProcessUsage(pid_t pid) : pid_(pid) {
  const int error_number = ::clock_getcpuclockid(pid, &clock_);
  if (error_number != 0) throw_system_error("no CPU clock of process " + std::to_string(pid), error_number);
}

Duration ProcessUsage::cpu() const {
  timespec used{};
  if (::clock_gettime(clock_, &used) != 0) throw_system_error("the server has ended", errno);
  return seconds(used.tv_sec) + Duration(used.tv_nsec);
}

std::map<std::string, Duration> ProcessUsage::cpu_by_thread() const {
  std::map<std::string, Duration> result;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task", ignored)) {
    std::string name = read_file(task.path() / "comm");
    if (name.ends_with('\n')) name.pop_back();
    result[name] += Duration(std::strtoll(read_file(task.path() / "schedstat").c_str(), nullptr, 10));
  }
  return result;
}

std::size_t ProcessUsage::resident_bytes() const {
  std::istringstream fields(read_file("/proc/" + std::to_string(pid_) + "/statm"));
  std::size_t total = 0;
  std::size_t resident = 0;
  fields >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

ServerProcess::ServerProcess(const Options& options) : java_(options.java) {
  if (::access(options.war.c_str(), R_OK) != 0) throw std::runtime_error("there is no " + options.war + " to start");
  launch(options);
  try {
    await_ready(options);
  } catch (...) {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    throw;
  }
}

ServerProcess::~ServerProcess() {
  const Instant deadline = monotonic_now() + kStopLimit;
  if (!has_ended()) ::kill(pid_, SIGTERM);
  while (!has_ended()) {
    if (monotonic_now() > deadline) ::kill(pid_, SIGKILL);
    ::usleep(kPollUs);
  }
}

void ServerProcess::collect_garbage() const {
  const std::string jcmd = std::filesystem::path(java_).replace_filename("jcmd");
  if (pid_ < 0 || ::access(jcmd.c_str(), X_OK) != 0) return;
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t child = start({jcmd, std::to_string(pid_), "GC.run"}, nowhere);
  ::close(nowhere);
  ::waitpid(child, nullptr, 0);
}

void ServerProcess::launch(const Options& options) {
  const std::vector<std::string> arguments = command_line(options);
  const int log = ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (log < 0) throw_system_error("cannot write " + options.log, errno);
  pid_ = start(arguments, log);
  ::close(log);
}

void ServerProcess::await_ready(const Options& options) {
  const Instant deadline = monotonic_now() + kReadyLimit;
  while (true) {
    const std::string output = read_file(options.log);
    const std::size_t at = output.find(kSignalling);
    const std::size_t end = output.find('\n', at);
    if (at != std::string::npos && end != std::string::npos) {
      url_ = output.substr(at + kSignalling.size(), end - at - kSignalling.size());
      return;
    }
    if (has_ended()) throw std::runtime_error("the server did not start:\n" + tail(output));
    if (monotonic_now() > deadline) throw std::runtime_error("the server is not ready in a minute:\n" + tail(output));
    ::usleep(kPollUs);
  }
}

bool ServerProcess::has_ended() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

}  // namespace noir
