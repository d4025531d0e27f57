#include <gtest/gtest.h>
#include <openssl/err.h>

#include <random>

#include "dtls/datagram_bio.hpp"
#include "dtls/dtls_pair.hpp"
#include "dtls/handshake_bytes.hpp"
#include "dtls/openssl_ptr.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Fingerprint wrong(Fingerprint fingerprint) {
  fingerprint.back() = static_cast<std::uint8_t>(fingerprint.back() ^ 1);
  return fingerprint;
}

TEST(DtlsSecurityTest, WrongClientFingerprintFailsTheHandshake) {
  DtlsPair pair;
  pair.client.set_remote_fingerprints(server_certificate().sha256());
  pair.server.set_remote_fingerprints(wrong(client_certificate().sha256()));
  EXPECT_FALSE(pair.connect());
  EXPECT_EQ(pair.server.state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kFingerprintMismatch);
  EXPECT_FALSE(pair.server.srtp_keys());
}

TEST(DtlsSecurityTest, WrongFingerprintThatComesLateDeliversNothing) {
  DtlsPair pair;
  pair.client.set_remote_fingerprints(server_certificate().sha256());
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] { return pair.client.state() == DtlsState::kConnected; }));
  for (int i = 0; i < 10; ++i) (void)pair.client.send_data(text("let me in"));
  pair.run_for(seconds(1));
  pair.server.set_remote_fingerprints(wrong(client_certificate().sha256()));
  EXPECT_EQ(pair.server.state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kFingerprintMismatch);
  (void)pair.client.send_data(text("let me in"));
  pair.run_for(seconds(1));
  EXPECT_TRUE(pair.server_got.empty());
  EXPECT_FALSE(pair.server.srtp_keys());
  EXPECT_EQ(pair.client.state(), DtlsState::kClosed);  // It was told so.
}

TEST(DtlsSecurityTest, WrongServerFingerprintFailsTheClient) {
  DtlsPair pair;
  pair.client.set_remote_fingerprints(wrong(server_certificate().sha256()));
  pair.server.set_remote_fingerprints(client_certificate().sha256());
  EXPECT_FALSE(pair.connect());
  EXPECT_EQ(pair.client.failure(), DtlsFailure::kFingerprintMismatch);
  EXPECT_NE(pair.server.state(), DtlsState::kConnected);
}

// RFC 8122 §5: a peer with several certificates names them all.
TEST(DtlsSecurityTest, OneOfSeveralFingerprintsIsEnough) {
  const Fingerprint right = client_certificate().sha256();
  Fingerprint other = wrong(right);
  other[0] = static_cast<std::uint8_t>(other[0] ^ 1);
  DtlsPair pair;
  pair.client.set_remote_fingerprints(
      Fingerprints({other, wrong(server_certificate().sha256()), server_certificate().sha256()}));
  pair.server.set_remote_fingerprints(Fingerprints({wrong(right), right, other}));
  EXPECT_TRUE(pair.connect());

  DtlsPair strangers;
  strangers.client.set_remote_fingerprints(server_certificate().sha256());
  strangers.server.set_remote_fingerprints(Fingerprints({wrong(right), other}));
  EXPECT_FALSE(strangers.connect());
  EXPECT_EQ(strangers.server.failure(), DtlsFailure::kFingerprintMismatch);
}

TEST(DtlsSecurityTest, FirstFingerprintStays) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  pair.server.set_remote_fingerprints(wrong(client_certificate().sha256()));
  EXPECT_TRUE(pair.connect());
}

