#include "loop/loop.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>

#include "base/check.hpp"
#include "loop/clock.hpp"
#include "loop/system_error.hpp"
#include "sfu/local_socket.hpp"

namespace noir {

namespace {

// Below: UDP sockets by their place. Others: connections and their listeners.
constexpr std::uint64_t kWakeupKey = UINT32_MAX;
constexpr std::uint64_t kMailKey = UINT32_MAX - 1;
constexpr std::uint64_t kFeedbackKey = UINT32_MAX - 2;
constexpr std::size_t kEpollEvents = 64;

// Datagrams of one socket between two fan-outs: large enough for whole frames of many publishers, small enough that
// the first of them does not wait long.
constexpr int kBatchesPerTurn = 4;

// Datagrams that are handled while what one needs is on its way.
constexpr std::size_t kFollowAhead = 3;

// Runs in a row that may leave datagrams unread because commands came.
constexpr int kMostPostponed = 4;

constexpr int kPortAttempts = 16;
constexpr Duration kWallclockInterval = std::chrono::seconds(1);
// Another loop that was stopped for so long that its queue is full needs more than this to empty it.
constexpr Duration kHandoverRetry = std::chrono::milliseconds(5);
// A full socket has room again when the link has taken some: 125 kB in this time at 1 Gbit/s.
constexpr Duration kSendRetry = std::chrono::milliseconds(1);
constexpr Duration kLongestWait = std::chrono::minutes(1);

UdpSockets bind_all(const std::vector<SocketAddress>& addresses, std::uint16_t port) {
  UdpSockets sockets;
  for (SocketAddress address : addresses) {
    address.port = sockets.empty() ? port : sockets.front().local().port;
    sockets.emplace_back(address);
  }
  return sockets;
}

TcpListeners listen_all(const UdpSockets& sockets) {
  TcpListeners listeners;
  for (const UdpSocket& socket : sockets) listeners.emplace_back(socket.local());
  return listeners;
}

LoopSockets open_sockets(const LoopConfig& config) {
  if (config.addresses.empty()) throw SystemError("no address to bind");
  if (config.addresses.size() > kMaxSockets) throw SystemError("more than 128 addresses to bind");
  const bool tcp = config.tcp && config.addresses.size() <= kMaxListeners;
  // A port that is free on the first address, or for UDP, may be in use on another one, or for TCP.
  for (int attempt = 1; config.port == 0 && attempt < kPortAttempts; ++attempt) {
    try {
      LoopSockets sockets{bind_all(config.addresses, 0), {}};
      if (tcp) sockets.tcp = listen_all(sockets.udp);
      return sockets;
    } catch (const SystemError&) {
      continue;
    }
  }
  LoopSockets sockets{bind_all(config.addresses, config.port), {}};
  try {
    if (tcp) sockets.tcp = listen_all(sockets.udp);
  } catch (const SystemError&) {
    // UDP is enough for most; `accepts_tcp` says that it is all there is.
  }
  return sockets;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) throw_system_error("getrandom", errno);
  return seed;
}

/// epoll_wait with a timeout in nanoseconds: a wait for the rest of a frame is shorter than epoll_wait's unit.
/// Linux 5.11; before that, or where a container forbids it, rounded up: waking early would make the loop spin.
int epoll_wait_for(int epoll, std::span<epoll_event> ready, Duration wait) {
  static std::atomic<bool> has_pwait2{true};
  const int size = static_cast<int>(ready.size());
  if (has_pwait2.load(std::memory_order_relaxed)) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    const timespec timeout{seconds.count(), (wait - seconds).count()};
    // Not by its wrapper, which is glibc 2.35's.
    const long count = ::syscall(SYS_epoll_pwait2, epoll, ready.data(), size, &timeout, nullptr, 0);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(count);
    has_pwait2.store(false, std::memory_order_relaxed);
  }
  return ::epoll_wait(epoll, ready.data(), size,
                      static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()));
}

}  // namespace

Loop::Loop(const LoopConfig& config, const Certificate& certificate)
    : Loop(config, certificate, open_sockets(config)) {}

