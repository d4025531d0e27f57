#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/time.hpp"
#include "sctp/sctp_loop_state.hpp"
#include "sctp/sctp_mailbox.hpp"

namespace noir {

/// usrsctp, of which a process has one: its one lock, its clock and the way from an id back to an association. Nothing
/// else calls usrsctp but under `Entry`. usrsctp gets ids, never pointers; a late callback finds nobody.
class UsrsctpProcess {
 public:
  using Id = std::uintptr_t;

  static UsrsctpProcess& instance();

  /// Holds the lock while a loop is in usrsctp; what its callbacks queue for `caller` needs no notice, since the
  /// caller looks next.
  class Entry {
   public:
    /// Waits, so not for a loop in its turns: whoever is inside may have been stopped there by the system.
    explicit Entry(SctpLoopState& loop, SctpMailbox* caller = nullptr);
    /// Does not: look at `entered`.
    Entry(std::try_to_lock_t how, SctpLoopState& loop, SctpMailbox* caller = nullptr);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    [[nodiscard]] bool entered() const { return lock_.owns_lock(); }

   private:
    void begin(SctpLoopState& loop, SctpMailbox* caller);

    std::unique_lock<std::mutex> lock_;
  };

  /// Counted: the first brings usrsctp up, the last takes it down. Without `Entry`.
  void acquire();
  void release();

  // Under `Entry`.
  Id add(SctpMailbox& mailbox);
  void remove(Id id, SctpMailbox& mailbox);
  [[nodiscard]] SctpMailbox* find(Id id) const;
  void notify(SctpMailbox& mailbox);
  void advance(Instant now);
  /// What usrsctp takes for the time of day; moves with `advance`.
  [[nodiscard]] Duration clock() const { return Duration(clock_ns_.load(std::memory_order_relaxed)); }
  /// Timers are looked at more often while there is traffic.
  void note_traffic() { quiet_ = Duration::zero(); }

  // Without.
  /// When `advance` is due.
  [[nodiscard]] Instant next_tick() const { return Instant(Duration(next_tick_ns_.load(std::memory_order_relaxed))); }
  /// How often anybody has been inside.
  [[nodiscard]] std::uint64_t entries() const { return entries_.load(std::memory_order_relaxed); }

 private:
  UsrsctpProcess() = default;
  [[nodiscard]] Instant tick_after_last() const;

  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::size_t users_ = 0;
  Id last_id_ = 0;
  std::unordered_map<Id, SctpMailbox*> mailboxes_;
  SctpLoopState* loop_inside_ = nullptr;
  SctpMailbox* caller_inside_ = nullptr;
  bool clock_started_ = false;
  Instant last_tick_{};
  // Never 0, which usrsctp reads as "not set"; never runs backwards. Atomic for usrsctp's own thread.
  std::atomic<std::int64_t> clock_ns_ = Duration(std::chrono::hours(24)).count();
  Duration quiet_{};
  // Written with the lock, read without.
  std::atomic<Duration::rep> next_tick_ns_ = Instant::min().time_since_epoch().count();
  std::atomic<std::uint64_t> entries_ = 0;
};

}  // namespace noir
