#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bench/options.hpp"
#include "bench/server_process.hpp"
#include "load/load.hpp"

namespace noir {

/// A line about what is being done now, for who waits.
void say(const std::string& text);

/// The server of one scenario, started or given, and the load on it.
class Target {
 public:
  Target(const Options& options, int loops, bool numbers);

  [[nodiscard]] Load& load() { return load_; }
  /// Null when the server is not on this machine.
  [[nodiscard]] const ProcessUsage* usage() const { return usage_ ? &*usage_ : nullptr; }
  /// CPU time so far; nothing when unknown.
  [[nodiscard]] std::optional<Duration> cpu() const;
  /// Resident memory, after a garbage collection where that can be asked for.
  [[nodiscard]] std::size_t resident_bytes_after_collection() const;

  /// Starts everybody at the wanted rate, or as fast as they are let in, and waits until all have joined. Throws
  /// `std::runtime_error` when one cannot.
  void join(const std::vector<PeerPlan>& plans, int per_second);
  /// Drives the load until `done`; throws when a peer fails or it takes too long.
  void await(const std::string& what, const std::function<bool()>& done);
  /// Throws when a peer has failed.
  void check() const;

 private:
  [[nodiscard]] std::string describe_laggard() const;

  // Owned.
  std::unique_ptr<ServerProcess> server_;
  std::optional<ProcessUsage> usage_;
  Load load_;
};

}  // namespace noir
