#include "loop/feedback_sockets.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <utility>

#include "loop/system_error.hpp"

namespace noir {

namespace {

epoll_event once(std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.u64 = key;
  return event;
}

}  // namespace

FeedbackSockets::FeedbackSockets(int epoll, std::uint64_t key, UdpSockets& sockets) : epoll_(epoll), key_(key) {
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    auto beside = sockets[i].open_for_feedback();
    if (!beside) continue;
    members_.push_back({static_cast<std::uint16_t>(i), std::move(beside)});
    epoll_event event = once(key_);
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, members_.back().socket->fd(), &event) != 0) {
      throw_system_error("epoll_ctl", errno);
    }
  }
}

/// Until there is something again: an idle server is not woken a hundred times a second.
void FeedbackSockets::sleep() {
  if (due_ == kNever) return;
  due_ = kNever;
  for (Member& member : members_) {
    epoll_event event = once(key_);
    if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, member.socket->fd(), &event) != 0) throw_system_error("epoll_ctl", errno);
  }
}

}  // namespace noir
