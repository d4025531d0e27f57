#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/socket_address.hpp"
#include "stun/hmac_sha1.hpp"

namespace noir {

inline constexpr std::size_t kStunHeaderSize = 20;
inline constexpr std::uint32_t kStunMagicCookie = 0x2112A442;
inline constexpr std::uint16_t kStunBinding = 0x001;

using StunTransactionId = std::array<std::uint8_t, 12>;

enum class StunClass : std::uint8_t { kRequest = 0, kIndication = 1, kSuccess = 2, kError = 3 };

/// RFC 8489 §18.3, RFC 8445 §16.1.
enum class StunAttribute : std::uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kSoftware = 0x8022,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802A,
};

/// A parsed message; a view into the datagram it came from. Attributes after MESSAGE-INTEGRITY are ignored, but for
/// FINGERPRINT (RFC 8489 §14.5); of an attribute that stands twice the first counts (§14).
struct StunMessage {
  static constexpr std::size_t kMaxUnknown = 8;

  ByteSpan bytes;
  StunClass message_class = StunClass::kRequest;
  std::uint16_t method = 0;
  StunTransactionId transaction{};
  std::optional<std::string_view> username;
  std::optional<std::uint32_t> priority;
  std::optional<std::uint64_t> ice_controlled;   // Tie-breaker.
  std::optional<std::uint64_t> ice_controlling;  // Tie-breaker.
  std::optional<SocketAddress> xor_mapped_address;
  std::optional<std::uint16_t> error_code;
  std::size_t integrity_offset = 0;  // Of the MESSAGE-INTEGRITY attribute in `bytes`; 0 = none.
  bool use_candidate = false;
  bool has_fingerprint = false;                               // And it is right.
  std::array<std::uint16_t, kMaxUnknown> unknown_required{};  // Comprehension-required attributes we do not know.
  std::size_t unknown_required_count = 0;
};

/// RFC 7983: first byte 0–3; RFC 8489 §5: and the magic cookie.
[[nodiscard]] bool looks_like_stun(ByteSpan datagram);

/// `kMalformed` also when there is a FINGERPRINT and it is wrong.
[[nodiscard]] Result<StunMessage> parse_stun(ByteSpan datagram);

/// Whether MESSAGE-INTEGRITY is there and right, for the key's password (short-term credentials, RFC 8489 §9.1).
[[nodiscard]] bool verify_integrity(const StunMessage& message, HmacSha1& key);

/// "local:remote" in USERNAME of a request to us, seen from us (RFC 8445 §7.2.2); nothing when there is no colon.
[[nodiscard]] std::optional<std::string_view> username_local_ufrag(const StunMessage& message);
[[nodiscard]] std::optional<std::string_view> username_remote_ufrag(const StunMessage& message);

/// Builds one message into the caller's bytes; `finish` gives its size, or 0 when it did not fit.
class StunWriter {
 public:
  StunWriter(MutableByteSpan out, StunClass message_class, std::uint16_t method, const StunTransactionId& transaction);

  void attribute(StunAttribute type, ByteSpan value);
  void attribute_u32(StunAttribute type, std::uint32_t value);
  void attribute_u64(StunAttribute type, std::uint64_t value);
  void username(std::string_view value);
  void xor_mapped_address(const SocketAddress& address);
  void error_code(std::uint16_t code, std::string_view reason);
  void unknown_attributes(std::span<const std::uint16_t> types);
  void message_integrity(HmacSha1& key);
  /// Adds FINGERPRINT, which is always last.
  [[nodiscard]] std::size_t finish();

 private:
  void begin_attribute(StunAttribute type, std::size_t value_size);
  void pad(std::size_t value_size);
  void set_length(std::size_t extra);

  ByteWriter writer_;
  StunTransactionId transaction_;
};

}  // namespace noir
