#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sctp/message_budget.hpp"
#include "sctp/sctp_association.hpp"

namespace noir::test {

/// Two associations back to back on a network without delay, which may lose packets.
class SctpPair {
 public:
  struct Side {
    Side(SctpLoop& loop, const SctpParams& params) : association(loop, params) {}

    SctpAssociation association;
    std::vector<SctpEvent> events;

    template <typename T>
    [[nodiscard]] std::vector<T> all() const {
      std::vector<T> found;
      for (const auto& event : events) {
        if (const auto* e = std::get_if<T>(&event)) found.push_back(*e);
      }
      return found;
    }
  };

  explicit SctpPair(std::size_t max_message_bytes = 65'536, std::size_t max_channels = 8,
                    MessageBudget& budget = MessageBudget::of_process())
      : loop(nullptr, budget),
        client(loop, params(1, true, max_message_bytes, max_channels)),
        server(loop, params(2, false, max_message_bytes, max_channels)) {}

  static SctpParams params(std::uint32_t tag, bool dtls_client, std::size_t max_message_bytes,
                           std::size_t max_channels) {
    return {
        .tag = tag, .dtls_client = dtls_client, .max_message_bytes = max_message_bytes, .max_channels = max_channels};
  }

  void connect() {
    client.association.connect();
    server.association.connect();
    exchange();
  }

  /// Until neither side has anything to say.
  void exchange() {
    while (move(client, server) || move(server, client)) {
    }
    collect(client);
    collect(server);
  }

  void run_for(Duration duration) {
    const Instant end = now + duration;
    exchange();
    while (loop.next_timeout() <= end) {
      now = std::max(now, loop.next_timeout());
      loop.handle_timeout(now);
      while (loop.poll_ready()) {
      }
      exchange();
    }
    now = end;
  }

  SctpLoop loop;
  Instant now{std::chrono::seconds(1000)};
  std::function<bool()> lose = [] { return false; };
  std::function<void(const Side& from, std::vector<std::uint8_t>& packet)> tamper = [](const Side&, auto&) {};
  Side client;
  Side server;

 private:
  bool move(Side& from, Side& to) {
    bool any = false;
    std::vector<std::uint8_t> packet;
    while (from.association.poll_transmit(packet)) {
      any = true;
      tamper(from, packet);
      if (!lose()) to.association.handle_packet(packet);
    }
    return any;
  }
  static void collect(Side& side) {
    while (auto event = side.association.poll_event()) side.events.push_back(std::move(*event));
  }
};

inline ByteSpan bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace noir::test
