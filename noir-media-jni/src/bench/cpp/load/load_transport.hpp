#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "load/client_socket.hpp"
#include "load/description.hpp"
#include "load/stream_counter.hpp"
#include "sim/delay_histogram.hpp"
#include "sim/test_client.hpp"

namespace noir {

/// What all transports of a load share.
struct LoadContext {
  const DtlsContext& dtls;
  SctpLoop& sctp;
  bool numbers = true;  // Clients take the transport-wide numbers that the server offers.
};

/// A simulated client's transport with a real socket. The rtp streams it receives are counted by their headers; only a
/// *sampled* transport decrypts them, checks every byte and measures delays, as long as the two processors of a small
/// machine have to carry both sides. All report when each packet came, where the server numbers them. Thread: load.
class LoadTransport {
 public:
  LoadTransport(const LoadContext& context, std::uint32_t number, bool sampled);

  [[nodiscard]] LocalDescription local() const { return {ice_, context_.dtls.local_fingerprint()}; }
  /// Connects. Later descriptions of the same transport may bring further streams and other header extensions.
  void set_remote(Instant now, const RemoteDescription& remote);
  void publish(Instant now, const SourceParams& source);
  /// ion-sdk-js opens one on the publisher; the server ignores it.
  void open_api_channel() { wants_channel_ = true; }

  void read(DatagramReader& reader);
  void handle_timeout(Instant now);
  void pump_sctp();
  [[nodiscard]] Instant next_timeout() const;
  void pause_sources(Instant now);

  [[nodiscard]] int fd() const { return socket_ ? socket_->fd() : -1; }
  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] bool has_sources() const { return !sources_.empty(); }
  [[nodiscard]] bool is_connected() const { return client_ && client_->can_send(); }
  [[nodiscard]] bool has_failed() const;
  /// How far it has come, for people.
  [[nodiscard]] std::string progress() const;
  [[nodiscard]] bool has_channel() const { return client_ && !client_->channels().empty(); }
  [[nodiscard]] const std::vector<StreamCounter>& streams() const { return streams_; }
  [[nodiscard]] const std::vector<SyntheticSource*>& sources() const { return sources_; }
  [[nodiscard]] const std::vector<MediaRecorder*>& recorders() const { return recorders_; }
  [[nodiscard]] const ClientSocket* socket() const { return socket_ ? &*socket_ : nullptr; }

 private:
  void add_streams(const RemoteDescription& remote);
  void handle_rtp(const ReadDatagram& datagram);
  [[nodiscard]] StreamCounter* find_stream(std::uint32_t ssrc);
  void send_report(Instant now);
  void flush();

  // Given.
  const LoadContext context_;
  const std::uint32_t number_;
  const bool sampled_;

  // Owned.
  const IceCredentials ice_;
  std::optional<ClientSocket> socket_;
  std::unique_ptr<TestClient> client_;
  std::vector<StreamCounter> streams_;
  std::vector<ClientTransmit> transmits_;

  // State.
  std::vector<SyntheticSource*> sources_;  // The client's.
  std::vector<MediaRecorder*> recorders_;  // The client's.
  std::size_t last_stream_ = 0;
  bool wants_channel_ = false;
  Instant next_report_ = kNever;
};

}  // namespace noir
