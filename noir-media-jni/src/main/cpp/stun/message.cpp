#include "stun/message.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kFingerprintSize = kAttributeHeader + 4;
constexpr std::size_t kIntegritySize = kAttributeHeader + HmacSha1::kSize;
constexpr std::uint32_t kFingerprintXor = 0x5354554E;  // RFC 8489 §14.7: "STUN".
constexpr std::uint8_t kFamilyV4 = 1;
constexpr std::uint8_t kFamilyV6 = 2;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}

// CRC-32 of ITU V.42, as in Ethernet and zip.
std::uint32_t crc32(ByteSpan bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t c = 0xFFFFFFFFU;
  for (const std::uint8_t b : bytes) c = kTable[(c ^ b) & 0xFFU] ^ (c >> 8);
  return c ^ 0xFFFFFFFFU;
}

// RFC 8489 §5: the class is in bits 4 and 8 of the type, between the bits of the method.
constexpr std::uint16_t make_type(StunClass message_class, std::uint16_t method) {
  const auto c = static_cast<std::uint16_t>(message_class);
  const int type =
      (method & 0x000F) | ((method & 0x0070) << 1) | ((method & 0x0F80) << 2) | ((c & 1) << 4) | ((c & 2) << 7);
  return static_cast<std::uint16_t>(type);
}

constexpr StunClass class_of(std::uint16_t type) {
  return static_cast<StunClass>(((type >> 4) & 1) | ((type >> 7) & 2));
}

constexpr std::uint16_t method_of(std::uint16_t type) {
  return static_cast<std::uint16_t>((type & 0x000F) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0F80));
}

// RFC 8489 §14.2: XOR with the cookie and, for the last 12 bytes of IPv6, the transaction id.
std::array<std::uint8_t, 16> address_mask(const StunTransactionId& transaction) {
  std::array<std::uint8_t, 16> mask{};
  store_be32(mask.data(), kStunMagicCookie);
  std::copy(transaction.begin(), transaction.end(), mask.begin() + 4);
  return mask;
}

std::optional<SocketAddress> parse_xor_address(ByteSpan value, const StunTransactionId& transaction) {
  ByteReader reader(value);
  reader.skip(1);
  const std::uint8_t family = reader.u8();
  const auto port = static_cast<std::uint16_t>(reader.u16() ^ (kStunMagicCookie >> 16));
  const auto mask = address_mask(transaction);
  const auto ip = reader.take(family == kFamilyV6 ? 16 : 4);
  if (!reader.ok() || reader.remaining() != 0 || (family != kFamilyV4 && family != kFamilyV6)) return std::nullopt;
  std::array<std::uint8_t, 16> plain{};
  for (std::size_t i = 0; i < ip.size(); ++i) plain[i] = static_cast<std::uint8_t>(ip[i] ^ mask[i]);
  if (family == kFamilyV4) return SocketAddress::v4(plain[0], plain[1], plain[2], plain[3], port);
  SocketAddress address;
  address.ip = plain;
  address.port = port;
  return address;
}

// RFC 8489 §14.8: 21 reserved bits, class (hundreds), number.
std::optional<std::uint16_t> parse_error_code(ByteSpan value) {
  if (value.size() < 4) return std::nullopt;
  const int hundreds = value[2] & 0x07;
  if (hundreds < 3 || hundreds > 6 || value[3] > 99) return std::nullopt;
  return static_cast<std::uint16_t>(hundreds * 100 + value[3]);
}

template <typename T>
void set_first(std::optional<T>& field, T value) {
  if (!field) field = std::move(value);
}

void note_unknown(StunMessage& message, std::uint16_t type) {
  constexpr std::uint16_t kFirstOptional = 0x8000;
  if (type >= kFirstOptional || message.unknown_required_count == StunMessage::kMaxUnknown) return;
  message.unknown_required[message.unknown_required_count++] = type;
}

