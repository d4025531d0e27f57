#include "loop/tcp_connections.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "loop/system_error.hpp"
#include "sfu/demux.hpp"
#include "sfu/local_socket.hpp"
#include "stun/message.hpp"
#include "stun/ufrag_place.hpp"

namespace noir {

namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;  // Of one connection in a turn.
constexpr int kAcceptsPerTurn = 64;
constexpr Duration kSweepInterval = std::chrono::seconds(1);

void watch(int epoll, int operation, int fd, std::uint64_t key, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  if (::epoll_ctl(epoll, operation, fd, &event) != 0) throw_system_error("epoll_ctl", errno);
}

/// What is closed so sends no farewell, and the kernel forgets it at once.
void reset(int fd) {
  const linger at_once{1, 0};
  (void)::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

TcpConnections::TcpConnections(int epoll, PacketPool& pool, Sfu& sfu, HandoverExchange& exchange, std::uint32_t node)
    : epoll_(epoll), pool_(pool), sfu_(sfu), exchange_(exchange), node_(node) {}

TcpConnections::~TcpConnections() = default;

void TcpConnections::listen(TcpListeners listeners) {
  listeners_ = std::move(listeners);
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    watch(epoll_, EPOLL_CTL_ADD, listeners_[i].fd(), kListener | i, EPOLLIN);
  }
}

TcpConnections::Address TcpConnections::address_of(const SocketAddress& remote) {
  Address address{remote.ip};
  if (!remote.is_v4()) std::fill(address.network.begin() + 8, address.network.end(), std::uint8_t{0});
  return address;
}

std::size_t TcpConnections::AddressHash::operator()(const Address& address) const {
  return PathHash{}(Path{0, {address.network, 0, 0}});
}

void TcpConnections::handle_ready(Instant now, std::uint64_t key, std::uint32_t events) {
  const auto id = static_cast<std::uint32_t>(key);
  if ((key & kListener) != 0) return accept(now, id);
  TcpConnection* connection = connections_.find(id);
  if (connection == nullptr) return;
  if ((events & EPOLLOUT) != 0) {
    if (!connection->flush(now)) return close(id);
    counters_.dropped += connection->take_dropped();
    if (!connection->waits()) want_room(id, *connection, false);
  }
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) receive(now, id);
}

void TcpConnections::accept(Instant now, std::size_t listener) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    bool exhausted = false;
    auto accepted = listeners_[listener].accept(exhausted);
    if (exhausted) pause_listeners(now);
    if (!accepted) return;
    (void)add(now, std::move(accepted->fd), Path{local_tcp(listener), accepted->remote});
  }
}

// Else epoll would say again and again that somebody waits.
void TcpConnections::pause_listeners(Instant now) {
  is_paused_ = true;
  next_sweep_ = std::min(next_sweep_, now + kSweepInterval);
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    watch(epoll_, EPOLL_CTL_MOD, listeners_[i].fd(), kListener | i, 0);
  }
}

std::uint32_t TcpConnections::add(Instant now, FileDescriptor fd, const Path& path) {
  const Address address = address_of(path.remote);
  make_room(address);
  const auto known = by_address_.find(address);
  const bool too_many = connections_.size() >= kMaxConnections ||
                        (known != by_address_.end() && known->second.all >= kMaxOfAddress) || by_path_.contains(path);
  if (too_many) {
    ++counters_.refused;
    reset(fd.get());
    return 0;
  }
  if (!read_) read_ = std::make_unique<std::uint8_t[]>(kReadBytes + PacketBuffer::kCapacity + kFrameHeader);
  set_media_options(fd.get());
  const int number = fd.get();
  const std::uint32_t id = connections_.emplace(std::move(fd), path, now);
  by_path_.emplace(path, id);
  Count& count = by_address_[address];
  ++count.all;
  ++count.strangers;
  strangers_.push_back(id);
  watch(epoll_, EPOLL_CTL_ADD, number, kConnection | id, EPOLLIN);
  if (next_sweep_ == kNever) next_sweep_ = now + kSweepInterval;
  return id;
}

// Who has been here for longest goes: who means it has shown so at once.
void TcpConnections::make_room(const Address& address) {
  const auto known = by_address_.find(address);
  if (known != by_address_.end() && known->second.strangers >= kMaxStrangersOfAddress) {
    const auto oldest = std::find_if(strangers_.begin(), strangers_.end(), [&](std::uint32_t id) {
      return address_of(connections_.find(id)->path().remote) == address;
    });
    refuse(*oldest);
  }
  if (strangers_.size() >= kMaxStrangers) refuse(strangers_.front());
}

void TcpConnections::receive(Instant now, std::uint32_t id) {
  TcpConnection& connection = *connections_.find(id);
  moves_ = false;
  bool alien = false;
  const bool goes_on = connection.receive({read_.get(), kReadBytes + connection.rest().size()}, PacketBuffer::kCapacity,
                                          [&](ByteSpan packet) {
                                            if (alien) return false;
                                            alien = !take_packet(now, connection, packet) && !moves_;
                                            return !alien && !moves_;
                                          });
  if (moves_) return move_away(id, connection);
  if (alien) return refuse(id);
  if (!goes_on) return connection.is_known ? close(id) : refuse(id);
}

