#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "dtls/client_flight.hpp"
#include "dtls/datagram_bio.hpp"
#include "dtls/dtls_context_library.hpp"
#include "dtls/dtls_transport.hpp"
#include "dtls/record_filter.hpp"
#include "dtls/record_protection.hpp"

namespace noir {

/// One attempt at a handshake, and what follows when it is the one that succeeds. Its end is final.
class DtlsTransport::Association {
 public:
  Association(const DtlsContext& context, DtlsRole role);
  ~Association();
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;

  void set_remote_fingerprints(const Fingerprints& sha256);
  void start(Instant now);
  bool handle_datagram(Instant now, ByteSpan datagram);
  void handle_timeout(Instant now);
  void close();
  Status send_data(ByteSpan data);
  bool poll_transmit(std::vector<std::uint8_t>& datagram);
  bool poll_data(std::vector<std::uint8_t>& data);

  [[nodiscard]] Instant next_timeout() const { return std::min(retransmit_at_, give_up_at_); }
  [[nodiscard]] DtlsState state() const { return state_; }
  [[nodiscard]] DtlsFailure failure() const { return failure_; }
  [[nodiscard]] bool handshake_done() const { return handshake_done_; }
  [[nodiscard]] std::uint64_t authentic_datagrams() const { return authentic_datagrams_; }
  [[nodiscard]] std::size_t next_transmit_size() const {
    return outbox_position_ < outbox_.size() ? outbox_[outbox_position_].size() : 0;
  }
  [[nodiscard]] std::optional<SrtpKeys> srtp_keys() const;
  [[nodiscard]] std::optional<SrtpProfile> srtp_profile() const;
  /// Empty before the handshake is done.
  [[nodiscard]] const char* suite() const { return protection_ ? protection_->suite() : ""; }
  /// Whose handshake this is: the start of the ClientHello that came, empty before.
  [[nodiscard]] ByteSpan hello() const { return hello_; }
  /// Whether the peer has shown another certificate than the right one, to no effect.
  [[nodiscard]] bool saw_wrong_certificate() const { return saw_wrong_certificate_; }

 private:
  void transition_to(DtlsState state);
  void fail(DtlsFailure failure);
  void read_client(Instant now, ByteSpan records);
  void read_client_messages(Instant now, ByteSpan fragment);
  void pass_client_flight(Instant now);
  void pass_record(Instant now, std::uint8_t type, ByteSpan fragment);
  void pass(Instant now, ByteSpan datagram);
  void advance_handshake(Instant now);
  void finish_handshake();
  void connect_if_verified();
  void read_records(Instant now, ByteSpan records);
  void handle_alert(ByteSpan alert);
  void send_close_notify();
  void send_refusal();
  void repeat_last_flight(Instant now);
  void send_flight(Instant now);
  void send_written();
  void send(std::vector<std::uint8_t> datagram);
  void export_keys();

  // Owned.
  DatagramPort port_;
  SslPtr ssl_;                                  // Until the handshake is done.
  std::optional<RecordProtection> protection_;  // From then on.
  RecordFilter filter_;
  std::unique_ptr<ClientFlight> client_flight_;          // Of a server, until the handshake is done.
  std::deque<std::vector<std::uint8_t>> early_records_;  // Finished that may be the client's; the oldest goes.
  std::vector<std::vector<std::uint8_t>> flight_;        // What we sent last in the handshake; kept for its repetition.
  std::vector<std::vector<std::uint8_t>> outbox_;
  std::vector<std::vector<std::uint8_t>> inbox_;

  // State.
  DtlsState state_ = DtlsState::kNew;
  DtlsFailure failure_ = DtlsFailure::kNone;
  const DtlsRole role_;
  std::vector<std::uint8_t> hello_;
  bool saw_wrong_certificate_ = false;
  bool handshake_done_ = false;  // On the wire; says nothing about the fingerprint.
  std::size_t outbox_position_ = 0;
  std::size_t inbox_position_ = 0;
  std::uint64_t plaintext_sequence_ = 0;
  bool flight_passed_ = false;
  std::uint32_t passed_records_ = 0;  // In clear text, to OpenSSL.
  std::uint64_t authentic_datagrams_ = 0;
  Duration retransmit_interval_{};
  Instant retransmit_at_ = kNever;
  Instant give_up_at_ = kNever;
  Instant last_flight_not_before_{};
  PeerIdentity identity_;
  std::optional<SrtpKeys> keys_;
};

}  // namespace noir
