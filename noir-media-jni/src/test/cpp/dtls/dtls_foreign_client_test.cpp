#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "dtls/datagram_bio.hpp"
#include "dtls/dtls_pair.hpp"
#include "dtls/openssl_ptr.hpp"

namespace noir {
namespace {

constexpr std::size_t kRecordHeaderSize = 13;

/// A client that is not our `DtlsTransport`: what a browser may do and we never would.
class ForeignClient {
 public:
  explicit ForeignClient(long mtu) : context_(SSL_CTX_new(DTLS_client_method())) {
    const Certificate& certificate = client_certificate();
    const std::uint8_t* p = certificate.private_key_der().data();
    const EvpKeyPtr key(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(certificate.private_key_der().size())));
    EXPECT_EQ(SSL_CTX_use_certificate_ASN1(context_.get(), static_cast<int>(certificate.der().size()),
                                           certificate.der().data()),
              1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
    EXPECT_EQ(SSL_CTX_set_tlsext_use_srtp(context_.get(), "SRTP_AES128_CM_SHA1_80"), 0);
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_QUERY_MTU);
    ssl_.reset(SSL_new(context_.get()));
    BIO* bio = new_datagram_bio(port_);
    SSL_set_bio(ssl_.get(), bio, bio);
    (void)SSL_set_mtu(ssl_.get(), mtu);
    SSL_set_connect_state(ssl_.get());
  }
  /// Makes the ClientHello about `size` bytes longer, as post-quantum key shares do.
  void swell(std::size_t size) {
    std::string protocols;
    while (protocols.size() < size) protocols += '\x40' + std::string(0x40, 'p');
    (void)SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const std::uint8_t*>(protocols.data()),
                              static_cast<unsigned>(protocols.size()));
  }
  /// A self-signed certificate of another kind; gives its fingerprint.
  Fingerprint use_key(std::string_view kind) {
    const EvpKeyPtr key(make_key(kind));
    const X509Ptr certificate(X509_new());
    (void)X509_set_version(certificate.get(), X509_VERSION_3);
    (void)X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    (void)X509_set_pubkey(certificate.get(), key.get());
    const EVP_MD* digest = kind == "ED25519" ? nullptr : EVP_sha256();
    EXPECT_GT(X509_sign(certificate.get(), key.get(), digest), 0) << kind;
    EXPECT_EQ(SSL_use_certificate(ssl_.get(), certificate.get()), 1) << kind;
    EXPECT_EQ(SSL_use_PrivateKey(ssl_.get(), key.get()), 1) << kind;
    Fingerprint fingerprint{};
    (void)X509_digest(certificate.get(), EVP_sha256(), fingerprint.data(), nullptr);
    return fingerprint;
  }
  bool step() {
    const int result = SSL_do_handshake(ssl_.get());
    ERR_clear_error();
    return result == 1;
  }
  /// Instead of what OpenSSL offers by itself.
  void offer(const char* suite) { EXPECT_EQ(SSL_set_cipher_list(ssl_.get(), suite), 1); }
  void send(const Bytes& data) {
    EXPECT_EQ(SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size())), static_cast<int>(data.size()));
  }
  /// What the server's `datagram` held; empty when OpenSSL does not accept it.
  Bytes read(const Bytes& datagram) {
    port_.incoming = datagram;
    Bytes data(2048);
    const int size = SSL_read(ssl_.get(), data.data(), static_cast<int>(data.size()));
    ERR_clear_error();
    port_.incoming = {};
    data.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return data;
  }
  [[nodiscard]] bool was_told_goodbye() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  void say_goodbye() { (void)SSL_shutdown(ssl_.get()); }
  /// The next flight comes twice, the second time in new records, as when no answer has come.
  void repeat_next_flight() {
    DTLS_set_timer_cb(ssl_.get(), [](SSL*, unsigned int previous_us) { return previous_us == 0 ? 1U : 0x7FFF'FFFFU; });
  }
  std::vector<Bytes> take_datagrams() { return std::exchange(port_.outgoing, {}); }
  void give(const Bytes& datagram) {
    port_.incoming = datagram;
    (void)step();
    port_.incoming = {};
  }

 private:
  static EVP_PKEY* make_key(std::string_view kind) {
    if (kind == "RSA") return EVP_RSA_gen(2048);
    if (kind == "ED25519") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", std::string(kind).c_str());
  }

  SslContextPtr context_;
  DatagramPort port_;
  SslPtr ssl_;
};

/// `change` may reorder, merge or repeat what the client sends at once; gives how many datagrams its first flight had.
std::size_t shake_hands(
    ForeignClient& client, DtlsTransport& server,
    const std::function<void(std::vector<Bytes>&)>& change = [](std::vector<Bytes>&) {}) {
  std::size_t first_flight = 0;
  for (int turn = 0; turn < 6; ++turn) {
    (void)client.step();
    auto datagrams = client.take_datagrams();
    if (turn == 0) first_flight = datagrams.size();
    change(datagrams);
    for (const Bytes& datagram : datagrams) (void)server.handle_datagram(Instant{}, datagram);
    Bytes answer;
    while (server.poll_transmit(answer)) client.give(answer);
  }
  return first_flight;
}

class DtlsForeignClientTest : public ::testing::Test {
 protected:
  DtlsForeignClientTest() { pair_.set_right_fingerprints(); }
  DtlsPair pair_;
};

// Chromium's ClientHello with ML-KEM does not fit into one datagram.
TEST_F(DtlsForeignClientTest, ClientHelloMayComeInFragments) {
  ForeignClient client(1200);
  client.swell(2500);
  EXPECT_GE(shake_hands(client, pair_.server), 3U);
  EXPECT_EQ(pair_.server.state(), DtlsState::kConnected);
}

TEST_F(DtlsForeignClientTest, FragmentsMayComeInAnyOrder) {
  ForeignClient client(400);
  client.swell(2500);
  const std::size_t fragments = shake_hands(client, pair_.server, [turn = 0](auto& flight) mutable {
    // Only the ClientHello: a reordered ChangeCipherSpec costs a repetition, which this client's clock is too slow for.
    if (turn++ == 0) std::reverse(flight.begin(), flight.end());
  });
  EXPECT_GE(fragments, 7U);
  EXPECT_EQ(pair_.server.state(), DtlsState::kConnected);
}

TEST_F(DtlsForeignClientTest, FragmentsMayComeTwice) {
  ForeignClient client(400);
  client.swell(1000);
  (void)shake_hands(client, pair_.server, [](auto& flight) {
    const auto copy = flight;
    flight.insert(flight.begin(), copy.begin(), copy.end());
  });
  EXPECT_EQ(pair_.server.state(), DtlsState::kConnected);
}

// Any kind of certificate that we take, in as many pieces as its path wants.
TEST_F(DtlsForeignClientTest, ItsSignatureMayBeOfAnyKind) {
  for (const char* kind : {"RSA", "P-256", "P-384", "ED25519"}) {
    for (const long mtu : {1200L, 300L}) {
      DtlsPair pair;
      ForeignClient client(mtu);
      pair.server.set_remote_fingerprints(client.use_key(kind));
      (void)shake_hands(client, pair.server);
      EXPECT_EQ(pair.server.state(), DtlsState::kConnected) << kind << " " << mtu;
    }
  }
}

// BoringSSL puts several messages into one record (RFC 6347 §4.2.3).
TEST_F(DtlsForeignClientTest, SeveralMessagesMayShareARecord) {
  ForeignClient client(1200);
  std::size_t merged = 0;
  (void)shake_hands(client, pair_.server, [&](auto& flight) {
    for (Bytes& datagram : flight) {
      if (datagram.size() < 2 * kRecordHeaderSize || datagram[0] != 22 || datagram[kRecordHeaderSize] == 1) continue;
      Bytes record(datagram.begin(), datagram.begin() + kRecordHeaderSize);
      std::size_t at = 0;
      while (at < datagram.size() && datagram[at] == 22 && datagram[at + 4] == 0) {
        const auto first = datagram.begin() + static_cast<std::ptrdiff_t>(at + kRecordHeaderSize);
        const std::size_t size = load_be16(datagram.data() + at + 11);
        record.insert(record.end(), first, first + static_cast<std::ptrdiff_t>(size));
        at += kRecordHeaderSize + size;
        ++merged;
      }
      store_be16(record.data() + 11, static_cast<std::uint16_t>(record.size() - kRecordHeaderSize));
      record.insert(record.end(), datagram.begin() + static_cast<std::ptrdiff_t>(at), datagram.end());
      datagram = record;
    }
  });
  EXPECT_GE(merged, 3U);
  EXPECT_EQ(pair_.server.state(), DtlsState::kConnected);
}

// After the handshake our record layer talks to OpenSSL's.
TEST_F(DtlsForeignClientTest, DataFlowsBothWaysWithEverySuite) {
  for (const auto* suite : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"}) {
    DtlsPair pair;
    pair.set_right_fingerprints();
    ForeignClient client(1200);
    client.offer(suite);
    (void)shake_hands(client, pair.server);
    ASSERT_EQ(pair.server.state(), DtlsState::kConnected) << suite;
    for (const std::size_t size : {std::size_t{1}, std::size_t{16}, std::size_t{1000}, DtlsTransport::kMaxDataSize}) {
      const Bytes data(size, static_cast<std::uint8_t>(size));
      client.send(data);
      for (const Bytes& datagram : client.take_datagrams()) EXPECT_TRUE(pair.server.handle_datagram({}, datagram));
      Bytes got;
      ASSERT_TRUE(pair.server.poll_data(got));
      EXPECT_EQ(got, data);
      ASSERT_TRUE(pair.server.send_data(data).ok());
      Bytes datagram;
      ASSERT_TRUE(pair.server.poll_transmit(datagram));
      EXPECT_EQ(client.read(datagram), data);
    }
  }
}

// RFC 5288 §3: a nonce that is used twice gives the key away.
TEST_F(DtlsForeignClientTest, NumbersAndNoncesGoOnFromTheHandshake) {
  ForeignClient client(1200);
  Bytes last;
  for (int turn = 0; turn < 6 && pair_.server.state() != DtlsState::kConnected; ++turn) {
    (void)client.step();
    for (const Bytes& datagram : client.take_datagrams()) (void)pair_.server.handle_datagram({}, datagram);
    while (pair_.server.poll_transmit(last)) client.give(last);
  }
  ASSERT_EQ(pair_.server.state(), DtlsState::kConnected);
  // Our Finished is the only record of epoch 1 so far, at the end of the flight: 12 + 12 bytes between nonce and tag.
  const std::size_t finished = last.size() - (kRecordHeaderSize + 8 + 24 + 16);
  ASSERT_EQ(load_be64(last.data() + finished + 3), std::uint64_t{1} << 48);
  const std::uint64_t nonce = load_be64(last.data() + finished + kRecordHeaderSize);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(pair_.server.send_data(text("x")).ok());
    Bytes datagram;
    ASSERT_TRUE(pair_.server.poll_transmit(datagram));
    EXPECT_EQ(load_be64(datagram.data() + 3), (std::uint64_t{1} << 48) + i);
    EXPECT_EQ(load_be64(datagram.data() + kRecordHeaderSize), nonce + i);
  }
}

