#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "dtls/dtls_transport.hpp"
#include "forward/twcc_recorder.hpp"
#include "rtp/codec.hpp"
#include "rtp/rtcp_reader.hpp"
#include "sctp/sctp_association.hpp"
#include "sim/media_recorder.hpp"
#include "sim/synthetic_source.hpp"
#include "sim/twcc_tally.hpp"
#include "srtp/srtp_receiver.hpp"
#include "srtp/srtp_sender.hpp"
#include "stun/ice_controlling.hpp"

namespace noir {

/// What signalling would have agreed on for one transport.
struct TestClientParams {
  IceCredentials local;
  IceCredentials remote;
  std::vector<Path> candidates;  // Of the server, with the local socket to use.
  Fingerprint remote_fingerprint{};
  ExtensionIds extensions;  // Both what it sends and what it understands, until there are others.
  std::uint32_t rtcp_ssrc = 1;
  std::uint32_t sctp_tag = 1;  // Unique in its `SctpLoop`.
  std::uint64_t random_seed = 1;
  bool data_channels = true;
  bool passive = false;            // Waits for the server's ClientHello.
  Duration utc_minus_monotonic{};  // Its own wall clock, for sender reports.
};

struct ClientTransmit {
  Path path;
  std::vector<std::uint8_t> bytes;
};

struct ClientCounters {
  std::uint64_t dropped_srtp = 0;    // Failed authentication or replay.
  std::uint64_t unexpected_rtp = 0;  // Of no recorder.
  std::uint64_t plis = 0;            // Received, with FIRs.
  std::uint64_t nacked = 0;          // Sequence numbers that the server asked for.
  std::uint64_t retransmitted = 0;
  std::uint64_t numbered = 0;     // RTP packets with a transport-wide sequence number,
  std::uint64_t number_gaps = 0;  // and those whose number was not the next.
  std::uint64_t receiver_reports = 0;
  std::optional<ReportBlock> last_report_block;
};

/// One RTCPeerConnection of a client as a function: ICE (controlling) + DTLS client + SRTP + SCTP with synthetic
/// sources and recorders. Without sockets and clocks, so that simulations and the load generator drive the same class.
/// After any input: drain `poll_transmit`. Thread: one.
class TestClient {
 public:
  /// `dtls` and `sctp` must outlive the client.
  TestClient(const DtlsContext& dtls, SctpLoop& sctp, TestClientParams params);

  void start(Instant now);
  /// `datagram` is decrypted in place.
  void handle_datagram(Instant now, const Path& path, MutableByteSpan datagram);
  /// An RTP packet that its caller does not want decrypted: only its transport-wide number is noted, to be reported.
  void note_sealed_rtp(Instant now, MutableByteSpan datagram);
  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const;
  /// When `SctpLoop::poll_ready` names this client's tag.
  void pump_sctp();
  [[nodiscard]] std::optional<ClientTransmit> poll_transmit();

  /// Sends from now on, once connected. The reference stays good.
  SyntheticSource& publish(Instant now, const SourceParams& params);
  MediaRecorder& receive(const ReceiveParams& params);
  void stop_receiving(std::uint32_t ssrc);
  void request_keyframe(std::uint32_t ssrc);
  /// What a later description says of them.
  void set_extensions(const ExtensionIds& extensions) { extensions_ = extensions; }
  /// No transport-wide feedback as long as it is so.
  void set_silent(bool silent) { silent_ = silent; }
  void restart_ice(Instant now, IceCredentials local, IceCredentials remote, std::vector<Path> candidates);
  /// Sends an RTX packet that repeats `sent`, or holds padding alone when that is null.
  void send_rtx(Instant now, SyntheticSource& source, const SyntheticSource::Sent* sent);
  /// Tells the server by close_notify.
  void close();
  /// Protects and sends what the caller made up, well-formed or not; RTP with an SRTP index of its choice.
  void send_plain_rtp(ByteSpan packet, std::uint64_t index);
  void send_plain_rtcp(ByteSpan compound) { send_rtcp(compound); }
  Result<std::uint16_t> open_channel(std::string_view label);
  Status send(std::uint16_t stream, bool binary, ByteSpan message);

  [[nodiscard]] bool can_send() const { return sender_.has_value() && ice_.selected().has_value(); }
  [[nodiscard]] const IceControlling& ice() const { return ice_; }
  [[nodiscard]] const DtlsTransport& dtls() const { return dtls_; }
  [[nodiscard]] const ClientCounters& counters() const { return counters_; }
  /// SSRCs of ours that receiver reports were about.
  [[nodiscard]] std::set<std::uint32_t>& reported_ssrcs() { return reported_ssrcs_; }
  [[nodiscard]] const TwccTally& twcc() const { return twcc_; }
  [[nodiscard]] const std::vector<SctpChannelOpened>& channels() const { return channels_; }
  [[nodiscard]] const std::vector<SctpMessage>& messages() const { return messages_; }

 private:
  void pump_ice();
  void pump_dtls(Instant now);
  void send_dtls();
  void on_dtls_connected();
  void handle_rtp(Instant now, MutableByteSpan datagram);
  void handle_rtcp(Instant now, MutableByteSpan datagram);
  void note_number(Instant now, const RtpView& rtp);
  void handle_twcc(ByteSpan compound);
  void handle_message(Instant now, const RtcpMessage& message);
  void retransmit(Instant now, const Nack& nack);
  void send_frames(Instant now);
  void send_nacks(Instant now);
  void send_feedback(Instant now);
  void send_reports(Instant now);
  void send_rtp(const OutPacket& packet);
  void send_rtcp(ByteSpan compound);
  [[nodiscard]] SyntheticSource* find_source(std::uint32_t ssrc) const;
  [[nodiscard]] MediaRecorder* find_recorder(std::uint32_t ssrc) const;

  // Given.
  SctpLoop& sctp_loop_;
  const TestClientParams params_;

  // Owned.
  IceControlling ice_;
  DtlsTransport dtls_;
  std::unique_ptr<SctpAssociation> sctp_;
  std::optional<SrtpSender> sender_;
  std::optional<SrtpReceiver> receiver_;
  std::vector<std::unique_ptr<SyntheticSource>> sources_;
  std::vector<std::unique_ptr<MediaRecorder>> recorders_;
  std::deque<ClientTransmit> outbox_;
  std::vector<std::uint8_t> scratch_;

  // State.
  ExtensionIds extensions_;
  TwccTally twcc_;         // Of what we send,
  TwccRecorder arrivals_;  // and of what comes.
  std::uint16_t next_number_ = 0;
  ClientCounters counters_;
  std::set<std::uint32_t> reported_ssrcs_;
  std::vector<SctpChannelOpened> channels_;
  std::vector<SctpMessage> messages_;
  bool silent_ = false;
  bool is_established_ = false;  // DTLS has been connected.
  std::uint16_t transport_seq_ = 1;
  Instant next_report_ = kNever;
  Instant next_nack_ = kNever;
};

}  // namespace noir
