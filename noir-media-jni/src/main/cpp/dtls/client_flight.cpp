#include "dtls/client_flight.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>

#include "dtls/openssl_ptr.hpp"
#include "dtls/record.hpp"

namespace noir {

namespace {

constexpr std::uint8_t kHandshake = 22;
constexpr std::size_t kMessageHeaderSize = 12;

// Without a cookie the hello has number 0, and these follow (RFC 5246 §7.3).
constexpr std::array<std::uint8_t, 3> kTypes{11, 16, 15};
constexpr std::uint16_t kFirstSeq = 1;

void append_header(std::vector<std::uint8_t>& out, std::uint8_t type, std::uint32_t length, std::uint16_t seq) {
  std::array<std::uint8_t, kMessageHeaderSize> header{};
  ByteWriter writer(header);
  writer.u8(type);
  writer.u24(length);
  writer.u16(seq);
  writer.u24(0);
  writer.u24(length);
  out.insert(out.end(), header.begin(), header.end());
}

// RFC 5246 §7.4.1.4.1 and RFC 8446 §4.2.3.
struct SignatureScheme {
  int key_type = EVP_PKEY_NONE;
  const EVP_MD* digest = nullptr;  // Null: the key's own.
  bool pss = false;
};

const EVP_MD* digest_of(std::uint8_t hash) {
  switch (hash) {
    case 4:
      return EVP_sha256();
    case 5:
      return EVP_sha384();
    case 6:
      return EVP_sha512();
    default:
      return nullptr;
  }
}

SignatureScheme scheme_of(std::uint16_t code) {
  switch (code) {
    case 0x0804:
    case 0x0805:
    case 0x0806:
      return {EVP_PKEY_RSA, digest_of(static_cast<std::uint8_t>(code & 0xFFU)), true};
    case 0x0809:
    case 0x080A:
    case 0x080B:
      return {EVP_PKEY_RSA_PSS, digest_of(static_cast<std::uint8_t>((code & 0xFFU) - 5)), true};
    case 0x0807:
      return {EVP_PKEY_ED25519, nullptr, false};
    case 0x0808:
      return {EVP_PKEY_ED448, nullptr, false};
    default:
      break;
  }
  const EVP_MD* digest = digest_of(static_cast<std::uint8_t>(code >> 8));
  if (digest == nullptr) return {};
  if ((code & 0xFFU) == 1) return {EVP_PKEY_RSA, digest, false};
  if ((code & 0xFFU) == 3) return {EVP_PKEY_EC, digest, false};
  return {};
}

// RFC 5246 §7.4.2: the sender's own certificate is the first of the list.
ByteSpan first_certificate(ByteSpan body) {
  ByteReader reader(body);
  reader.skip(3);
  const ByteSpan der = reader.take(reader.u24());
  return reader.ok() ? der : ByteSpan{};
}

bool is_signed(ByteSpan text, ByteSpan der, ByteSpan proof) {
  ByteReader reader(proof);
  const SignatureScheme scheme = scheme_of(reader.u16());
  const ByteSpan signature = reader.take(reader.u16());
  const std::uint8_t* p = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &p, static_cast<long>(der.size())));
  EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  if (!reader.ok() || key == nullptr || EVP_PKEY_get_base_id(key) != scheme.key_type) return false;
  const EvpMdContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &options, scheme.digest, nullptr, key) != 1) return false;
  if (scheme.pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                     EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

}  // namespace

// RFC 6347 §4.2.6: hashed are the messages as if each had come in one fragment. Ours follow one another as they are.
void ClientFlight::note_flight(const std::vector<std::vector<std::uint8_t>>& datagrams) {
  awaited_ = true;
  for (ByteSpan datagram : datagrams) {
    for (ByteSpan record = take_record(datagram); !record.empty(); record = take_record(datagram)) {
      if (record[0] != kHandshake) continue;
      ByteReader reader(record.subspan(kRecordHeaderSize));
      while (reader.remaining() >= kMessageHeaderSize) {
        const std::uint8_t type = reader.u8();
        const std::uint32_t length = reader.u24();
        const std::uint16_t seq = reader.u16();
        if (reader.u24() == 0) append_header(said_, type, length, seq);
        const ByteSpan body = reader.take(reader.u24());
        said_.insert(said_.end(), body.begin(), body.end());
      }
    }
  }
}

