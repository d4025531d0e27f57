#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "loop/udp_socket.hpp"

namespace noir {

/// A socket beside each of a loop's, on the same address and port, that gets transport-wide feedback (RTCP 205, format
/// 15; draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) and nothing else: the kernel tells it by a program of
/// ours over the two (SO_ATTACH_REUSEPORT_CBPF, Linux 4.5). Every subscriber reports ten to twenty times a second, in
/// no step with the others, and each report by itself would wake the loop; here they are taken by the dozen. What must
/// be heard at once (media, checks, NACKs, requests for key frames) does not come this way. Where the kernel, or a
/// container, refuses, there is none, and feedback comes with everything else. Thread: loop.
class FeedbackSockets {
 public:
  /// How long a report may wait here: little, beside the 50 ms and more that clients collect arrivals for.
  static constexpr Duration kInterval = std::chrono::milliseconds(10);

  /// Each of `sockets` must outlive this. Adds what it has to `epoll`, under `key`.
  FeedbackSockets(int epoll, std::uint64_t key, UdpSockets& sockets);

  /// How many of the sockets have one.
  [[nodiscard]] std::size_t size() const { return members_.size(); }

  /// `epoll` says that something waits.
  void note_ready() { ready_ = true; }
  /// When to take it at the latest.
  [[nodiscard]] Instant next_timeout() const { return due_; }

  /// Calls `take(local, socket)` for each socket when it is time, or when it soon will be: the loop is awake anyway.
  /// `take` reads the socket and gives whether there was anything.
  template <typename Take>
  void take_due(Instant now, Take&& take) {
    if (std::exchange(ready_, false)) due_ = std::min(due_, now + kInterval);
    if (now < due_ - kInterval / 2) return;
    bool any = false;
    for (Member& member : members_) any = take(member.local, *member.socket) || any;
    if (any) {
      due_ = now + kInterval;
    } else {
      sleep();
    }
  }

 private:
  struct Member {
    std::uint16_t local;
    std::unique_ptr<UdpSocket> socket;
  };

  void sleep();

  // Given.
  const int epoll_;
  const std::uint64_t key_;

  // Owned.
  std::vector<Member> members_;

  // State.
  bool ready_ = false;    // Since `epoll` said so, and nobody has looked yet.
  Instant due_ = kNever;  // Never: `epoll` tells.
};

}  // namespace noir