// False when the value is malformed.
bool read_attribute(StunMessage& message, std::uint16_t type, ByteSpan value) {
  constexpr std::size_t kMaxUsername = 513;  // RFC 8489 §14.3: fewer than 509 bytes; older texts allow 513.
  switch (static_cast<StunAttribute>(type)) {
    case StunAttribute::kUsername:
      if (value.size() > kMaxUsername) return false;
      set_first(message.username, as_text(value));
      return true;
    case StunAttribute::kPriority:
      if (value.size() != 4) return false;
      set_first(message.priority, load_be32(value.data()));
      return true;
    case StunAttribute::kUseCandidate:
      message.use_candidate = true;
      return value.empty();
    case StunAttribute::kIceControlled:
      if (value.size() != 8) return false;
      set_first(message.ice_controlled, load_be64(value.data()));
      return true;
    case StunAttribute::kIceControlling:
      if (value.size() != 8) return false;
      set_first(message.ice_controlling, load_be64(value.data()));
      return true;
    case StunAttribute::kXorMappedAddress: {
      const auto address = parse_xor_address(value, message.transaction);
      if (address) set_first(message.xor_mapped_address, *address);
      return address.has_value();
    }
    case StunAttribute::kErrorCode: {
      const auto code = parse_error_code(value);
      if (code) set_first(message.error_code, *code);
      return code.has_value();
    }
    case StunAttribute::kMappedAddress:
    case StunAttribute::kUnknownAttributes:
    case StunAttribute::kRealm:
    case StunAttribute::kNonce:
    case StunAttribute::kSoftware:
    case StunAttribute::kMessageIntegrity:
    case StunAttribute::kFingerprint:
      return true;
  }
  note_unknown(message, type);
  return true;
}

bool fingerprint_matches(ByteSpan before, ByteSpan value) {
  return value.size() == 4 && (crc32(before) ^ kFingerprintXor) == load_be32(value.data());
}

}  // namespace

bool looks_like_stun(ByteSpan datagram) {
  return datagram.size() >= kStunHeaderSize && datagram[0] <= 3 && load_be32(datagram.data() + 4) == kStunMagicCookie;
}

Result<StunMessage> parse_stun(ByteSpan datagram) {
  if (!looks_like_stun(datagram)) return ErrorCode::kMalformed;
  const std::size_t length = load_be16(datagram.data() + 2);
  if (length % 4 != 0 || kStunHeaderSize + length != datagram.size()) return ErrorCode::kMalformed;
  StunMessage message;
  message.bytes = datagram;
  const std::uint16_t type = load_be16(datagram.data());
  message.message_class = class_of(type);
  message.method = method_of(type);
  std::copy_n(datagram.begin() + 8, message.transaction.size(), message.transaction.begin());

  ByteReader reader(datagram);
  reader.skip(kStunHeaderSize);
  while (reader.remaining() > 0) {
    const std::size_t offset = reader.position();
    const std::uint16_t attribute = reader.u16();
    const std::size_t size = reader.u16();
    const auto value = reader.take(size);
    reader.skip((4 - size % 4) % 4);
    if (!reader.ok()) return ErrorCode::kMalformed;
    if (attribute == static_cast<std::uint16_t>(StunAttribute::kFingerprint)) {
      // RFC 8489 §14.7: the last attribute.
      if (reader.remaining() > 0 || !fingerprint_matches(datagram.first(offset), value)) return ErrorCode::kMalformed;
      message.has_fingerprint = true;
    } else if (message.integrity_offset != 0) {
      continue;
    } else if (attribute == static_cast<std::uint16_t>(StunAttribute::kMessageIntegrity)) {
      if (size != HmacSha1::kSize) return ErrorCode::kMalformed;
      message.integrity_offset = offset;
    } else if (!read_attribute(message, attribute, value)) {
      return ErrorCode::kMalformed;
    }
  }
  return message;
}

bool verify_integrity(const StunMessage& message, HmacSha1& key) {
  if (message.integrity_offset == 0) return false;
  // RFC 8489 §14.5: computed as if the message ended with MESSAGE-INTEGRITY.
  std::array<std::uint8_t, kStunHeaderSize> header{};
  std::copy_n(message.bytes.begin(), header.size(), header.begin());
  store_be16(header.data() + 2,
             static_cast<std::uint16_t>(message.integrity_offset + kIntegritySize - kStunHeaderSize));
  const auto attributes = message.bytes.subspan(kStunHeaderSize, message.integrity_offset - kStunHeaderSize);
  const auto tag = key.compute({header, attributes});
  return equal_constant_time(tag, message.bytes.subspan(message.integrity_offset + kAttributeHeader, tag.size()));
}

