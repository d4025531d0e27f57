#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sctp/sctp_event.hpp"
#include "sctp/sctp_loop.hpp"

namespace noir {

/// A message that goes to many.
using SharedBytes = std::shared_ptr<const std::vector<std::uint8_t>>;

struct SctpParams {
  std::uint32_t tag = 0;                   // What `SctpLoop::poll_ready` gives; the transport's id.
  bool dtls_client = false;                // RFC 8832 §6: the DTLS client opens even streams, the server odd ones.
  std::size_t max_message_bytes = 65'536;  // Both ways; our a=max-message-size (RFC 8841 §6).
  std::size_t max_channels = 64;
  // What may wait for the peer beside what usrsctp has taken (128 KiB or 512 messages): more than a peer may send at
  // once.
  std::size_t max_waiting_messages = 1024;
  std::size_t max_waiting_cost = 1'048'576;  // See MessageBudget.
};

/// One SCTP association over one DTLS transport (RFC 8261), with its data channels (RFC 8831, 8832).
///
///   kNew ─connect()→ kConnecting ─peer's handshake→ kConnected ─close(), abort, failure→ kClosed
///
/// Channels opened and messages sent before kConnected wait for it. After any input call `poll_transmit` and
/// `poll_event` until they are empty; do the same for tags of `SctpLoop::poll_ready`. While another loop is inside
/// usrsctp, all that was put in here waits for the loop's next turn.
///
/// A peer that does not take what is sent to it loses the channel for which most waits, and after 30 s in which it has
/// taken nothing the association.
/// Thread: loop.
class SctpAssociation {
 public:
  SctpAssociation(SctpLoop& loop, const SctpParams& params);
  /// Aborts if `close` was not called; the peer then is not told.
  ~SctpAssociation();
  SctpAssociation(const SctpAssociation&) = delete;
  SctpAssociation& operator=(const SctpAssociation&) = delete;

  /// Both sides call this once DTLS is connected: RFC 8831 §6.2's ports, 5000 both, simultaneous open.
  void connect();
  void handle_packet(ByteSpan packet);
  /// Replaces `packet`; false = nothing to send.
  [[nodiscard]] bool poll_transmit(std::vector<std::uint8_t>& packet);
  [[nodiscard]] std::optional<SctpEvent> poll_event();

  Result<std::uint16_t> open_channel(std::string_view label, bool ordered);
  /// `kNotFound`: no such channel; `kLimitExceeded`: too long, or too much is waiting already.
  Status send(std::uint16_t stream, bool binary, ByteSpan message);
  Status send(std::uint16_t stream, bool binary, const SharedBytes& message);
  Status close_channel(std::uint16_t stream);
  /// Queues an ABORT for `poll_transmit`, if nobody else is inside usrsctp; nothing of the association stays there.
  void close();

  [[nodiscard]] SctpState state() const;
  [[nodiscard]] std::size_t channel_count() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace noir
