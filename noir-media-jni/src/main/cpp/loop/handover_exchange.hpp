#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/packet_buffer.hpp"
#include "loop/connection_mail.hpp"
#include "loop/handover_queue.hpp"
#include "loop/udp_socket.hpp"
#include "loop/wakeup.hpp"
#include "sfu/handover.hpp"

namespace noir {

/// What the other loops of a plane touch of a loop. It lives as long as any of them: a buffer finds its pool, and a
/// wake-up its eventfd, in whatever order they end.
struct LoopShare {
  explicit LoopShare(std::size_t max_packet_buffers, UdpSockets bound = {})
      : pool(max_packet_buffers), sockets(std::move(bound)) {}

  PacketPool pool;
  UdpSockets sockets;  // Read by the loop alone. Others send by them to clients that have come here by mistake.
  Wakeup wakeup;
  ConnectionMail mail;
  alignas(64) std::atomic<bool> asleep{false};  // Nobody looks at its queues before it is woken.
  alignas(64) std::atomic<bool> closed{false};  // Nobody will look at them any more.
};

/// A loop's ends of the queues to and from the other loops of its plane. Thread: loop, except `connect`.
class HandoverExchange {
 public:
  explicit HandoverExchange(LoopShare& own) : own_(own) {}
  ~HandoverExchange();
  HandoverExchange(const HandoverExchange&) = delete;
  HandoverExchange& operator=(const HandoverExchange&) = delete;

  /// Makes loop `index` known; `from` and `to` carry what it and this loop hand over. Before any of them runs.
  void connect(LoopIndex index, std::shared_ptr<LoopShare> share, std::shared_ptr<HandoverQueue> from,
               std::shared_ptr<HandoverQueue> to);
  [[nodiscard]] bool connects_to(LoopIndex index) const { return find(index) != nullptr; }
  /// The socket of another loop that `Path::local` names, or null.
  [[nodiscard]] UdpSocket* socket(std::uint16_t local) const;
  /// Gives a connection to the loop it belongs to; false: it ends here.
  [[nodiscard]] bool mail(LoopIndex to, MovingConnection connection) const;

  /// Moves them out, and wakes the loops that sleep, each once. Never waits: what finds its queue full is dropped, but
  /// openings, ends and resumptions of mirrors, which are kept and come later.
  void send(std::span<OutgoingHandover> handovers);
  /// Whether `send` should be called again soon, even with nothing.
  [[nodiscard]] bool keeps() const { return kept_ > 0; }
  /// Calls `take(from, handover)` for everything that has come, in order of each sender.
  template <typename Take>
  void receive(Take&& take) {
    for (const auto& peer : peers_) {
      if (peer) peer->from->drain([&](Handover&& handover) { take(peer->index, std::move(handover)); });
    }
  }

  /// From here on senders wake this loop; false when something has come already. Call `end_wait` after the wait.
  [[nodiscard]] bool begin_wait();
  void end_wait();

  /// What found its queue full and was not kept.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Peer {
    LoopIndex index;
    std::shared_ptr<LoopShare> share;  // Dies after the queues: they hold buffers of its pool.
    std::shared_ptr<HandoverQueue> from;
    std::shared_ptr<HandoverQueue> to;
    std::deque<Handover> kept;
  };

  [[nodiscard]] Peer* find(LoopIndex index) const;
  void send_kept(Peer& peer);
  void send_one(Peer& peer, Handover& handover);
  static void publish(Peer& peer);

  // Given.
  LoopShare& own_;

  // Owned.
  std::vector<std::unique_ptr<Peer>> peers_;  // By index; null for this loop itself.

  // State.
  std::size_t kept_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace noir
