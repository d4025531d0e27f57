#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "sctp/message_budget.hpp"
#include "sctp/sctp_loop.hpp"

namespace noir {

class SctpMailbox;
class UsrsctpSocket;

/// An association, as its loop sees it. Thread: loop.
class SctpMember {
 public:
  virtual ~SctpMember() = default;
  [[nodiscard]] virtual std::uint32_t tag() const = 0;
  /// Once a second while something waits: does what is overdue. False = nothing waits any more.
  virtual bool look() = 0;

  bool is_deferred = false;
  bool is_watched = false;
};

/// What a loop knows of SCTP on its side. The owning loop's, but for the first three.
struct SctpLoopState {
  static constexpr Duration kLookInterval = std::chrono::seconds(1);

  explicit SctpLoopState(SctpWaker* waker_of_loop = nullptr, MessageBudget& of_messages = MessageBudget::of_process());
  ~SctpLoopState();
  SctpLoopState(const SctpLoopState&) = delete;
  SctpLoopState& operator=(const SctpLoopState&) = delete;

  /// `member` wanted to enter usrsctp while another loop was inside: it is given by `poll_ready` once more.
  void defer(SctpMember& member);
  void watch(SctpMember& member);
  void forget(SctpMember& member);
  /// Closes a socket for good, at once or as soon as nobody else is inside.
  void bury(std::unique_ptr<UsrsctpSocket> socket);
  /// Under `Entry`.
  void dig();

  // Given.
  SctpWaker* const waker;
  // Guarded by the lock of `UsrsctpProcess`.
  std::deque<SctpMailbox*> ready;
  // Written with it; read without: there is something in `ready`.
  std::atomic<bool> has_ready = false;

  MessageBudget& budget;
  std::size_t associations = 0;
  Instant now{};                      // Of the last `SctpLoop::handle_timeout`.
  Instant retry_at = Instant::min();  // Not to spin while another loop is inside.
  Instant next_look{};
  std::deque<std::uint32_t> due;  // Tags for `poll_ready`.
  std::vector<SctpMember*> deferred;
  std::vector<SctpMember*> watched;
  std::vector<std::unique_ptr<UsrsctpSocket>> graves;
};

}  // namespace noir