void ClientFlight::add(const HandshakeFragment& fragment) {
  const auto type = std::find(kTypes.begin(), kTypes.end(), fragment.type);
  const auto index = static_cast<std::size_t>(type - kTypes.begin());
  if (type == kTypes.end() || fragment.message_seq != kFirstSeq + index || is_verified()) return;
  auto& pieces = pieces_.at(index);
  Piece piece{fragment.length, fragment.offset, {fragment.body.begin(), fragment.body.end()}};
  std::erase(pieces, piece);
  pieces.push_back(std::move(piece));
  if (pieces.size() > kMaxPieces) pieces.pop_front();
}

// What the pieces can be put together to, the newest first. One sender's pieces follow one another exactly.
std::vector<ClientFlight::Message> ClientFlight::whole(std::size_t index) const {
  struct Part {
    std::uint32_t length;
    std::vector<std::uint8_t> bytes;
  };
  const auto& pieces = pieces_.at(index);
  std::vector<Message> result;
  std::vector<Part> parts;
  for (const Piece& piece : pieces) {
    if (piece.offset == 0) parts.push_back({piece.length, piece.body});
  }
  for (std::size_t steps = 0; !parts.empty() && result.size() < kMaxWhole && steps < kMaxPieces * kMaxWhole; ++steps) {
    const Part part = std::move(parts.back());
    parts.pop_back();
    if (part.bytes.size() == part.length) {
      Message& message = result.emplace_back();
      append_header(message, kTypes.at(index), part.length, static_cast<std::uint16_t>(kFirstSeq + index));
      message.insert(message.end(), part.bytes.begin(), part.bytes.end());
      continue;
    }
    for (const Piece& piece : pieces) {
      if (piece.offset == 0 || piece.offset != part.bytes.size() || piece.length != part.length) continue;
      Part& longer = parts.emplace_back(part);
      longer.bytes.insert(longer.bytes.end(), piece.body.begin(), piece.body.end());
    }
  }
  return result;
}

bool ClientFlight::fits(const Message& certificate, const Message& key_exchange, const Message& proof) const {
  const auto body = [](const Message& message) { return ByteSpan(message).subspan(kMessageHeaderSize); };
  const ByteSpan der = first_certificate(body(certificate));
  std::vector<std::uint8_t> text = said_;
  text.insert(text.end(), certificate.begin(), certificate.end());
  text.insert(text.end(), key_exchange.begin(), key_exchange.end());
  return is_signed(text, der, body(proof));
}

bool ClientFlight::verify(Instant now) {
  if (is_verified()) return true;
  if (!awaited_ || std::any_of(pieces_.begin(), pieces_.end(), [](const auto& p) { return p.empty(); })) return false;
  const std::vector<Message> key_exchanges = whole(1);
  const std::vector<Message> proofs = whole(2);
  for (const Message& certificate : whole(0)) {
    const ByteSpan der = first_certificate(ByteSpan(certificate).subspan(kMessageHeaderSize));
    Fingerprint seen{};
    SHA256(der.data(), der.size(), seen.data());
    if (expected_.refuse(seen)) continue;
    for (const Message& key_exchange : key_exchanges) {
      for (const Message& proof : proofs) {
        if (!tries_.take(now)) return false;
        if (!fits(certificate, key_exchange, proof)) continue;
        verified_ = {certificate, key_exchange, proof};
        pieces_ = {};
        return true;
      }
    }
  }
  return false;
}

}  // namespace noir
