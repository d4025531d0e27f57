#include "sctp/sctp_loop.hpp"

#include "base/check.hpp"
#include "sctp/usrsctp_process.hpp"

namespace noir {

SctpLoop::SctpLoop(SctpWaker* waker) : state_(std::make_shared<SctpLoopState>()) {
  state_->waker = waker;
  UsrsctpProcess::instance().acquire();
}

SctpLoop::~SctpLoop() { UsrsctpProcess::instance().release(); }

void SctpLoop::handle_timeout(Instant now) {
  const UsrsctpProcess::Entry entry(*state_);
  UsrsctpProcess::instance().advance(now);
}

// Associations come and go on this thread only, and without one nothing gets ready: no lock then.
Instant SctpLoop::next_timeout() const {
  if (state_->associations == 0) return kNever;
  const UsrsctpProcess::Entry entry(*state_);
  if (!state_->ready.empty()) return Instant::min();
  return UsrsctpProcess::instance().next_tick();
}

std::optional<std::uint32_t> SctpLoop::poll_ready() {
  if (state_->associations == 0) return std::nullopt;
  const UsrsctpProcess::Entry entry(*state_);
  if (state_->ready.empty()) return std::nullopt;
  SctpMailbox* mailbox = state_->ready.front();
  state_->ready.pop_front();
  mailbox->is_in_ready_list = false;
  return mailbox->tag();
}

}  // namespace noir
