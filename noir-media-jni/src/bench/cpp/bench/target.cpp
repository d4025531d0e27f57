#include "bench/target.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "loop/clock.hpp"

namespace noir {

namespace {

using std::chrono::seconds;

constexpr Duration kPatience = seconds(30);
// A browser is not let in faster by starting more of them.
constexpr std::size_t kMaxJoinsAtOnce = 20;

std::unique_ptr<ServerProcess> start_server(const Options& options, int loops) {
  if (!options.url.empty()) return nullptr;
  return std::make_unique<ServerProcess>(
      ServerProcess::Options{options.java, options.java_options, options.war, options.output + "/server.log", loops});
}

std::optional<ProcessUsage> usage_of(const ServerProcess* server, const Options& options) {
  if (server != nullptr) return ProcessUsage(server->pid());
  if (options.pid != 0) return ProcessUsage(options.pid);
  return std::nullopt;
}

}  // namespace

void say(const std::string& text) { std::fprintf(stderr, "bench: %s\n", text.c_str()); }

Target::Target(const Options& options, int loops, bool numbers)
    : server_(start_server(options, loops)),
      usage_(usage_of(server_.get(), options)),
      load_(SignalUrl::parse(server_ ? server_->url() : options.url), numbers) {}

std::optional<Duration> Target::cpu() const {
  if (!usage_) return std::nullopt;
  return usage_->cpu();
}

std::size_t Target::resident_bytes_after_collection() const {
  if (!usage_) return 0;
  if (server_) server_->collect_garbage();
  return usage_->resident_bytes();
}

void Target::join(const std::vector<PeerPlan>& plans, int per_second) {
  const Instant begin = monotonic_now();
  const Duration interval = Duration(seconds(1)) / per_second;
  const std::size_t before = load_.peers().size();
  std::size_t joined = before;
  const auto waiting = [&] {
    while (joined < load_.peers().size() && load_.peers()[joined]->is_joined()) ++joined;
    return load_.peers().size() - joined;
  };
  for (std::size_t i = 0; i < plans.size(); ++i) {
    load_.add(plans[i]);
    (void)load_.run_until(begin + interval * static_cast<Duration::rep>(i + 1), [] { return false; });
    await("the server to answer joins", [&] { return waiting() < kMaxJoinsAtOnce; });
  }
  await("everybody to join", [&] { return waiting() == 0; });
}

void Target::await(const std::string& what, const std::function<bool()>& done) {
  bool reached = false;
  const bool ended = load_.run_until(monotonic_now() + kPatience, [&] {
    reached = done();
    return reached || !load_.failure().empty();
  });
  if (!reached) check();
  if (!ended) throw std::runtime_error("waited half a minute in vain for " + what + describe_laggard());
}

std::string Target::describe_laggard() const {
  for (const auto& peer : load_.peers()) {
    if (peer->is_joined()) continue;
    return "; " + peer->plan().uid + " has not joined: publisher " + peer->publisher().progress() + ", subscriber " +
           peer->subscriber().progress();
  }
  return {};
}

void Target::check() const {
  const std::string& failure = load_.failure();
  if (!failure.empty()) throw std::runtime_error(failure);
}

}  // namespace noir
