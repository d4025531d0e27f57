#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/credit.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "dtls/certificate.hpp"
#include "dtls/dtls_context.hpp"
#include "dtls/fingerprints.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

enum class DtlsRole : std::uint8_t { kServer, kClient };

enum class DtlsState : std::uint8_t { kNew, kHandshaking, kConnected, kFailed, kClosed };

/// Why a transport is `kFailed`.
enum class DtlsFailure : std::uint8_t { kNone, kHandshake, kFingerprintMismatch, kTimeout };

/// One DTLS 1.2 association, datagrams in and datagrams out.
///
///                  | first datagram | handshake done and | 30 s over, or error | close_notify
///                  | or start()     | fingerprint right  | after the handshake | or close()
///   ---------------+----------------+--------------------+---------------------+--------------
///   kNew           | kHandshaking   |                    |                     | kClosed
///   kHandshaking   |                | kConnected         | kFailed             | kClosed
///   kConnected     |                |                    | kFailed             | kClosed
///   kFailed        |                |                    |                     |
///   kClosed        |                |                    |                     |
///
/// Until both Finished are there, a datagram can be from anybody who knows an address. So a handshake that fails is
/// followed by a new one, another ClientHello begins one beside the first, what contradicts them is left out, and an
/// alert is sent only when no more are awaited. A certificate that is not the right one ends it 4 s after the first,
/// unless the right one comes.
///
/// The remote fingerprint may become known during the handshake or after its last flight; until then the state is
/// kHandshaking and application data is thrown away; a wrong one is found then, and ends it at once. After any input:
/// drain `poll_transmit` and `poll_data`.
/// Thread: loop.
class DtlsTransport {
 public:
  /// `context` must outlive the transport.
  DtlsTransport(const DtlsContext& context, DtlsRole role);
  ~DtlsTransport();
  DtlsTransport(const DtlsTransport&) = delete;
  DtlsTransport& operator=(const DtlsTransport&) = delete;

  /// As long as the handshake is not done: begins anew in the other role.
  void set_role(DtlsRole role);
  [[nodiscard]] DtlsRole role() const { return role_; }
  /// What signalling promised. The first call counts: the certificate of an association does not change.
  void set_remote_fingerprints(const Fingerprints& sha256);
  /// Client: sends the ClientHello. Server: nothing to do, the first datagram starts it.
  void start(Instant now);
  /// False when the datagram (or a part of it) was dropped as malformed, unauthenticated or out of place.
  bool handle_datagram(Instant now, ByteSpan datagram);
  void handle_timeout(Instant now);
  /// Sends close_notify.
  void close();

  /// Application data, at most `kMaxDataSize` bytes. kWrongState unless connected.
  Status send_data(ByteSpan data);

  /// Bytes of what `poll_transmit` would give; 0 when there is nothing.
  [[nodiscard]] std::size_t next_transmit_size() const;
  /// The next datagram to send, at most `kLinkMtu` bytes; false when there is none.
  bool poll_transmit(std::vector<std::uint8_t>& datagram);
  /// The next decrypted application record; false when there is none.
  bool poll_data(std::vector<std::uint8_t>& data);
  /// When `handle_timeout` is due, or `kNever`.
  [[nodiscard]] Instant next_timeout() const { return due_; }

  [[nodiscard]] DtlsState state() const;
  [[nodiscard]] DtlsFailure failure() const;
  /// Both Finished were right; says nothing about the fingerprint.
  [[nodiscard]] bool handshake_done() const;
  /// Datagrams so far that only the peer can have sent: the one that ended the handshake, and those with an authentic
  /// record after it.
  [[nodiscard]] std::uint64_t authentic_datagrams() const;
  /// RFC 5764 §4.2, from our side of the association. Only when connected.
  [[nodiscard]] std::optional<SrtpKeys> srtp_keys() const;

  /// IANA's name of the cipher suite; empty before the handshake is done.
  [[nodiscard]] const char* suite() const;
  /// Without the keys; nothing when there is no common one.
  [[nodiscard]] std::optional<SrtpProfile> srtp_profile() const;

  static constexpr std::size_t kLinkMtu = 1200;      // Bytes of a UDP payload; what libwebrtc uses.
  static constexpr std::size_t kMaxDataSize = 1163;  // kLinkMtu less record header, explicit nonce and GCM tag.

 private:
  class Association;
  static constexpr Duration kHandshakeLimit = std::chrono::seconds(30);

  void add_attempt();
  bool shake_hands(Instant now, ByteSpan datagram);
  void run_timers(Instant now);
  Association* attempt_for(Instant now, ByteSpan hello);
  void settle(Instant now);
  void end(DtlsFailure failure);
  void note_due();
  [[nodiscard]] bool is_over() const;

  // Given.
  const DtlsContext& context_;
  DtlsRole role_;
  Fingerprints expected_;

  // Owned: never empty; one, once the handshake is done.
  std::vector<std::unique_ptr<Association>> attempts_;

  // State.
  DtlsFailure failure_ = DtlsFailure::kNone;  // Of the last attempt that failed, or the final one.
  bool ended_ = false;
  Instant give_up_at_ = kNever;
  Instant mismatch_until_ = kNever;
  Instant restart_at_ = kNever;
  Instant due_ = kNever;  // The first of all these: asked for often, and seldom changed.
  Credit new_attempts_;
};

}  // namespace noir
