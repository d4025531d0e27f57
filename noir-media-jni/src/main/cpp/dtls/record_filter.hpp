#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "dtls/fingerprints.hpp"

namespace noir {

/// Looks at every DTLS record before OpenSSL does, and lets only those through that can belong to a sane association.
/// OpenSSL keeps up to 100 early records of 16 KiB and reassembles whatever is announced; it also ends a handshake at
/// an alert in clear text, which anybody can send, at a message that comes before the hello, and at another certificate
/// than the right one. What passes here is bounded in size, number and kind.
class RecordFilter {
 public:
  /// Records of the peer's role: a server never sees a ServerHello.
  explicit RecordFilter(bool peer_is_client) : peer_is_client_(peer_is_client) {}

  struct Verdict {
    bool dropped = false;             // Something was left out.
    bool old_handshake = false;       // After the handshake: the peer repeats its last flight in clear text.
    bool wrong_certificate = false;   // Left out: a certificate that is not the expected one.
    std::vector<std::uint8_t> bytes;  // What remains: a datagram of whole records, maybe empty.
  };

  [[nodiscard]] Verdict inspect(ByteSpan datagram, bool handshake_done);
  void expect_certificate(const Fingerprints& sha256) { expected_ = sha256; }

  static constexpr std::size_t kMaxDatagramSize = 2048;     // PacketBuffer holds less.
  static constexpr std::size_t kMaxMessageSize = 8192;      // A certificate of a browser is below 1500 bytes.
  static constexpr std::uint32_t kMaxMessageSeq = 15;       // A full handshake with cookie has at most 8 each way.
  static constexpr std::size_t kMaxHandshakeBytes = 65536;  // About 30 repetitions of a flight.
  static constexpr std::size_t kMaxEarlyRecords = 16;       // Finished that overtook the rest, to a client.

 private:
  [[nodiscard]] bool admits(ByteSpan record, bool handshake_done, Verdict& verdict);
  [[nodiscard]] bool admits_plaintext(std::uint8_t type, ByteSpan fragment, bool handshake_done, Verdict& verdict);
  [[nodiscard]] bool admits_protected(std::uint8_t type, bool handshake_done);
  [[nodiscard]] bool admits_messages(ByteSpan fragment, Verdict& verdict);
  [[nodiscard]] bool expects(std::uint8_t message_type) const;
  [[nodiscard]] bool is_wrong_certificate(ByteSpan body) const;

  const bool peer_is_client_;
  bool hello_seen_ = false;  // The client's.
  Fingerprints expected_;
  std::size_t handshake_bytes_ = 0;
  std::size_t early_records_ = 0;
};

/// What tells one ClientHello from another: version and random; empty when none begins in this datagram.
[[nodiscard]] ByteSpan find_client_hello(ByteSpan datagram);

}  // namespace noir