std::optional<std::string_view> username_local_ufrag(const StunMessage& message) {
  if (!message.username) return std::nullopt;
  const auto colon = message.username->find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return message.username->substr(0, colon);
}

std::optional<std::string_view> username_remote_ufrag(const StunMessage& message) {
  if (!message.username) return std::nullopt;
  const auto colon = message.username->find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return message.username->substr(colon + 1);
}

StunWriter::StunWriter(MutableByteSpan out, StunClass message_class, std::uint16_t method,
                       const StunTransactionId& transaction)
    : writer_(out), transaction_(transaction) {
  writer_.u16(make_type(message_class, method));
  writer_.u16(0);
  writer_.u32(kStunMagicCookie);
  writer_.bytes(transaction);
}

void StunWriter::begin_attribute(StunAttribute type, std::size_t value_size) {
  writer_.u16(static_cast<std::uint16_t>(type));
  writer_.u16(static_cast<std::uint16_t>(value_size));
}

void StunWriter::pad(std::size_t value_size) { writer_.zeros((4 - value_size % 4) % 4); }

// The length field says how long the message is going to be with `extra` more bytes.
void StunWriter::set_length(std::size_t extra) {
  if (!writer_.ok()) return;
  store_be16(writer_.written().data() + 2, static_cast<std::uint16_t>(writer_.size() + extra - kStunHeaderSize));
}

void StunWriter::attribute(StunAttribute type, ByteSpan value) {
  begin_attribute(type, value.size());
  writer_.bytes(value);
  pad(value.size());
}

void StunWriter::attribute_u32(StunAttribute type, std::uint32_t value) {
  begin_attribute(type, 4);
  writer_.u32(value);
}

void StunWriter::attribute_u64(StunAttribute type, std::uint64_t value) {
  begin_attribute(type, 8);
  writer_.u64(value);
}

void StunWriter::username(std::string_view value) {
  begin_attribute(StunAttribute::kUsername, value.size());
  writer_.text(value);
  pad(value.size());
}

void StunWriter::xor_mapped_address(const SocketAddress& address) {
  const auto mask = address_mask(transaction_);
  const bool v4 = address.is_v4();
  const auto ip = v4 ? ByteSpan(address.ip).last(4) : ByteSpan(address.ip);
  begin_attribute(StunAttribute::kXorMappedAddress, 4 + ip.size());
  writer_.u8(0);
  writer_.u8(v4 ? kFamilyV4 : kFamilyV6);
  writer_.u16(static_cast<std::uint16_t>(address.port ^ (kStunMagicCookie >> 16)));
  for (std::size_t i = 0; i < ip.size(); ++i) writer_.u8(static_cast<std::uint8_t>(ip[i] ^ mask[i]));
}

void StunWriter::error_code(std::uint16_t code, std::string_view reason) {
  begin_attribute(StunAttribute::kErrorCode, 4 + reason.size());
  writer_.u16(0);
  writer_.u8(static_cast<std::uint8_t>(code / 100));
  writer_.u8(static_cast<std::uint8_t>(code % 100));
  writer_.text(reason);
  pad(reason.size());
}

void StunWriter::unknown_attributes(std::span<const std::uint16_t> types) {
  begin_attribute(StunAttribute::kUnknownAttributes, 2 * types.size());
  for (const std::uint16_t type : types) writer_.u16(type);
  pad(2 * types.size());
}

void StunWriter::message_integrity(HmacSha1& key) {
  set_length(kIntegritySize);
  if (!writer_.ok()) return;
  const auto tag = key.compute({writer_.written()});
  attribute(StunAttribute::kMessageIntegrity, tag);
}

std::size_t StunWriter::finish() {
  set_length(kFingerprintSize);
  if (!writer_.ok()) return 0;
  const std::uint32_t crc = crc32(writer_.written());
  attribute_u32(StunAttribute::kFingerprint, crc ^ kFingerprintXor);
  return writer_.ok() ? writer_.size() : 0;
}

}  // namespace noir
