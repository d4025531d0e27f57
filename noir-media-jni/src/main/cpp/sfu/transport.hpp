#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/prefetch.hpp"
#include "base/result.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "congestion/bandwidth_controller.hpp"
#include "dtls/dtls_transport.hpp"
#include "sctp/sctp_association.hpp"
#include "sfu/egress.hpp"
#include "sfu/event.hpp"
#include "sfu/params.hpp"
#include "sfu/sfu.hpp"
#include "srtp/srtp_receiver.hpp"
#include "srtp/srtp_sender.hpp"
#include "stun/ice_lite.hpp"

namespace noir {

/// What every transport of a loop uses; all of it outlives them.
struct TransportContext {
  const DtlsContext& dtls;
  SctpLoop& sctp;
  const SfuLimits& limits;
  Egress& egress;
  std::deque<Event>& events;
  SfuCounters& counters;
};

/// The way of a run of packets to one client, looked up once for all of them. Good until anything else happens to the
/// transport.
class MediaRun {
 public:
  /// `limit` is null unless the path is not proven; `bandwidth` is told of what leaves, unless it is null.
  /// `next_number` is the transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
  MediaRun(SrtpSender& sender, Egress& egress, SfuCounters& counters, const Path& path, IcePath* limit,
           std::uint16_t& next_number, BandwidthController* bandwidth)
      : sender_(sender),
        egress_(egress),
        counters_(counters),
        path_(path),
        limit_(limit),
        next_number_(next_number),
        bandwidth_(bandwidth) {}

  /// Its transport-wide number, if reports on it will be understood.
  std::optional<std::uint16_t> send(Instant now, OutPacket& packet, SentKind kind) {
    const std::uint16_t number = next_number_;
    const bool numbered = packet.transport_sequence_at != 0;
    if (numbered) packet.set_transport_sequence(next_number_++);
    const auto size = sender_.protect(packet, egress_.reserve());
    // Else larger than any datagram we send: a bug of the caller's limits, and only this packet's loss.
    if (!size) return std::nullopt;
    const bool reported = numbered && bandwidth_ != nullptr;
    if (reported) bandwidth_->on_sent(now, number, static_cast<std::uint32_t>(*size), kind);
    commit(*size);
    return reported ? std::optional(number) : std::nullopt;
  }
  void send_rtcp(ByteSpan compound) {
    const auto size = sender_.protect_rtcp(compound, egress_.reserve());
    if (size) commit(*size);
  }

 private:
  void commit(std::size_t size) {
    if (limit_ == nullptr || limit_->take(size)) [[likely]] {
      egress_.commit(path_, size);
    } else {
      counters_.bytes_held_back += size;
    }
  }

  SrtpSender& sender_;
  Egress& egress_;
  SfuCounters& counters_;
  const Path& path_;
  IcePath* limit_;
  std::uint16_t& next_number_;
  BandwidthController* bandwidth_;
};

/// One ICE + DTLS + SRTP + SCTP association with a client. Knows nothing of tracks. A sign of life is something
/// authentic on the path that media goes to or is to go to, or a Binding Indication there.
///
///                  | DTLS connected | no sign of life | sign of life | consent gone, DTLS ended,
///                  | and nominated  | for 8 s         |              | or 30 s without handshake
///   ---------------+----------------+-----------------+--------------+--------------------------
///   kConnecting    | kConnected     |                 |              | kClosed
///   kConnected     |                | kDisconnected   |              | kClosed
///   kDisconnected  |                |                 | kConnected   | kClosed
///   kClosed        |                |                 |              |
///
/// That of an injector is kConnected from the beginning, and nothing but `fail` and `shut_down` ends it.
/// Thread: loop.
class alignas(64) Transport {
 public:
  /// `first_number`: the transport-wide one, drawn. A client whose server has died goes on with the next one, and
  /// reports when it got the numbers of before: they should not be those of now.
  Transport(TransportContext& context, Instant now, const TransportParams& params, std::uint16_t first_number);

  void set_id(TransportId id) { id_ = id; }
  [[nodiscard]] TransportId id() const { return id_; }
  [[nodiscard]] TransportRole role() const { return role_; }
  [[nodiscard]] TransportState state() const { return state_; }
  [[nodiscard]] const IceLite& ice() const { return ice_; }
  [[nodiscard]] const DtlsTransport& dtls() const { return dtls_; }

  // Commands. A channel is named by the stream it has when we are the DTLS server; in the other role the wire has that
  // number's neighbour (RFC 8832 §6), because a channel can be opened before the client has chosen.
  void set_remote(Instant now, const RemoteParams& params);
  void restart_ice(Instant now, IceCredentials local);
  Result<std::uint16_t> open_channel(std::string_view label, bool ordered);
  Status send(std::uint16_t stream, bool binary, const SharedBytes& message);
  Status close_channel(std::uint16_t stream);
  /// Tells the client (SCTP ABORT, close_notify) and ends. No event: somebody asked for it.
  void shut_down();
  /// Ends with an event that says why.
  void fail(CloseReason reason);

