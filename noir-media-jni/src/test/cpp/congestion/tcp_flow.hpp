#pragma once

#include <cstdint>
#include <set>

#include "congestion/media_flow.hpp"
#include "congestion/virtual_network.hpp"

namespace noir::test {

/// Acknowledges each packet.
class TcpReceiver : public Hop {
 public:
  TcpReceiver(Schedule& schedule, int flow, Hop& back) : flow_(flow), back_(back), received_(schedule.now()) {}
  void enter(Instant now, VirtualPacket packet) override {
    received_.add(now, packet.octets);
    back_.enter(now, {flow_, packet.number, 40, SentKind::kMedia, {}});
  }
  [[nodiscard]] const Course& received() const { return received_; }

 private:
  int flow_;
  Hop& back_;
  Course received_;
};

/// A competitor that fills queues: slow start, additive increase, halving at a loss (RFC 5681), as selective
/// acknowledgements tell it. What is lost is not repeated: only the load counts.
class TcpSender : public Hop {
 public:
  /// `burst_packets`: 0 = goes on for ever; else it stops after so many, and begins anew after `rest`.
  TcpSender(Schedule& schedule, int flow, Hop& out, std::uint64_t burst_packets = 0, Duration rest = {});
  void enter(Instant now, VirtualPacket ack) override;
  void wake(Instant now) override;

 private:
  void send_more(Instant now);
  void handle_loss(std::uint64_t number);
  void begin();

  static constexpr std::uint32_t kPacket = 1500;
  static constexpr std::int64_t kMilli = 1000;

  Schedule& schedule_;
  int flow_;
  Hop& out_;
  std::uint64_t burst_packets_;
  Duration rest_;
  std::uint64_t next_ = 0;
  std::uint64_t burst_end_ = 0;
  std::uint64_t reduced_up_to_ = 0;  // Losses below were paid for.
  std::int64_t window_ = 0;          // Thousandths of packets.
  std::int64_t threshold_ = 0;
  std::set<std::uint64_t> under_way_;
  Instant heard_at_;
};

}  // namespace noir::test
