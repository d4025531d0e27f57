#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "stun/ice_credentials.hpp"
#include "stun/message.hpp"

namespace noir {

/// A small controlling agent (RFC 8445) with the remote candidates of a lite peer: checks them all, nominates the first
/// that answers, keeps consent (RFC 7675). For relays between nodes, simulated peers and the load generator.
/// Thread: loop.
class IceControlling {
 public:
  enum class State : std::uint8_t { kNew, kChecking, kConnected, kFailed };

  /// `random_seed` makes transaction ids and the tie-breaker: the caller's, so that simulations repeat.
  IceControlling(IceCredentials local, IceCredentials remote, std::vector<Path> candidates, std::uint64_t random_seed);

  void start(Instant now);
  /// ICE restart: checks again with new credentials; the selected path stays until another one answers.
  void restart(Instant now, IceCredentials local, IceCredentials remote, std::vector<Path> candidates);
  /// False = not STUN of ours.
  bool handle_datagram(Instant now, const Path& path, ByteSpan datagram);
  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const;

  struct Transmit {
    Path path;
    std::vector<std::uint8_t> bytes;
  };
  std::optional<Transmit> poll_transmit();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::optional<Path>& selected() const { return selected_; }

 private:
  enum class Purpose : std::uint8_t { kConnectivity, kNomination, kConsent };
  struct Check {
    Path path;
    Purpose purpose = Purpose::kConnectivity;
    StunTransactionId transaction{};
    Instant next_send = kNever;  // After the last one: when to give up.
    Duration interval{};
    int sent = 0;
  };

  void begin_checks(Instant now);
  void begin_check(Instant at, const Path& path, Purpose purpose);
  void send_check(Instant now, Check& check);
  void handle_response(Instant now, const Path& path, const StunMessage& response);
  void handle_success(Instant now, const Check& check);
  void answer_request(const Path& path, const StunMessage& request);
  void drop_checks(Purpose purpose);
  [[nodiscard]] bool is_establishing() const;
  void fail();

  IceCredentials local_;
  IceCredentials remote_;
  std::vector<Path> candidates_;
  std::mt19937_64 random_;
  std::uint64_t tie_breaker_;
  HmacSha1 local_key_;
  HmacSha1 remote_key_;
  State state_ = State::kNew;
  std::vector<Check> checks_;
  std::deque<Transmit> out_;
  std::optional<Path> selected_;
  Instant last_consent_{};
  Instant next_consent_check_ = kNever;
};

}  // namespace noir
