#include "dtls/record_filter.hpp"

#include <openssl/sha.h>

#include "dtls/record.hpp"

namespace noir {

namespace {

enum ContentType : std::uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22, kApplicationData = 23 };

// RFC 5246 §7.4, RFC 6347 §4.3.2.
enum HandshakeType : std::uint8_t {
  kClientHello = 1,
  kServerHello = 2,
  kHelloVerifyRequest = 3,
  kCertificate = 11,
  kServerKeyExchange = 12,
  kCertificateRequest = 13,
  kServerHelloDone = 14,
  kCertificateVerify = 15,
  kClientKeyExchange = 16,
};

constexpr std::size_t kHelloStart = 2 + 32;  // Version and random.

bool is_dtls_version(std::uint16_t version) { return version == 0xFEFF || version == 0xFEFD; }

}  // namespace

RecordFilter::Verdict RecordFilter::inspect(ByteSpan datagram, bool handshake_done) {
  Verdict verdict;
  if (datagram.size() > kMaxDatagramSize) {
    verdict.dropped = true;
    return verdict;
  }
  for (ByteSpan record = take_record(datagram); !record.empty(); record = take_record(datagram)) {
    if (admits(record, handshake_done, verdict)) {
      verdict.bytes.insert(verdict.bytes.end(), record.begin(), record.end());
    } else {
      verdict.dropped = true;
    }
  }
  if (!datagram.empty()) verdict.dropped = true;
  return verdict;
}

bool RecordFilter::admits(ByteSpan record, bool handshake_done, Verdict& verdict) {
  ByteReader reader(record);
  const std::uint8_t type = reader.u8();
  const std::uint16_t version = reader.u16();
  const std::uint16_t epoch = reader.u16();
  if (!is_dtls_version(version)) return false;
  const ByteSpan fragment = record.subspan(kRecordHeaderSize);
  if (epoch == 0) return admits_plaintext(type, fragment, handshake_done, verdict);
  return epoch == 1 && admits_protected(type, handshake_done);  // Without renegotiation there is no epoch 2.
}

bool RecordFilter::admits_plaintext(std::uint8_t type, ByteSpan fragment, bool handshake_done, Verdict& verdict) {
  if (handshake_done) {
    verdict.old_handshake = verdict.old_handshake || type == kHandshake;
    return false;
  }
  if (type == kChangeCipherSpec) return fragment.size() == 1 && fragment[0] == 1 && (hello_seen_ || !peer_is_client_);
  if (type != kHandshake || !admits_messages(fragment, verdict)) return false;
  // What follows a client's hello is bounded where it is kept (ClientFlight).
  if (peer_is_client_ && fragment[0] != kClientHello) return true;
  handshake_bytes_ += kRecordHeaderSize + fragment.size();
  return handshake_bytes_ <= kMaxHandshakeBytes;
}

bool RecordFilter::admits_protected(std::uint8_t type, bool handshake_done) {
  if (handshake_done) return type == kAlert || type == kHandshake || type == kApplicationData;
  if (peer_is_client_ && !hello_seen_) return false;
  if (type != kHandshake) return false;
  return peer_is_client_ || ++early_records_ <= kMaxEarlyRecords;
}

bool RecordFilter::admits_messages(ByteSpan fragment, Verdict& verdict) {
  bool hello = false;
  ByteReader reader(fragment);
  do {
    const std::uint8_t type = reader.u8();
    const std::uint32_t length = reader.u24();
    const std::uint16_t message_seq = reader.u16();
    const std::uint32_t offset = reader.u24();
    const std::uint32_t size = reader.u24();
    if (!reader.ok() || !expects(type) || length > kMaxMessageSize || message_seq > kMaxMessageSeq) return false;
    if (offset > length || size > length - offset) return false;
    if (size == 0 && length != 0) return false;  // A fragment of nothing makes no progress.
    const ByteSpan body = reader.take(size);
    if (!reader.ok()) return false;
    if (type == kCertificate && size == length && is_wrong_certificate(body)) {
      verdict.wrong_certificate = true;
      return false;
    }
    hello = hello || type == kClientHello;
  } while (reader.remaining() > 0);
  hello_seen_ = hello_seen_ || hello;
  return true;
}

// RFC 5246 §7.4.2: the sender's own certificate is the first of the list.
bool RecordFilter::is_wrong_certificate(ByteSpan body) const {
  if (expected_.empty()) return false;
  ByteReader reader(body);
  reader.skip(3);
  const ByteSpan der = reader.take(reader.u24());
  Fingerprint seen{};
  SHA256(der.data(), der.size(), seen.data());
  return !reader.ok() || expected_.refuse(seen);
}

bool RecordFilter::expects(std::uint8_t message_type) const {
  switch (message_type) {
    case kClientHello:
      return peer_is_client_;
    case kCertificate:
      return !peer_is_client_ || hello_seen_;
    case kCertificateVerify:
    case kClientKeyExchange:
      return peer_is_client_ && hello_seen_;
    case kServerHello:
    case kHelloVerifyRequest:
    case kServerKeyExchange:
    case kCertificateRequest:
    case kServerHelloDone:
      return !peer_is_client_;
    default:
      return false;
  }
}

ByteSpan find_client_hello(ByteSpan datagram) {
  for (ByteSpan record = take_record(datagram); !record.empty(); record = take_record(datagram)) {
    ByteReader reader(record);
    const std::uint8_t type = reader.u8();
    reader.skip(2);
    const std::uint16_t epoch = reader.u16();
    reader.skip(8);
    if (type != kHandshake || epoch != 0 || reader.u8() != kClientHello) continue;
    reader.skip(5);
    const std::uint32_t offset = reader.u24();
    const std::uint32_t size = reader.u24();
    const ByteSpan start = reader.take(kHelloStart);
    if (reader.ok() && offset == 0 && size >= kHelloStart) return start;
  }
  return {};
}

}  // namespace noir
