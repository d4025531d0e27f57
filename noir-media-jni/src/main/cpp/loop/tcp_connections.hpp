#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/packet_buffer.hpp"
#include "base/slot_table.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "loop/connection_mail.hpp"
#include "loop/handover_exchange.hpp"
#include "loop/tcp_connection.hpp"
#include "loop/tcp_listener.hpp"
#include "sfu/sfu.hpp"

namespace noir {

struct TcpCounters {
  std::uint64_t opened = 0;   // Connections that a transport has taken.
  std::uint64_t refused = 0;  // Closed by us: too many, too slow, or nothing of ours.
  std::uint64_t dropped = 0;  // Packets that had waited for too long, or whose connection was gone.
  std::uint32_t connections = 0;
};

/// The connections of a loop that carry packets (RFC 6544, RFC 4571). Who has connected is a stranger until a transport
/// has his path: he has ten seconds for it, may send STUN alone and little of it, and of strangers there are few; one
/// too many ends the one that has been here for longest. Whose path no transport has any more is closed.
/// Thread: loop.
class TcpConnections {
 public:
  static constexpr std::size_t kMaxConnections = 4096;
  static constexpr std::size_t kMaxOfAddress = 1024;  // IPv6 by the first 64 bits, as all of these.
  static constexpr std::size_t kMaxStrangers = 512;
  static constexpr std::size_t kMaxStrangersOfAddress = 64;
  static constexpr std::uint8_t kMaxPacketsOfStranger = 32;
  static constexpr Duration kStrangerLife = std::chrono::seconds(10);
  /// Who takes nothing for so long has gone; as consent (RFC 7675 §5.1).
  static constexpr Duration kMaxStuck = std::chrono::seconds(30);

  TcpConnections(int epoll, PacketPool& pool, Sfu& sfu, HandoverExchange& exchange, std::uint32_t node);
  ~TcpConnections();
  TcpConnections(const TcpConnections&) = delete;
  TcpConnections& operator=(const TcpConnections&) = delete;

  void listen(TcpListeners listeners);
  [[nodiscard]] bool listens() const { return !listeners_.empty(); }
  void set_place(LoopIndex loop) { loop_ = loop; }

  // What epoll has to say; keys as `watch` was given them.
  static constexpr std::uint64_t kListener = std::uint64_t{1} << 32;
  static constexpr std::uint64_t kConnection = std::uint64_t{2} << 32;
  void handle_ready(Instant now, std::uint64_t key, std::uint32_t events);
  /// From other loops, or from who accepts for us.
  void take_mail(Instant now, ConnectionMail& mail);

  void send(Instant now, const Transmit& transmit);
  /// Closes what is nobody's any more.
  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const { return next_sweep_; }

  [[nodiscard]] TcpCounters counters() const;

 private:
  struct Address {
    std::array<std::uint8_t, 16> network{};
    bool operator==(const Address&) const = default;
  };
  struct AddressHash {
    std::size_t operator()(const Address& address) const;
  };
  struct Count {
    std::size_t all = 0;
    std::size_t strangers = 0;
  };

  static Address address_of(const SocketAddress& remote);
  void accept(Instant now, std::size_t listener);
  /// The id of the new connection, or 0 when it was refused.
  std::uint32_t add(Instant now, FileDescriptor fd, const Path& path);
  void make_room(const Address& address);
  void receive(Instant now, std::uint32_t id);
  bool take_packet(Instant now, TcpConnection& connection, ByteSpan packet);
  bool take_first(TcpConnection& connection, ByteSpan packet);
  void move_away(std::uint32_t id, TcpConnection& connection);
  void check_known(TcpConnection& connection);
  void want_room(std::uint32_t id, TcpConnection& connection, bool wanted) const;
  void refuse(std::uint32_t id);
  void close(std::uint32_t id);
  void pause_listeners(Instant now);

  // Given.
  const int epoll_;
  PacketPool& pool_;
  Sfu& sfu_;
  HandoverExchange& exchange_;
  const std::uint32_t node_;
  LoopIndex loop_ = 0;

  // Owned.
  TcpListeners listeners_;
  SlotTable<TcpConnection> connections_;
  std::unordered_map<Path, std::uint32_t, PathHash> by_path_;
  std::unordered_map<Address, Count, AddressHash> by_address_;
  std::vector<std::uint32_t> strangers_;  // The oldest first.
  std::unique_ptr<std::uint8_t[]> read_;  // Made with the first connection.

  // State.
  TcpCounters counters_;
  LoopIndex move_to_ = 0;   // Where the connection that is being read belongs,
  bool moves_ = false;      // if it does not belong here.
  bool is_paused_ = false;  // The listeners are: there were no more descriptors.
  Instant next_sweep_ = kNever;
};

}  // namespace noir