Loop::Loop(const LoopConfig& config, const Certificate& certificate, LoopSockets sockets)
    : certificate_(certificate),
      node_(config.node),
      share_(std::make_shared<LoopShare>(config.max_packet_buffers, std::move(sockets.udp))),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      feedback_(epoll_.get(), kFeedbackKey, share_->sockets),
      receiver_(share_->pool),
      exchange_(*share_),
      sfu_(certificate_, share_->pool, config.limits, random_seed(), &share_->wakeup),
      tcp_(epoll_.get(), share_->pool, sfu_, exchange_, config.node) {
  if (epoll_.get() < 0) throw_system_error("epoll_create1", errno);
  sfu_.set_audio(config.audio);
  sfu_.set_playout_delay(config.playout_delay);
  watch(share_->wakeup.fd(), kWakeupKey);
  watch(share_->mail.fd(), kMailKey);
  for (std::size_t i = 0; i < share_->sockets.size(); ++i) watch(share_->sockets[i].fd(), i);
  tcp_.listen(std::move(sockets.tcp));
}

void Loop::connect(std::span<Loop* const> loops) {
  NOIR_CHECK(loops.size() <= kMaxLoops);
  const auto queue = [] { return std::make_shared<HandoverQueue>(); };
  for (std::size_t a = 0; a < loops.size(); ++a) {
    loops[a]->sfu_.set_place({loops[a]->node_, static_cast<LoopIndex>(a), static_cast<LoopIndex>(loops.size())});
    loops[a]->tcp_.set_place(static_cast<LoopIndex>(a));
    for (std::size_t b = 0; b < a; ++b) {
      const auto a_to_b = queue();
      const auto b_to_a = queue();
      loops[a]->exchange_.connect(static_cast<LoopIndex>(b), loops[b]->share_, b_to_a, a_to_b);
      loops[b]->exchange_.connect(static_cast<LoopIndex>(a), loops[a]->share_, a_to_b, b_to_a);
    }
  }
}

void Loop::run(Instant deadline, EventSink& sink) {
  Instant now = monotonic_now();
  // Commands since the last run have left work behind.
  turn(now);
  if (deliver(sink)) return;
  bool woken = false;
  do {
    woken = wait(now, std::min(deadline, next_timeout(now)));
    // Commands first: a datagram may follow from one, such as the first check of a client that has our answer before
    // its transport is opened here. Not for ever, or a stream of commands would keep media waiting.
    if (woken && postponed_ < kMostPostponed) {
      ++postponed_;
      return;
    }
    postponed_ = 0;
    now = monotonic_now();
    take_handovers(latest_);  // A path may be another loop's since a moment.
    // First: it has waited.
    feedback_.take_due(now, [&](std::uint16_t local, const UdpSocket& from) { return receive(now, local, from); });
    for (const std::uint16_t local : readable_) (void)receive(now, local, share_->sockets[local]);
    receive_tcp(now);
    turn(now);
  } while (!deliver(sink) && !woken && now < deadline);
}

Instant Loop::next_timeout(Instant now) const {
  return std::min({sfu_.next_timeout(), tcp_.next_timeout(), feedback_.next_timeout(),
                   exchange_.keeps() ? now + kHandoverRetry : kNever, sender_.waits() ? now + kSendRetry : kNever});
}

LoopCounters Loop::counters() const {
  return {sfu_.counters(),       receiver_.dropped(), sender_.dropped(),
          sender_.gso_refused(), exchange_.dropped(), tcp_.counters()};
}

bool Loop::adopt(FileDescriptor connection) {
  SystemAddress name{};
  socklen_t size = sizeof name;
  const int flags = ::fcntl(connection.get(), F_GETFL);
  if (flags < 0 || ::fcntl(connection.get(), F_SETFL, flags | O_NONBLOCK) != 0) return false;
  if (::getpeername(connection.get(), &name.any, &size) != 0) return false;
  return share_->mail.send({std::move(connection), Path{kLocalAdopted, from_system(name)}, {}});
}

void Loop::watch(int fd, std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = key;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw_system_error("epoll_ctl", errno);
}

/// Fans out what came in, does what is due and sends what follows from both.
void Loop::turn(Instant now) {
  if (now >= next_wallclock_) {
    sfu_.set_wallclock_offset(wallclock_offset());
    next_wallclock_ = now + kWallclockInterval;
  }
  latest_ = now;
  take_handovers(now);
  sfu_.handle_timeout(now);
  tcp_.handle_timeout(now);
  exchange_.send(sfu_.handovers());
  sfu_.clear_handovers();
  send(now, sfu_.transmits());
  if (!sfu_.transmits().empty()) sfu_.note_sent(monotonic_now());
  sfu_.clear_transmits();
}

