#pragma once

#include <sys/types.h>

#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace noir {

/// What a process has used so far, read from the system: works for a server we started and for any other here.
class ProcessUsage {
 public:
  explicit ProcessUsage(pid_t pid);

  [[nodiscard]] Duration cpu() const;                                   // user + sys, all threads, to the nanosecond.
  [[nodiscard]] std::map<std::string, Duration> cpu_by_thread() const;  // By name; equal names are added up.
  [[nodiscard]] std::size_t resident_bytes() const;

 private:
  pid_t pid_;
  clockid_t clock_ = 0;
};

/// `java -jar noir.war` on free ports of the loopback interface, with its output in a file. Ends with this object.
class ServerProcess {
 public:
  struct Options {
    std::string java;
    std::string java_options;  // Separated by spaces.
    std::string war;
    std::string log;
    int loops = 1;
  };

  /// Starts it and waits until it is ready; throws `std::runtime_error` with the end of its output when it is not.
  explicit ServerProcess(const Options& options);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// By the JDK's jcmd; does nothing without one.
  void collect_garbage() const;

 private:
  void launch(const Options& options);
  void await_ready(const Options& options);
  [[nodiscard]] bool has_ended();

  // Given.
  const std::string java_;

  // State.
  pid_t pid_ = -1;  // -1 = has ended.
  std::string url_;
};

}  // namespace noir
