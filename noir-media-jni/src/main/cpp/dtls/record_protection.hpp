#pragma once

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "srtp/replay_window.hpp"

namespace noir {

/// The record layer of a DTLS 1.2 association after its handshake (RFC 6347 §4.1, RFC 5288): AES-GCM by OpenSSL, the
/// framing by us. OpenSSL's own record layer cannot be had without the rest of the SSL object, 40 KB of it.
/// See docs/adr/0017.
class RecordProtection {
 public:
  enum ContentType : std::uint8_t { kAlert = 21, kHandshake = 22, kApplicationData = 23 };

  struct Record {
    std::uint8_t type = 0;
    std::vector<std::uint8_t> content;
  };

  /// From a finished handshake. `last_flight` is what `ssl` has sent with these keys already: numbers and nonces go on
  /// from there. Nothing when the suite is not one of ours.
  static std::optional<RecordProtection> take_over(SSL& ssl, bool is_client,
                                                   std::span<const std::vector<std::uint8_t>> last_flight);
  RecordProtection(RecordProtection&&) noexcept = default;
  RecordProtection& operator=(RecordProtection&&) noexcept = default;
  RecordProtection(const RecordProtection&) = delete;
  RecordProtection& operator=(const RecordProtection&) = delete;
  ~RecordProtection();

  /// IANA's name of the cipher suite.
  [[nodiscard]] const char* suite() const { return suite_; }
  /// A whole record; empty when OpenSSL refuses or all numbers have been used.
  [[nodiscard]] std::vector<std::uint8_t> seal(ContentType type, ByteSpan content);
  /// Of one whole record of epoch 1; nothing when it is forged or a replay.
  [[nodiscard]] std::optional<Record> open(ByteSpan record);

 private:
  static constexpr std::size_t kSaltSize = 4;
  static constexpr std::size_t kMaxKeySize = 32;

  struct Keys {
    std::array<std::uint8_t, kMaxKeySize> key{};
    std::array<std::uint8_t, kSaltSize> salt{};
  };

  RecordProtection() = default;
  bool derive_keys(SSL& ssl, bool is_client);
  bool note_sent(ByteSpan datagram);

  // State.
  const char* suite_ = "";  // OpenSSL's, static.
  std::size_t key_size_ = 0;
  Keys local_;
  Keys remote_;
  std::uint64_t next_sequence_ = 0;  // 48 bits.
  std::uint64_t next_nonce_ = 0;     // The explicit part; OpenSSL begins it at random.
  ReplayWindow<64> received_;        // RFC 6347 §4.1.2.6.
};

}  // namespace noir
