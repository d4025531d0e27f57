#include "load/load.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
// Boost 1.74 forgets it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <ctime>
#include <utility>

#include "loop/clock.hpp"
#include "loop/system_error.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;

constexpr Duration kTick = milliseconds(20);
constexpr Duration kSurveyInterval = std::chrono::seconds(1);
constexpr int kMaxEvents = 256;

void sleep_until(Instant time) {
  const auto since_origin = time.time_since_epoch();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since_origin);
  const timespec until{whole.count(), (since_origin - whole).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace

/// Media sockets stand in an epoll of their own, which Boost.Asio waits for like for one more socket.
class Load::Reactor {
 public:
  Reactor() : media_(io_, ::epoll_create1(EPOLL_CLOEXEC)) {}

  boost::asio::io_context& io() { return io_; }

  void watch(int fd, std::uint32_t index) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = index;
    if (::epoll_ctl(media_.native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) throw_system_error("epoll_ctl", errno);
  }

  void forget(int fd) { (void)::epoll_ctl(media_.native_handle(), EPOLL_CTL_DEL, fd, nullptr); }

  /// Waits for signalling and media, or for nothing but the time.
  void wait(Instant until, bool prompt) {
    io_.restart();
    if (prompt) {
      if (!armed_) arm();
      (void)io_.run_one_for(until - monotonic_now());
    } else {
      sleep_until(until);
    }
    (void)io_.poll();
  }

  void take_ready(std::vector<std::uint32_t>& ready) {
    ready.clear();
    std::array<epoll_event, kMaxEvents> events{};
    const int count = ::epoll_wait(media_.native_handle(), events.data(), kMaxEvents, 0);
    for (int i = 0; i < count; ++i) ready.push_back(events[static_cast<std::size_t>(i)].data.u32);
  }

 private:
  void arm() {
    armed_ = true;
    media_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code&) { armed_ = false; });
  }

  boost::asio::io_context io_{1};
  boost::asio::posix::stream_descriptor media_;
  bool armed_ = false;
};

Load::Load(SignalUrl url, bool numbers)
    : url_(std::move(url)),
      numbers_(numbers),
      certificate_(Certificate::generate().value()),
      dtls_(certificate_),
      reactor_(std::make_unique<Reactor>()) {}

Load::~Load() = default;

LoadPeer& Load::add(PeerPlan plan) {
  const std::uint32_t number = next_number_++;
  peers_.push_back(
      std::make_unique<LoadPeer>(reactor_->io(), url_, LoadContext{dtls_, sctp_, numbers_}, number, std::move(plan)));
  LoadPeer& peer = *peers_.back();
  for (LoadTransport* transport : {&peer.publisher(), &peer.subscriber()}) {
    transports_.push_back(transport);
    due_.push_back(kNever);
    unregistered_.push_back(transport);
  }
  joining_.push_back(&peer);
  return peer;
}

void Load::remove(LoadPeer& peer) {
  LoadPeer* const gone = &peer;
  std::erase(joining_, gone);
  for (LoadTransport*& transport : transports_) {
    if (transport != &gone->publisher() && transport != &gone->subscriber()) continue;
    std::erase(unregistered_, transport);
    due_[transport->number() - 2 * first_number_] = kNever;
    transport = nullptr;
  }
  std::erase_if(peers_, [&](const auto& known) { return known.get() == gone; });
}

void Load::clear() {
  joining_.clear();
  unregistered_.clear();
  transports_.clear();
  due_.clear();
  for (const auto& peer : peers_) peer->leave();
  // What is pending for the sockets ends before the peers do.
  reactor_->wait(monotonic_now(), true);
  peers_.clear();
  paced_ = false;
  first_number_ = next_number_;
}

bool Load::run_until(Instant deadline, const std::function<bool()>& done) {
  while (!done()) {
    const Instant now = monotonic_now();
    if (now >= deadline) return false;
    wait(std::min(deadline, next_wake(now)));
    register_sockets();
    paced_ ? read_all() : read_ready();
    handle_timeouts();
    const Instant after = monotonic_now();
    pump_sctp(after);
    update(after);
  }
  return true;
}

void Load::run_for(Duration time) {
  (void)run_until(monotonic_now() + time, [] { return false; });
}

void Load::update(Instant now) {
  const bool survey = now >= next_survey_;
  if (survey) next_survey_ = now + kSurveyInterval;
  const auto look = [&](LoadPeer& peer) {
    peer.update(now);
    if (failure_.empty() && !peer.failure().empty()) failure_ = peer.plan().uid + ": " + peer.failure();
  };
  for (LoadPeer* peer : joining_) look(*peer);
  std::erase_if(joining_, [](const LoadPeer* peer) { return peer->is_joined() || !peer->failure().empty(); });
  if (!survey) return;
  for (const auto& peer : peers_) look(*peer);
}

void Load::wait(Instant until) { reactor_->wait(until, !paced_); }

// In paced mode only sources are worth a wake-up of their own.
Instant Load::next_wake(Instant now) const {
  Instant next = paced_ ? std::max(next_tick_, now) : sctp_.next_timeout();
  for (std::size_t i = 0; i < due_.size(); ++i) {
    if (due_[i] < next && (!paced_ || transports_[i]->has_sources())) next = due_[i];
  }
  return next;
}

void Load::register_sockets() {
  std::erase_if(unregistered_, [&](LoadTransport* transport) {
    if (transport->fd() < 0) return false;
    const std::uint32_t index = transport->number() - 2 * first_number_;
    if (!paced_) reactor_->watch(transport->fd(), index);
    due_[index] = transport->next_timeout();
    return true;
  });
}

void Load::set_paced(bool paced) {
  if (paced_ == paced) return;
  register_sockets();
  paced_ = paced;
  for (std::size_t i = 0; i < transports_.size(); ++i) {
    if (transports_[i] == nullptr || transports_[i]->fd() < 0) continue;
    if (paced) {
      reactor_->forget(transports_[i]->fd());
    } else {
      reactor_->watch(transports_[i]->fd(), static_cast<std::uint32_t>(i));
    }
  }
}

void Load::read(std::size_t index) {
  if (transports_[index] == nullptr || transports_[index]->fd() < 0) return;
  transports_[index]->read(reader_);
  due_[index] = transports_[index]->next_timeout();
}

void Load::read_ready() {
  do {
    reactor_->take_ready(ready_);
    for (const std::uint32_t index : ready_) read(index);
  } while (ready_.size() == kMaxEvents);
}

void Load::read_all() {
  const Instant now = monotonic_now();
  if (now < next_tick_) return;
  next_tick_ = now + kTick;
  for (std::size_t i = 0; i < transports_.size(); ++i) read(i);
}

void Load::handle_timeouts() {
  const Instant now = monotonic_now();
  for (std::size_t i = 0; i < due_.size(); ++i) {
    if (due_[i] > now) continue;
    // A fresh time for each: it is the sending time in the packets.
    transports_[i]->handle_timeout(monotonic_now());
    due_[i] = transports_[i]->next_timeout();
  }
}

void Load::pump_sctp(Instant now) {
  if (sctp_.next_timeout() <= now) sctp_.handle_timeout(now);
  while (const auto tag = sctp_.poll_ready()) {
    const std::size_t index = *tag - 2 * first_number_;
    if (index >= transports_.size() || transports_[index] == nullptr) continue;
    transports_[index]->pump_sctp();
    due_[index] = transports_[index]->next_timeout();
  }
}

}  // namespace noir