void Loop::take_handovers(Instant now) {
  exchange_.receive([&](LoopIndex from, Handover&& handover) { sfu_.handle_handover(now, from, std::move(handover)); });
}

void Loop::send(Instant now, std::span<const Transmit> transmits) {
  if (transmits.empty() && !sender_.waits()) return;
  for (std::size_t i = 0; i < share_->sockets.size(); ++i) {
    sender_.send(now, share_->sockets[i], static_cast<std::uint16_t>(i), transmits);
  }
  others_.clear();
  if (sender_.waits()) others_ = sender_.waiting();
  std::erase_if(others_, [](std::uint16_t local) { return !is_elsewhere(local); });
  for (const Transmit& transmit : transmits) {
    const std::uint16_t local = transmit.path.local;
    if (is_own_udp(local)) [[likely]]
      continue;
    if (is_tcp(local)) {
      tcp_.send(now, transmit);
    } else if (std::find(others_.begin(), others_.end(), local) == others_.end()) {
      others_.push_back(local);
    }
  }
  for (const std::uint16_t local : others_) {
    if (UdpSocket* socket = exchange_.socket(local)) sender_.send(now, *socket, local, transmits);
  }
}

/// Leaves the sockets that have datagrams in `readable_`; true when `wakeup` was called.
bool Loop::wait(Instant now, Instant deadline) {
  std::array<epoll_event, kEpollEvents> ready{};
  readable_.clear();
  ready_tcp_.clear();
  const bool waits = deadline > now && exchange_.begin_wait();
  const Duration wait = waits ? std::min(deadline - now, kLongestWait) : Duration{};
  const int count = epoll_wait_for(epoll_.get(), ready, wait);
  exchange_.end_wait();
  if (count < 0) {
    if (errno == EINTR) return false;
    throw_system_error("epoll_wait", errno);
  }
  bool woken = false;
  for (const epoll_event& event : std::span(ready).first(static_cast<std::size_t>(count))) {
    if (event.data.u64 == kWakeupKey) {
      woken = share_->wakeup.take();
    } else if (event.data.u64 == kFeedbackKey) {
      feedback_.note_ready();
    } else if (event.data.u64 < kMaxSockets) {
      readable_.push_back(static_cast<std::uint16_t>(event.data.u64));
    } else {
      ready_tcp_.push_back(event);
    }
  }
  return woken;
}

/// What `socket` has; whether there was anything.
bool Loop::receive(Instant now, std::uint16_t local, const UdpSocket& socket) {
  bool any = false;
  bool more = true;
  for (int batch = 0; more && batch < kBatchesPerTurn; ++batch) {
    const std::span<ReceivedDatagram> datagrams = receiver_.receive(socket, more);
    const auto look_ahead = [&](LookAhead step, std::size_t at) {
      if (at >= datagrams.size()) return;
      const ReceivedDatagram& next = datagrams[at];
      sfu_.look_ahead(step, Path{local, next.remote}, next.buffer->bytes());
    };
    for (std::size_t i = 0; i < datagrams.size(); ++i) look_ahead(LookAhead::kFind, i);
    for (std::size_t i = 0; i < kFollowAhead; ++i) look_ahead(LookAhead::kFollow, i);
    for (std::size_t i = 0; i < datagrams.size(); ++i) {
      look_ahead(LookAhead::kFollow, i + kFollowAhead);
      look_ahead(LookAhead::kFetch, i + 1);
      // The Sfu's time never runs backwards, nor ahead of what it is told in this turn.
      latest_ = std::clamp(datagrams[i].arrival, std::min(latest_, now), now);
      sfu_.handle_datagram(latest_, Path{local, datagrams[i].remote}, std::move(datagrams[i].buffer));
    }
    any = any || !datagrams.empty();
  }
  return any;
}

void Loop::receive_tcp(Instant now) {
  if (ready_tcp_.empty()) return;
  latest_ = now;
  for (const epoll_event& event : ready_tcp_) {
    if (event.data.u64 == kMailKey) {
      tcp_.take_mail(now, share_->mail);
    } else {
      tcp_.handle_ready(now, event.data.u64, event.events);
    }
  }
}

/// True when `sink` got something: Java should hear of it now.
bool Loop::deliver(EventSink& sink) {
  bool delivered = false;
  while (held_ || (held_ = sfu_.poll_event())) {
    if (!sink.accept(*held_)) return true;
    held_.reset();
    delivered = true;
  }
  return delivered;
}

}  // namespace noir
