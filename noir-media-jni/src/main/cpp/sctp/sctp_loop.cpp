#include "sctp/sctp_loop.hpp"

#include <algorithm>
#include <mutex>

#include "sctp/sctp_loop_state.hpp"
#include "sctp/usrsctp_process.hpp"
#include "sctp/usrsctp_socket.hpp"

namespace noir {

namespace {

// Others are inside for some microseconds, unless the system has stopped them there.
constexpr Duration kRetry = std::chrono::microseconds(500);

}  // namespace

SctpLoop::SctpLoop(SctpWaker* waker) : SctpLoop(waker, MessageBudget::of_process()) {}

SctpLoop::SctpLoop(SctpWaker* waker, MessageBudget& budget) : state_(std::make_shared<SctpLoopState>(waker, budget)) {
  UsrsctpProcess::instance().acquire();
}

// The one place that waits for others: the loop has ended.
SctpLoop::~SctpLoop() {
  {
    const UsrsctpProcess::Entry entry(*state_);
    state_->dig();
  }
  UsrsctpProcess::instance().release();
}

void SctpLoop::handle_timeout(Instant now) {
  SctpLoopState& state = *state_;
  state.now = now;
  const bool is_tick = state.associations > 0 && UsrsctpProcess::instance().next_tick() <= now;
  if (now >= state.retry_at && (is_tick || !state.deferred.empty() || !state.graves.empty())) {
    for (SctpMember* member : state.deferred) {
      member->is_deferred = false;
      state.due.push_back(member->tag());
    }
    state.deferred.clear();
    const UsrsctpProcess::Entry entry(std::try_to_lock, state);
    state.retry_at = entry.entered() ? Instant::min() : now + kRetry;
    if (entry.entered()) {
      state.dig();
      if (is_tick) UsrsctpProcess::instance().advance(now);
    }
  }
  if (!state.watched.empty() && now >= state.next_look) look_after(now);
}

void SctpLoop::look_after(Instant now) {
  SctpLoopState& state = *state_;
  state.next_look = now + SctpLoopState::kLookInterval;
  std::erase_if(state.watched, [&](SctpMember* member) {
    const bool waits = member->look();
    state.due.push_back(member->tag());  // Something may have come of it.
    member->is_watched = waits;
    return !waits;
  });
}

Instant SctpLoop::next_timeout() const {
  const SctpLoopState& state = *state_;
  if (!state.due.empty()) return Instant::min();
  Instant next = kNever;
  if (state.associations > 0) next = std::max(UsrsctpProcess::instance().next_tick(), state.retry_at);
  const bool wants_in =
      state.has_ready.load(std::memory_order_acquire) || !state.deferred.empty() || !state.graves.empty();
  if (wants_in) next = std::min(next, state.retry_at);
  if (!state.watched.empty()) next = std::min(next, state.next_look);
  return next;
}

std::optional<std::uint32_t> SctpLoop::poll_ready() {
  SctpLoopState& state = *state_;
  if (state.due.empty() && state.has_ready.load(std::memory_order_acquire)) take_ready();
  if (state.due.empty()) return std::nullopt;
  const std::uint32_t tag = state.due.front();
  state.due.pop_front();
  return tag;
}

void SctpLoop::take_ready() {
  SctpLoopState& state = *state_;
  if (state.now < state.retry_at) return;
  const UsrsctpProcess::Entry entry(std::try_to_lock, state);
  if (!entry.entered()) {
    state.retry_at = state.now + kRetry;
    return;
  }
  state.dig();
  for (SctpMailbox* mailbox : state.ready) {
    mailbox->is_in_ready_list = false;
    state.due.push_back(mailbox->tag());
  }
  state.ready.clear();
  state.has_ready.store(false, std::memory_order_release);
}

}  // namespace noir