/// False: it is none that this connection may send, or the connection moves.
bool TcpConnections::take_packet(Instant now, TcpConnection& connection, ByteSpan packet) {
  if (!connection.is_known && !take_first(connection, packet)) return false;
  PacketRef buffer = pool_.copy_of(packet);
  if (!buffer) {
    ++counters_.dropped;
    return true;
  }
  sfu_.handle_datagram(now, connection.path(), std::move(buffer));
  if (!connection.is_known) check_known(connection);
  return true;
}

bool TcpConnections::take_first(TcpConnection& connection, ByteSpan packet) {
  if (!looks_like_stun(packet) || ++connection.packets > kMaxPacketsOfStranger) return false;
  if (connection.packets > 1) return true;
  const auto message = parse_stun(packet);
  if (!message) return false;
  const auto ufrag = username_local_ufrag(*message);
  const auto place = ufrag ? ufrag_place(*ufrag) : std::nullopt;
  moves_ = place && place->node == node_ && place->loop != loop_ && exchange_.connects_to(place->loop);
  if (moves_) move_to_ = place->loop;
  return !moves_;
}

void TcpConnections::move_away(std::uint32_t id, TcpConnection& connection) {
  MovingConnection moving;
  moving.path = {connection.path().local == kLocalAdopted ? kLocalAdopted : local_moved(loop_),
                 connection.path().remote};
  moving.read = connection.rest();
  const bool fits = moving.read.size() <= ConnectionMail::kMaxRead;
  if (fits) (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.fd(), nullptr);
  if (fits) moving.fd = connection.take_fd();
  if (!fits || !exchange_.mail(move_to_, std::move(moving))) ++counters_.refused;
  close(id);
}

void TcpConnections::take_mail(Instant now, ConnectionMail& mail) {
  while (auto moving = mail.take()) {
    const std::uint32_t id = add(now, std::move(moving->fd), moving->path);
    if (id == 0) continue;
    connections_.find(id)->put_back(moving->read);
    if (!moving->read.empty()) receive(now, id);
  }
}

void TcpConnections::check_known(TcpConnection& connection) {
  if (!sfu_.has_path(connection.path())) return;
  connection.is_known = true;
  ++counters_.opened;
  --by_address_[address_of(connection.path().remote)].strangers;
  std::erase(strangers_, by_path_[connection.path()]);
}

void TcpConnections::send(Instant now, const Transmit& transmit) {
  const auto found = by_path_.find(transmit.path);
  TcpConnection* connection = found == by_path_.end() ? nullptr : connections_.find(found->second);
  if (connection == nullptr) {
    counters_.dropped += (transmit.bytes.size() + transmit.segment_size - 1) / transmit.segment_size;
    return;
  }
  if (!connection->send(now, transmit)) return close(found->second);
  counters_.dropped += connection->take_dropped();
  if (connection->waits()) want_room(found->second, *connection, true);
}

void TcpConnections::want_room(std::uint32_t id, TcpConnection& connection, bool wanted) const {
  if (connection.wants_room == wanted) return;
  connection.wants_room = wanted;
  const std::uint32_t events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
  watch(epoll_, EPOLL_CTL_MOD, connection.fd(), kConnection | id, events);
}

void TcpConnections::handle_timeout(Instant now) {
  if (now < next_sweep_) return;
  if (is_paused_) {
    is_paused_ = false;
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      watch(epoll_, EPOLL_CTL_MOD, listeners_[i].fd(), kListener | i, EPOLLIN);
    }
  }
  connections_.for_each([&](std::uint32_t id, TcpConnection& connection) {
    if (!connection.is_known) check_known(connection);
    connection.tidy(now);
    counters_.dropped += connection.take_dropped();
    if (!connection.is_known) {
      if (now - connection.since > kStrangerLife) refuse(id);
    } else if (connection.stuck(now) > kMaxStuck) {
      refuse(id);
    } else if (!sfu_.has_path(connection.path())) {
      close(id);
    }
  });
  next_sweep_ = connections_.size() == 0 ? kNever : now + kSweepInterval;
}

void TcpConnections::refuse(std::uint32_t id) {
  ++counters_.refused;
  reset(connections_.find(id)->fd());
  close(id);
}

void TcpConnections::close(std::uint32_t id) {
  const TcpConnection& connection = *connections_.find(id);
  const auto count = by_address_.find(address_of(connection.path().remote));
  if (!connection.is_known) {
    --count->second.strangers;
    std::erase(strangers_, id);
  }
  if (--count->second.all == 0) by_address_.erase(count);
  by_path_.erase(connection.path());
  connections_.erase(id);
}

TcpCounters TcpConnections::counters() const {
  TcpCounters result = counters_;
  result.connections = static_cast<std::uint32_t>(connections_.size());
  return result;
}

}  // namespace noir