TEST(DtlsSecurityTest, ClientWithoutCertificateIsRefused) {
  const SslContextPtr context(SSL_CTX_new(DTLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  DatagramPort port;
  const SslPtr anonymous(SSL_new(context.get()));
  BIO* bio = new_datagram_bio(port);
  SSL_set_bio(anonymous.get(), bio, bio);
  SSL_set_options(anonymous.get(), SSL_OP_NO_QUERY_MTU);
  (void)SSL_set_mtu(anonymous.get(), 1200);
  SSL_set_connect_state(anonymous.get());

  DtlsPair pair;
  pair.set_right_fingerprints();
  for (int turn = 0; turn < 5; ++turn) {
    (void)SSL_do_handshake(anonymous.get());
    for (const auto& datagram : port.outgoing) (void)pair.server.handle_datagram(pair.now, datagram);
    port.outgoing.clear();
    Bytes answer;
    while (pair.server.poll_transmit(answer)) {
      port.incoming = answer;
      (void)SSL_do_handshake(anonymous.get());
    }
  }
  ERR_clear_error();
  pair.run_for(seconds(31));
  EXPECT_EQ(pair.server.state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kFingerprintMismatch);
}

TEST(DtlsSecurityTest, OldProtocolVersionIsRefused) {
  const SslContextPtr context(SSL_CTX_new(DTLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), DTLS1_VERSION);
  DatagramPort port;
  const SslPtr old(SSL_new(context.get()));
  BIO* bio = new_datagram_bio(port);
  SSL_set_bio(old.get(), bio, bio);
  SSL_set_options(old.get(), SSL_OP_NO_QUERY_MTU);
  (void)SSL_set_mtu(old.get(), 1200);
  (void)SSL_connect(old.get());
  ERR_clear_error();
  ASSERT_FALSE(port.outgoing.empty());

  DtlsPair pair;
  (void)pair.server.handle_datagram(pair.now, port.outgoing[0]);
  EXPECT_EQ(pair.server.state(), DtlsState::kHandshaking);
  pair.run_for(seconds(31));
  EXPECT_EQ(pair.server.state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kHandshake);
}

TEST(DtlsSecurityTest, AlertsInClearTextTearNothingDown) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  const Bytes fatal = record(21, 0, {2, 40});
  const Bytes close_notify = record(21, 0, {1, 0});
  pair.on_client_datagram = [&](Bytes&) {
    EXPECT_FALSE(pair.server.handle_datagram(pair.now, fatal));
    EXPECT_FALSE(pair.server.handle_datagram(pair.now, close_notify));
  };
  ASSERT_TRUE(pair.connect());
  EXPECT_FALSE(pair.server.handle_datagram(pair.now, fatal));
  EXPECT_FALSE(pair.server.handle_datagram(pair.now, close_notify));
  (void)pair.server.handle_datagram(pair.now, record(21, 1, Bytes(26, 0x55)));  // Protected, they say.
  ASSERT_TRUE(pair.client.send_data(text("still here")).ok());
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.server_got, std::vector<Bytes>{text("still here")});
}

TEST(DtlsSecurityTest, ReplayedDataIsDeliveredOnce) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  Bytes captured;
  pair.on_client_datagram = [&](Bytes& datagram) { captured = datagram; };
  ASSERT_TRUE(pair.client.send_data(text("once")).ok());
  pair.run_for(seconds(1));
  for (int i = 0; i < 5; ++i) (void)pair.server.handle_datagram(pair.now, captured);
  captured.back() = static_cast<std::uint8_t>(captured.back() ^ 1);
  (void)pair.server.handle_datagram(pair.now, captured);
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.server_got, std::vector<Bytes>{text("once")});
}

TEST(DtlsSecurityTest, GarbageIsDroppedInEveryState) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  std::mt19937_64 random(7);
  const auto throw_garbage = [&] {
    for (int i = 0; i < 50; ++i) {
      Bytes garbage(std::uniform_int_distribution<std::size_t>(0, 1500)(random));
      for (auto& b : garbage) b = static_cast<std::uint8_t>(random());
      if (!garbage.empty()) garbage[0] = static_cast<std::uint8_t>(20 + random() % 44);
      (void)pair.server.handle_datagram(pair.now, garbage);
      (void)pair.client.handle_datagram(pair.now, garbage);
    }
  };
  throw_garbage();
  EXPECT_EQ(pair.server.state(), DtlsState::kNew);
  pair.on_client_datagram = [&](Bytes&) { throw_garbage(); };
  ASSERT_TRUE(pair.connect());
  throw_garbage();
  EXPECT_EQ(pair.server.state(), DtlsState::kConnected);
}

