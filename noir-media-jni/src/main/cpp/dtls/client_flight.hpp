#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/credit.hpp"
#include "base/time.hpp"
#include "dtls/fingerprints.hpp"

namespace noir {

/// A fragment of a handshake message (RFC 6347 §4.2.2).
struct HandshakeFragment {
  std::uint8_t type = 0;
  std::uint32_t length = 0;  // Of the message.
  std::uint16_t message_seq = 0;
  std::uint32_t offset = 0;
  ByteSpan body;
};

/// What has come in answer to a server's flight: Certificate, ClientKeyExchange and CertificateVerify, until the last
/// shows that they are the client's. They come in clear text, from whoever knows an address; a TLS stack takes the
/// first of each and ends the handshake when they do not fit together. But only the client can sign all that was said
/// (RFC 5246 §7.4.8): our randoms, its certificate, its key exchange. Of what does not fit, some is kept, and tried
/// with what comes later.
/// Thread: loop.
class ClientFlight {
 public:
  static constexpr std::size_t kMaxPieces = 16;  // Of each message; the oldest goes.
  static constexpr std::size_t kMaxWhole = 4;    // Of each message: ways to put the pieces together.
  /// Signatures looked at: so many at once, then one every `kTryEvery`.
  static constexpr int kMaxTries = 16;
  static constexpr Duration kTryEvery = std::chrono::milliseconds(25);

  /// The ClientHello, whole, with a header as if it had come in one fragment.
  void note_hello(ByteSpan message) { said_.assign(message.begin(), message.end()); }
  /// Our flight, in datagrams.
  void note_flight(const std::vector<std::vector<std::uint8_t>>& datagrams);
  [[nodiscard]] bool is_awaited() const { return awaited_; }
  void expect_certificate(const Fingerprints& sha256) { expected_ = sha256; }

  /// One that is none of the three is left out.
  void add(const HandshakeFragment& fragment);
  /// Whether the three are there; from then on they are good.
  bool verify(Instant now);
  /// Whole messages with their headers, in their order.
  [[nodiscard]] std::span<const std::vector<std::uint8_t>> messages() const { return verified_; }
  [[nodiscard]] bool is_verified() const { return !verified_.empty(); }

 private:
  using Message = std::vector<std::uint8_t>;
  struct Piece {
    std::uint32_t length;
    std::uint32_t offset;
    std::vector<std::uint8_t> body;

    bool operator==(const Piece&) const = default;
  };

  [[nodiscard]] std::vector<Message> whole(std::size_t index) const;
  [[nodiscard]] bool fits(const Message& certificate, const Message& key_exchange, const Message& proof) const;

  std::vector<std::uint8_t> said_;  // The ClientHello and our flight.
  bool awaited_ = false;
  Fingerprints expected_;
  std::array<std::deque<Piece>, 3> pieces_;  // Newest last.
  std::vector<Message> verified_;
  Credit tries_{kMaxTries, kTryEvery};
};

}  // namespace noir
