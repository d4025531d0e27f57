#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "base/time.hpp"
#include "congestion/sent_history.hpp"

namespace noir::test {

/// What is under way in the virtual network; media have no bytes, reports do.
struct VirtualPacket {
  int flow = 0;
  std::uint64_t number = 0;  // Transport-wide, or TCP's.
  std::uint32_t octets = 0;  // With IP header.
  SentKind kind = SentKind::kMedia;
  std::vector<std::uint8_t> bytes;
};

/// Anything that packets come to: links, and the ends of flows.
class Hop {
 public:
  Hop() = default;
  Hop(const Hop&) = delete;
  Hop& operator=(const Hop&) = delete;
  virtual ~Hop() = default;
  virtual void enter(Instant now, VirtualPacket packet) = 0;
  /// Asked for by `Schedule::wake`.
  virtual void wake(Instant) {}
};

/// Chance as tests own it: the same on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  /// From 0 up to, not including, 1.
  double uniform() { return static_cast<double>(random_() >> 11) / 9007199254740992.0; }
  bool hits(double probability) { return probability > 0 && uniform() < probability; }
  Duration up_to(Duration most) {
    return most.count() == 0
               ? most
               : Duration(static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most.count())));
  }

 private:
  std::mt19937_64 random_;
};

/// Virtual time: what happens next.
class Schedule {
 public:
  [[nodiscard]] Instant now() const { return now_; }
  void deliver(Instant at, Hop& hop, VirtualPacket packet);
  void wake(Instant at, Hop& hop);
  void run_until(Instant end);

 private:
  struct Event {
    Instant at;
    std::uint64_t order;
    Hop* hop;
    bool is_packet;
    VirtualPacket packet;
  };
  static bool later(const Event& a, const Event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  void push(Event event);

  std::vector<Event> heap_;
  std::uint64_t order_ = 0;
  Instant now_{std::chrono::seconds(1000)};
};

/// A token bucket with a queue in front, which is as long as it takes to send it: what would wait for longer is
/// dropped.
class Bottleneck : public Hop {
 public:
  Bottleneck(Schedule& schedule, Hop& next, std::int64_t bps, Duration longest)
      : schedule_(schedule), next_(next), bps_(bps), longest_(longest) {}

  void set_rate(std::int64_t bps) { bps_ = bps; }
  [[nodiscard]] std::int64_t bps() const { return bps_; }

  void enter(Instant now, VirtualPacket packet) override;
  void wake(Instant now) override;

  struct Passage {
    Instant at;
    Duration waited{};
    int flow = 0;
    std::uint32_t octets = 0;
    bool dropped = false;
  };
  [[nodiscard]] const std::vector<Passage>& passages() const { return passages_; }

 private:
  void start(Instant now);

  static constexpr std::int64_t kBucketBits = 1500 * 8;

  Schedule& schedule_;
  Hop& next_;
  std::int64_t bps_;
  Duration longest_;
  std::int64_t queued_octets_ = 0;
  Instant free_at_ = Instant::min();  // Before that less the bucket's worth of time nothing leaves.
  std::deque<std::pair<Instant, VirtualPacket>> queue_;
  std::vector<Passage> passages_;
};

/// What a path does to packets, each by itself.
struct PathParams {
  Duration delay = std::chrono::milliseconds(50);
  Duration jitter{};   // On top, at random, in order.
  double reorder = 0;  // Probability of being held up by `reorder_by`, and overtaken.
  Duration reorder_by = std::chrono::milliseconds(10);
  double duplicate = 0;
  // Gilbert–Elliott: two states, with a probability of loss in each and of changing to the other one.
  double loss = 0;
  double loss_in_bad = 0;
  double to_bad = 0;
  double to_good = 1;
  /// Until then nothing gets through.
  Instant blocked_from = kNever;
  Instant blocked_until = kNever;
};

class VirtualPath : public Hop {
 public:
  VirtualPath(Schedule& schedule, Hop& next, const PathParams& params, std::uint64_t seed)
      : schedule_(schedule), next_(next), params_(params), chance_(seed) {}
  void enter(Instant now, VirtualPacket packet) override;
  [[nodiscard]] PathParams& params() { return params_; }

 private:
  Schedule& schedule_;
  Hop& next_;
  PathParams params_;
  Chance chance_;
  bool bad_ = false;
  Instant last_out_ = Instant::min();
};

/// When a thread gets no processor: for how long at most, and how long it runs in between, on the average.
struct StallParams {
  Duration shortest{};
  Duration longest{};  // Zero: there are none.
  Duration between = std::chrono::milliseconds(500);
};

/// The times at which it stands still.
class Stalls {
 public:
  Stalls(Instant start, const StallParams& params, std::uint64_t seed) : params_(params), chance_(seed), until_(start) {
    next();
  }
  /// When what is to be done at `now` is done; asked with times that do not run backwards.
  Instant runs_at(Instant now) {
    if (params_.longest == Duration::zero()) return now;
    while (now >= until_) next();
    return now >= from_ ? until_ : now;
  }

 private:
  void next() {
    from_ = until_ + chance_.up_to(params_.between * 2);
    until_ = from_ + params_.shortest + chance_.up_to(params_.longest - params_.shortest) + Duration(1);
  }

  StallParams params_;
  Chance chance_;
  Instant from_;
  Instant until_;
};

/// Gives packets to the ends of their flows.
class Exit : public Hop {
 public:
  void add(int flow, Hop& end) {
    if (ends_.size() <= static_cast<std::size_t>(flow)) ends_.resize(static_cast<std::size_t>(flow) + 1, nullptr);
    ends_[static_cast<std::size_t>(flow)] = &end;
  }
  void enter(Instant now, VirtualPacket packet) override {
    Hop* end = ends_[static_cast<std::size_t>(packet.flow)];
    end->enter(now, std::move(packet));
  }

 private:
  std::vector<Hop*> ends_;
};

}  // namespace noir::test