TEST(DtlsSecurityTest, MutatedHandshakesNeverConnectAStranger) {
  std::mt19937_64 random(11);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    DtlsPair pair(seed);
    pair.set_right_fingerprints();
    pair.on_client_datagram = [&](Bytes& datagram) {
      const std::size_t at = random() % datagram.size();
      datagram[at] = static_cast<std::uint8_t>(random());
    };
    pair.client.start(pair.now);
    (void)pair.run_until([&] { return pair.server.state() == DtlsState::kFailed; }, seconds(2));
    if (pair.server.state() == DtlsState::kConnected && pair.client.state() == DtlsState::kConnected) {
      EXPECT_EQ(pair.server.srtp_keys()->local_key, pair.client.srtp_keys()->remote_key);
    }
  }
}

// A ClientHello of 4000 bytes that never gets whole: pion CVE-2022-29189 and -29190.
TEST(DtlsSecurityTest, FragmentFloodsAreBoundedAndAnswerNothing) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  std::size_t accepted = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const auto seq = static_cast<std::uint16_t>(i % 20);
    const Bytes flood = record(22, 0, message(1, 4000, seq, 1 + (i * 7) % 3000, Bytes(i % 3 * 100, 1)), i);
    accepted += pair.server.handle_datagram(pair.now, flood) ? 1U : 0U;
  }
  EXPECT_LT(accepted, 1000U);
  EXPECT_EQ(pair.server.state(), DtlsState::kHandshaking);
  Bytes datagram;
  EXPECT_FALSE(pair.server.poll_transmit(datagram));
  pair.run_for(seconds(31));
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kTimeout);
}

// Early protected records are what OpenSSL would keep, 16 KiB each.
TEST(DtlsSecurityTest, EarlyRecordFloodDoesNotStopTheHandshake) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  pair.on_client_datagram = [&](Bytes&) {
    for (std::uint32_t i = 1; i < 1000; ++i) {
      (void)pair.server.handle_datagram(pair.now, record(23, 1, Bytes(1000), i));
      (void)pair.server.handle_datagram(pair.now, record(21, 1, Bytes(100), i));
    }
  };
  EXPECT_TRUE(pair.connect());
}

// pion CVE-2022-29222: the certificate is shown, but nobody proves to have its key.
TEST(DtlsSecurityTest, CertificateWithoutProofIsRefused) {
  constexpr std::uint8_t kCertificateVerify = 15;
  DtlsPair pair;
  pair.set_right_fingerprints();
  pair.on_client_datagram = [&](Bytes& datagram) {
    Bytes kept;
    for (std::size_t at = 0; at + 13 <= datagram.size();) {
      const std::size_t size = 13U + load_be16(datagram.data() + at + 11);
      const bool proof =
          datagram[at] == 22 && load_be16(datagram.data() + at + 3) == 0 && datagram[at + 13] == kCertificateVerify;
      const auto first = datagram.begin() + static_cast<std::ptrdiff_t>(at);
      if (!proof) kept.insert(kept.end(), first, first + static_cast<std::ptrdiff_t>(size));
      at += size;
    }
    datagram = kept;
  };
  EXPECT_FALSE(pair.connect());
  EXPECT_NE(pair.server.state(), DtlsState::kConnected);
  EXPECT_FALSE(pair.server.srtp_keys());
}

TEST(DtlsSecurityTest, SecondClientHelloDoesNotDisturbAConnection) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  DtlsTransport stranger(pair.client_context, DtlsRole::kClient);
  stranger.start(pair.now);
  Bytes hello;
  ASSERT_TRUE(stranger.poll_transmit(hello));
  const std::size_t before = pair.server_datagrams;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(pair.server.handle_datagram(pair.now, hello));
  ASSERT_TRUE(pair.client.send_data(text("still here")).ok());
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.server_got, std::vector<Bytes>{text("still here")});
  EXPECT_LE(pair.server_datagrams - before, 2U);
}

}  // namespace
}  // namespace noir