// RFC 6347 §4.2.4: here only the Finished of the repeated flight arrives, in a record of its own number.
TEST_F(DtlsForeignClientTest, FinishedInANewRecordIsAnsweredWithTheLastFlight) {
  ForeignClient client(1200);
  DtlsTransport& server = pair_.server;
  (void)client.step();
  for (const Bytes& datagram : client.take_datagrams()) (void)server.handle_datagram({}, datagram);
  client.repeat_next_flight();
  Bytes datagram;
  while (server.poll_transmit(datagram)) client.give(datagram);
  std::vector<Bytes> finished;
  for (const Bytes& flight : client.take_datagrams()) {
    if (server.state() != DtlsState::kConnected) {
      EXPECT_TRUE(server.handle_datagram({}, flight));
    }
    for (ByteSpan rest = flight; !rest.empty();) {
      const std::size_t size = kRecordHeaderSize + load_be16(rest.data() + 11);
      if (load_be16(rest.data() + 3) == 1) finished.emplace_back(rest.begin(), rest.begin() + static_cast<int>(size));
      rest = rest.subspan(size);
    }
  }
  ASSERT_EQ(server.state(), DtlsState::kConnected);
  while (server.poll_transmit(datagram)) {
  }  // The answer is lost.
  ASSERT_EQ(finished.size(), 2U);
  EXPECT_TRUE(server.handle_datagram(Instant(std::chrono::seconds(1)), finished[1]));
  ASSERT_FALSE(client.step());
  while (server.poll_transmit(datagram)) client.give(datagram);
  EXPECT_TRUE(client.step());
}

TEST_F(DtlsForeignClientTest, BothSidesCanSayGoodbye) {
  ForeignClient client(1200);
  (void)shake_hands(client, pair_.server);
  client.say_goodbye();
  for (const Bytes& datagram : client.take_datagrams()) (void)pair_.server.handle_datagram({}, datagram);
  EXPECT_EQ(pair_.server.state(), DtlsState::kClosed);
  Bytes answer;
  ASSERT_TRUE(pair_.server.poll_transmit(answer));
  (void)client.read(answer);
  EXPECT_TRUE(client.was_told_goodbye());
}

}  // namespace
}  // namespace noir
