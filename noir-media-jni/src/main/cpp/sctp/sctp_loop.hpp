#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.hpp"

namespace noir {

class MessageBudget;
struct SctpLoopState;

/// How another loop's thread tells this one that something waits for it.
class SctpWaker {
 public:
  virtual ~SctpWaker() = default;
  /// Thread: any. Must not call back into sctp/; writes an eventfd or nothing.
  virtual void wake() noexcept = 0;
};

/// One loop's part of SCTP. usrsctp is one per process: it is up while any `SctpLoop` exists, and its timers, whichever
/// loop drives them, only queue packets and events for the loop an association belongs to. While another loop is
/// inside, what this one has to do there waits for its next turn; nothing here waits for a lock. See docs/adr/0006.
/// Thread: loop. Must outlive its associations.
class SctpLoop {
 public:
  /// `waker` may be null (one loop, tests); it must outlive this object.
  explicit SctpLoop(SctpWaker* waker = nullptr);
  /// With a budget of its own for the messages that wait.
  SctpLoop(SctpWaker* waker, MessageBudget& budget);
  ~SctpLoop();
  SctpLoop(const SctpLoop&) = delete;
  SctpLoop& operator=(const SctpLoop&) = delete;

  /// Advances the process-wide SCTP clock to `now`, if that is due. All loops of a process use one monotonic clock.
  void handle_timeout(Instant now);
  /// When to do so again; `kNever` while this loop has no association. Takes no lock.
  [[nodiscard]] Instant next_timeout() const;
  /// The tag of an association that has something for `poll_transmit` or `poll_event`, each once per occasion; it may
  /// have gone meanwhile. Takes no lock when there is none.
  [[nodiscard]] std::optional<std::uint32_t> poll_ready();

 private:
  friend class SctpAssociation;
  void take_ready();
  void look_after(Instant now);

  std::shared_ptr<SctpLoopState> state_;
};

}  // namespace noir
