#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "dtls/certificate.hpp"
#include "loop/datagram_receiver.hpp"
#include "loop/feedback_sockets.hpp"
#include "loop/file_descriptor.hpp"
#include "loop/handover_exchange.hpp"
#include "loop/sender.hpp"
#include "loop/tcp_connections.hpp"
#include "loop/udp_socket.hpp"
#include "sfu/sfu.hpp"

namespace noir {

struct LoopConfig {
  std::vector<SocketAddress> addresses;  // One socket each; `Path::local` is the index. The ports here are ignored.
  std::uint16_t port = 0;                // The same on every address; 0 = any that is free on all of them.
  bool tcp = true;                       // Listen on the same port for TCP, if it can be had.
  std::uint32_t node = 0;                // What its checks are told from other nodes' by: 24 bits.
  SfuLimits limits;
  AudioSettings audio;
  std::optional<PlayoutDelay> playout_delay;  // Of all video, in place of what publishers say.
  std::size_t max_packet_buffers = 1U << 20;
};

struct LoopCounters {
  SfuCounters sfu;
  std::uint64_t dropped_receive = 0;
  std::uint64_t dropped_send = 0;
  std::uint64_t gso_refused = 0;
  std::uint64_t dropped_handover = 0;
  TcpCounters tcp;
};

struct LoopSockets {
  UdpSockets udp;
  TcpListeners tcp;  // One for each of `udp`, on the same port, or none.
};

/// Who takes the events of a run.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// False when it is full: the loop keeps the event for the next run.
  virtual bool accept(const Event& event) = 0;
};

/// The `Sfu` with sockets, a clock and a way to be woken: the only place that makes system calls.
/// Thread: loop, except `wakeup`.
class Loop {
 public:
  /// Throws `SystemError` when a socket cannot be had.
  Loop(const LoopConfig& config, const Certificate& certificate);
  ~Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Makes the loops of one plane known to each other, so that they can hand over; their places in `loops` are their
  /// indexes. Before any of them runs.
  static void connect(std::span<Loop* const> loops);
  [[nodiscard]] bool connects_to(LoopIndex index) const { return exchange_.connects_to(index); }

  /// Does media until events wait, `wakeup` was called or `deadline` has come; then gives the events to `sink`.
  void run(Instant deadline, EventSink& sink);

  /// Makes `run` return, at once or when it is called next. Thread: any.
  void wakeup() { share_->wakeup.request_return(); }

  /// For commands, between runs.
  [[nodiscard]] Sfu& sfu() { return sfu_; }
  [[nodiscard]] std::uint16_t port() const { return share_->sockets.front().local().port; }
  /// Whether clients can come by TCP, on that port.
  [[nodiscard]] bool accepts_tcp() const { return tcp_.listens(); }
  /// A connection to another port that wants to talk to us; which loop is to have it, its first packet says. False: it
  /// was closed instead. Thread: any.
  bool adopt(FileDescriptor connection);
  [[nodiscard]] LoopCounters counters() const;

 private:
  Loop(const LoopConfig& config, const Certificate& certificate, LoopSockets sockets);
  void watch(int fd, std::uint64_t key);
  void turn(Instant now);
  void take_handovers(Instant now);
  void send(Instant now, std::span<const Transmit> transmits);
  [[nodiscard]] Instant next_timeout(Instant now) const;
  bool wait(Instant now, Instant deadline);
  bool receive(Instant now, std::uint16_t local, const UdpSocket& socket);
  void receive_tcp(Instant now);
  bool deliver(EventSink& sink);

  // Owned. The order matters: buffers go back to the pool before it dies.
  const Certificate certificate_;
  const std::uint32_t node_;
  const std::shared_ptr<LoopShare> share_;
  FileDescriptor epoll_;
  FeedbackSockets feedback_;
  DatagramReceiver receiver_;
  Sender sender_;
  HandoverExchange exchange_;
  Sfu sfu_;
  TcpConnections tcp_;

  // State.
  std::optional<Event> held_;  // Did not fit into the last sink.
  std::vector<std::uint16_t> readable_;
  std::vector<epoll_event> ready_tcp_;
  std::vector<std::uint16_t> others_;  // Sockets of other loops that a turn sends by.
  Instant next_wallclock_{};
  Instant latest_{};   // The time the Sfu was told last.
  int postponed_ = 0;  // Runs that left datagrams unread, in a row.
};

}  // namespace noir
