#include "sctp/sctp_loop_state.hpp"

#include <mutex>

#include "sctp/usrsctp_process.hpp"
#include "sctp/usrsctp_socket.hpp"

namespace noir {

SctpLoopState::SctpLoopState(SctpWaker* waker_of_loop, MessageBudget& of_messages)
    : waker(waker_of_loop), budget(of_messages) {}

SctpLoopState::~SctpLoopState() = default;

void SctpLoopState::defer(SctpMember& member) {
  if (member.is_deferred) return;
  member.is_deferred = true;
  deferred.push_back(&member);
}

void SctpLoopState::watch(SctpMember& member) {
  if (member.is_watched) return;
  member.is_watched = true;
  if (watched.empty()) next_look = now + kLookInterval;
  watched.push_back(&member);
}

void SctpLoopState::forget(SctpMember& member) {
  if (member.is_deferred) std::erase(deferred, &member);
  if (member.is_watched) std::erase(watched, &member);
}

void SctpLoopState::bury(std::unique_ptr<UsrsctpSocket> socket) {
  const UsrsctpProcess::Entry entry(std::try_to_lock, *this, &socket->mailbox());
  if (entry.entered()) {
    socket->close();
  } else {
    graves.push_back(std::move(socket));
  }
}

void SctpLoopState::dig() {
  for (const auto& socket : graves) socket->close();
  graves.clear();
}

}  // namespace noir
