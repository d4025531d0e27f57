#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "dtls/certificate.hpp"
#include "dtls/dtls_context.hpp"
#include "srtp/srtp_keys.hpp"

namespace noir {

enum class DtlsRole : std::uint8_t { kServer, kClient };

enum class DtlsState : std::uint8_t { kNew, kHandshaking, kConnected, kFailed, kClosed };

/// Why a transport is `kFailed`.
enum class DtlsFailure : std::uint8_t { kNone, kHandshake, kFingerprintMismatch, kTimeout };

/// One DTLS 1.2 association, datagrams in and datagrams out.
///
///                  | first datagram | handshake done and | wrong       | error, or  | close_notify
///                  | or start()     | fingerprint right  | fingerprint | 30 s over  | or close()
///   ---------------+----------------+--------------------+-------------+------------+--------------
///   kNew           | kHandshaking   |                    |             |            | kClosed
///   kHandshaking   |                | kConnected         | kFailed     | kFailed    | kClosed
///   kConnected     |                |                    |             | kFailed    | kClosed
///   kFailed        |                |                    |             |            |
///   kClosed        |                |                    |             |            |
///
/// The remote fingerprint may become known during the handshake or after its last flight; until then the state is
/// kHandshaking and application data is thrown away. After any input: drain `poll_transmit` and `poll_data`.
/// Thread: loop.
class DtlsTransport {
 public:
  /// `context` must outlive the transport.
  DtlsTransport(const DtlsContext& context, DtlsRole role);
  ~DtlsTransport();
  DtlsTransport(const DtlsTransport&) = delete;
  DtlsTransport& operator=(const DtlsTransport&) = delete;

  /// What signalling promised. The first call counts: the certificate of an association does not change.
  void set_remote_fingerprint(const Fingerprint& sha256);
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
  [[nodiscard]] Instant next_timeout() const;

  [[nodiscard]] DtlsState state() const;
  [[nodiscard]] DtlsFailure failure() const;
  /// Both Finished were right; says nothing about the fingerprint.
  [[nodiscard]] bool handshake_done() const;
  /// Datagrams so far that only the peer can have sent: the one that ended the handshake, and those with an authentic
  /// record after it.
  [[nodiscard]] std::uint64_t authentic_datagrams() const;
  /// RFC 5764 §4.2, from our side of the association. Only when connected.
  [[nodiscard]] std::optional<SrtpKeys> srtp_keys() const;

  static constexpr std::size_t kLinkMtu = 1200;      // Bytes of a UDP payload; what libwebrtc uses.
  static constexpr std::size_t kMaxDataSize = 1163;  // kLinkMtu less record header, explicit nonce and GCM tag.

 private:
  class Association;
  std::unique_ptr<Association> association_;  // Owned.
};

}  // namespace noir
