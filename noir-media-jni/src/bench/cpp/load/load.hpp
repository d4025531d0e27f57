#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dtls/dtls_context.hpp"
#include "load/load_peer.hpp"
#include "sctp/sctp_loop.hpp"

namespace noir {

/// Peers and the loop that drives them. Everything happens in `run_until`, on one thread.
///
/// *Prompt*, for joining: sockets are read as soon as something comes. *Paced*, for measuring: all are read every 20 ms
/// and nobody watches them meanwhile. The kernel says when each packet came, so nothing is lost by it; but waking this
/// program once per packet would cost the server, whose send calls would do the waking, and clients on other machines
/// cost it nothing.
class Load {
 public:
  /// `numbers`: clients take the transport-wide numbers that the server offers, as browsers do.
  Load(SignalUrl url, bool numbers);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Starts to join; the reference stays good until `clear`.
  LoadPeer& add(PeerPlan plan);
  /// This one leaves; not from within `run_until`.
  void remove(LoadPeer& peer);
  /// Everybody leaves.
  void clear();

  /// Drives everything until `done` (looked at after each turn) or the deadline; whether it was done.
  bool run_until(Instant deadline, const std::function<bool()>& done);
  void run_for(Duration time);
  void set_paced(bool paced);

  [[nodiscard]] const std::vector<std::unique_ptr<LoadPeer>>& peers() const { return peers_; }
  /// The failure of the first peer that failed; empty = none has.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  class Reactor;

  void wait(Instant until);
  void read_ready();
  void read_all();
  void read(std::size_t index);
  void handle_timeouts();
  void pump_sctp(Instant now);
  void update(Instant now);
  void register_sockets();
  [[nodiscard]] Instant next_wake(Instant now) const;

  // Given.
  const SignalUrl url_;
  const bool numbers_;

  // Owned. Peers die before what they refer to.
  const Certificate certificate_;
  DtlsContext dtls_;
  SctpLoop sctp_;
  std::unique_ptr<Reactor> reactor_;
  DatagramReader reader_;
  std::vector<std::unique_ptr<LoadPeer>> peers_;

  // State. Transport number n is at n - 2 * first_number_; null once its peer has left.
  std::vector<LoadTransport*> transports_;
  std::vector<Instant> due_;
  std::vector<LoadTransport*> unregistered_;
  std::vector<std::uint32_t> ready_;
  std::vector<LoadPeer*> joining_;
  std::uint32_t next_number_ = 1;
  std::uint32_t first_number_ = 1;
  std::string failure_;
  bool paced_ = false;
  Instant next_tick_{};    // Paced: to read.
  Instant next_survey_{};  // Of peers that may have failed.
};

}  // namespace noir