  // Datagrams of the client.
  /// False when it is nobody's who knows the password.
  bool handle_check(Instant now, const Path& path, const StunMessage& request);
  /// To a check of ours; false when it is none.
  bool handle_answer(Instant now, const Path& path, const StunMessage& response);
  void handle_indication(Instant now, const Path& path, const StunMessage& indication);
  /// Asks whoever is at `path`, because another transport has it, too.
  void want_proof(Instant now, const Path& path);
  void handle_dtls(Instant now, const Path& path, ByteSpan datagram);
  /// Whether a packet looks as if it were the next of a stream of the client's: a guess, for when there is no time.
  [[nodiscard]] bool expects_rtp(ByteSpan packet) { return receiver_ && receiver_->expects(packet); }
  [[nodiscard]] bool expects_rtcp(ByteSpan packet) { return receiver_ && receiver_->expects_rtcp(packet); }
  /// Decrypts in place; the plain size.
  Result<std::size_t> unprotect_rtp(Instant now, const Path& path, MutableByteSpan packet);
  Result<std::size_t> unprotect_rtcp(Instant now, const Path& path, MutableByteSpan packet);

  /// Whether media can be sent now.
  [[nodiscard]] bool can_send() const { return sender_.has_value() && ice_.outlet().has_value(); }
  /// Nothing when it cannot. `bandwidth`: of the subscriber, or null.
  [[nodiscard]] std::optional<MediaRun> begin_media(BandwidthController* bandwidth) {
    if (!can_send()) return std::nullopt;
    return MediaRun(*sender_, context_.egress, context_.counters, *ice_.outlet(), ice_.outlet_limit(), next_number_,
                    bandwidth);
  }
  void send_rtcp(ByteSpan compound);
  /// Sends and reports what SCTP has; called when `SctpLoop::poll_ready` names this transport.
  void pump_sctp();

  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const;

  /// What a run of packets reads, in the order in which one thing points to the next: each call some time after the
  /// one before.
  void prefetch_media() const {
    const auto* end = reinterpret_cast<const char*>(&ice_) + IceLite::kOutletBytes;
    prefetch(this, static_cast<std::size_t>(end - reinterpret_cast<const char*>(this)));
  }
  void prefetch_sender() const {
    if (sender_) sender_->prefetch_cipher();
  }
  void prefetch_keys() const {
    if (sender_) sender_->prefetch_keys();
  }
  /// The same for an RTCP packet of the client's.
  void prefetch_receiver() const {
    ice_.prefetch_paths();
    if (receiver_) receiver_->prefetch_rtcp();
  }
  void prefetch_received() const {
    if (receiver_) receiver_->prefetch_rtcp_keys();
  }

 private:
  /// Opened before the client's role was known, with what was sent on it since.
  struct EarlyChannel {
    struct Message {
      bool binary;
      std::vector<std::uint8_t> bytes;
    };
    std::string label;
    bool ordered;
    std::vector<Message> messages;
  };

  void transition_to(TransportState next, CloseReason reason);
  void note_heard(Instant now, IcePath& path);
  void send_checks(Instant now);
  void pump_dtls();
  void send_dtls();
  void start_dtls(Instant now);
  void open_association();
  void open_early_channels();
  Result<std::uint16_t> open_early_channel(std::string_view label, bool ordered);
  Status send_early(std::uint16_t stream, bool binary, ByteSpan message);
  [[nodiscard]] std::uint16_t mapped(std::uint16_t stream) const;
  void check_dtls_state();
  void on_dtls_connected();
  void on_sctp_event(SctpEvent event);
  void update_connected();
  [[nodiscard]] CloseReason dtls_close_reason() const;

  // What a run of packets needs, side by side up to the outlet, with which `ice_` begins.
  TransportContext& context_;  // Given.
  TransportId id_ = 0;         // Given.
  const TransportRole role_;
  std::uint16_t next_number_;
  std::optional<SrtpSender> sender_;
  IceLite ice_;

  // Owned.
  DtlsTransport dtls_;
  std::unique_ptr<SctpAssociation> sctp_;  // Once the client's role is known.
  std::vector<EarlyChannel> early_channels_;
  std::optional<SrtpReceiver> receiver_;
  std::vector<std::uint8_t> scratch_;

  // State.
  TransportState state_;
  bool remote_is_known_ = false;
  bool is_established_ = false;      // DTLS has been connected.
  std::optional<Path> dtls_path_;    // Where the client's DTLS comes from, until a path is nominated.
  std::optional<Path> flight_path_;  // Where our flights of the handshake went,
  bool flight_scattered_ = false;    // and whether others went elsewhere.
  Instant handshake_deadline_;
  Instant last_alive_;
};

}  // namespace noir
