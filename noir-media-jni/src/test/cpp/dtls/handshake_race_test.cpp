#include <gtest/gtest.h>

#include "dtls/dtls_pair.hpp"
#include "dtls/handshake_bytes.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Somebody who sends from the client's address while the client joins (CVE-2023-49786 and others).
class HandshakeRaceTest : public ::testing::Test {
 protected:
  HandshakeRaceTest() { pair_.set_right_fingerprints(); }

  Bytes stranger_hello() {
    DtlsTransport stranger(pair_.client_context, DtlsRole::kClient);
    stranger.start(pair_.now);
    Bytes hello;
    EXPECT_TRUE(stranger.poll_transmit(hello));
    return hello;
  }
  void inject(const Bytes& datagram) { (void)pair_.server.handle_datagram(pair_.now, datagram); }
  /// What the server says now does not reach the client, which is not there yet.
  std::size_t discard_output() {
    Bytes datagram;
    std::size_t count = 0;
    while (pair_.server.poll_transmit(datagram)) ++count;
    return count;
  }

  const Bytes stray_certificate_ = record(22, 0, message(11, 16, 1, 0, Bytes(16, 0x30)), 7);
  const Bytes stray_key_exchange_ = record(22, 0, message(16, 33, 2, 0, Bytes(33, 0x20)), 8);
  DtlsPair pair_;
};

TEST_F(HandshakeRaceTest, AHelloBeforeTheClientsDoesNotKeepItOut) {
  inject(stranger_hello());
  (void)discard_output();
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, AHelloBehindTheClientsDoesNotEither) {
  int datagrams = 0;
  pair_.on_client_datagram = [&](Bytes& datagram) {
    if (datagrams++ > 0) return;
    inject(datagram);
    datagram.clear();
    inject(stranger_hello());
  };
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, AHelloBeforeTheClientsSecondFlightDoesNotEither) {
  int datagrams = 0;
  pair_.on_client_datagram = [&](Bytes&) {
    if (datagrams++ == 1) inject(stranger_hello());
  };
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, ACertificateBeforeTheHelloChangesNothing) {
  inject(stray_certificate_);
  inject(stray_key_exchange_);
  EXPECT_EQ(pair_.server.state(), DtlsState::kNew);
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, ACertificateBetweenTheFlightsChangesNothing) {
  pair_.on_client_datagram = [&](Bytes&) { inject(stray_certificate_); };
  EXPECT_TRUE(pair_.connect());
}

// Each fits into its place, has come before the client's, and ends the handshake when it is taken for it.
TEST_F(HandshakeRaceTest, AForgedSecondFlightChangesNothing) {
  const Bytes proof = record(22, 0, message(15, 76, 3, 0, joined({4, 3, 0, 72}, Bytes(72, 0x30))), 9);
  using Flight = std::vector<Bytes>;
  for (const Flight& forged : {Flight{stray_key_exchange_}, Flight{proof}, Flight{proof, stray_key_exchange_},
                               Flight{stray_certificate_, stray_key_exchange_, proof}}) {
    DtlsPair pair;
    pair.set_right_fingerprints();
    int datagrams = 0;
    pair.on_client_datagram = [&](Bytes&) {
      if (datagrams++ != 1) return;
      for (const Bytes& datagram : forged) (void)pair.server.handle_datagram(pair.now, datagram);
    };
    EXPECT_TRUE(pair.connect());
    EXPECT_LE(pair.now - Instant(seconds(1000)), milliseconds(60)) << "and costs no repetition";
  }
}

// The right fingerprint may come with the answer, later than all of it.
TEST_F(HandshakeRaceTest, AForgedSecondFlightChangesNothingWithoutAFingerprint) {
  DtlsPair pair;
  int datagrams = 0;
  pair.on_client_datagram = [&](Bytes&) {
    if (datagrams++ != 1) return;
    (void)pair.server.handle_datagram(pair.now, stray_certificate_);
    (void)pair.server.handle_datagram(pair.now, stray_key_exchange_);
  };
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] { return pair.server.handshake_done(); }));
  pair.set_right_fingerprints();
  EXPECT_EQ(pair.server.state(), DtlsState::kConnected);
}

TEST_F(HandshakeRaceTest, FragmentsOfForgedMessagesDoNotEither) {
  int datagrams = 0;
  pair_.on_client_datagram = [&](Bytes&) {
    if (datagrams++ != 1) return;
    for (std::uint32_t length : {33U, 97U, 400U}) {
      for (std::uint32_t offset = 0; offset < 33; offset += 3) {
        inject(record(22, 0, message(16, length, 2, offset, Bytes(3, 0x20))));
      }
    }
  };
  EXPECT_TRUE(pair_.connect());
}

// In a handshake all numbers of records are in clear text: a large one made the client's look like repetitions.
TEST_F(HandshakeRaceTest, ForgedRecordNumbersDoNotEither) {
  int datagrams = 0;
  pair_.on_client_datagram = [&](Bytes&) {
    if (datagrams++ != 1) return;
    inject(record(22, 0, message(16, 33, 2, 0, Bytes(33, 0x20)), 0x7FFFFFFF));
    inject(record(20, 0, {1}, 0x7FFFFFFE));
  };
  EXPECT_TRUE(pair_.connect());
}

// A second ClientHello in pieces so small that they do not show whose it is.
TEST_F(HandshakeRaceTest, AHelloInTheSecondFlightsPlaceDoesNotEither) {
  int datagrams = 0;
  pair_.on_client_datagram = [&](Bytes&) {
    if (datagrams++ != 1) return;
    for (std::uint32_t offset = 0; offset < 60; offset += 10) {
      inject(record(22, 0, message(1, 60, 1, offset, Bytes(10, 0xFE))));
    }
  };
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, AFloodOfForgedFlightsIsOutlived) {
  int datagrams = 0;
  std::uint8_t filling = 0;
  pair_.on_client_datagram = [&](Bytes&) {
    if (datagrams++ == 0) return;
    for (int i = 0; i < 200; ++i) {
      ++filling;
      inject(record(22, 0, message(16, 33, 2, 0, Bytes(33, filling))));
      inject(record(22, 0, message(15, 74, 3, 0, joined({4, 3, 0, 70}, Bytes(70, filling)))));
      inject(record(22, 1, Bytes(48, filling)));
    }
  };
  EXPECT_TRUE(pair_.connect());
  EXPECT_LE(pair_.now - Instant(seconds(1000)), seconds(2));
}

TEST_F(HandshakeRaceTest, AFailedHandshakeIsFollowedByTheRightOne) {
  Bytes broken = stranger_hello();
  // RFC 5246 §7.4.1.2: version, random, session id, cookie, and a list of suites that is cut off.
  broken[13 + 12 + 2 + 32 + 2] = 0xFF;
  inject(broken);
  Bytes datagram;
  EXPECT_FALSE(pair_.server.poll_transmit(datagram)) << "an alert would end the right client's handshake";
  EXPECT_NE(pair_.server.state(), DtlsState::kFailed);
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, AsMuchForADtlsClient) {
  pair_.client.start(pair_.now);
  (void)pair_.client.handle_datagram(pair_.now, record(22, 0, message(2, 38, 0, 0, Bytes(38, 0xEE)), 0));
  EXPECT_NE(pair_.client.state(), DtlsState::kFailed);
  EXPECT_TRUE(pair_.connect());
}

TEST_F(HandshakeRaceTest, TheClientIsToldWhenNoMoreIsAwaited) {
  pair_.client.start(pair_.now);
  ASSERT_TRUE(pair_.run_until([&] { return pair_.server.state() == DtlsState::kHandshaking; }));
  (void)discard_output();
  pair_.server.close();
  Bytes alert;
  ASSERT_TRUE(pair_.server.poll_transmit(alert));
  ASSERT_EQ(alert.size(), 15U);
  EXPECT_EQ(Bytes(alert.begin(), alert.begin() + 5), (Bytes{21, 0xFE, 0xFD, 0, 0}));
  EXPECT_EQ(Bytes(alert.end() - 4, alert.end()), (Bytes{0, 2, 2, 40}));
}

TEST_F(HandshakeRaceTest, AnotherCertificateIsRefusedAfterAWhileAndTheClientTold) {
  Fingerprint other = client_certificate().sha256();
  other[0] = static_cast<std::uint8_t>(other[0] ^ 1);
  DtlsPair pair;
  pair.server.set_remote_fingerprints(other);
  pair.client.start(pair.now);
  const Instant start = pair.now;
  ASSERT_TRUE(pair.run_until([&] { return pair.server.state() == DtlsState::kFailed; }));
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kFingerprintMismatch);
  EXPECT_LE(pair.now - start, seconds(5));
  Bytes alert;
  bool told = false;
  while (pair.server.poll_transmit(alert)) told = told || alert[0] == 21;
  EXPECT_TRUE(told);
}

TEST_F(HandshakeRaceTest, HellosAreAnsweredTenTimesASecond) {
  std::size_t answers = 0;
  for (int i = 0; i < 200; ++i) {
    inject(stranger_hello());
    answers += discard_output();
    pair_.now += milliseconds(1);
  }
  EXPECT_LE(answers, 12U);
  EXPECT_GE(answers, 8U);
}

TEST_F(HandshakeRaceTest, HellosForEverDoNotPutOffTheEnd) {
  const Instant start = pair_.now;
  while (pair_.server.state() != DtlsState::kFailed && pair_.now < start + seconds(60)) {
    inject(stranger_hello());
    (void)discard_output();
    pair_.now += milliseconds(500);
    if (pair_.server.next_timeout() <= pair_.now) pair_.server.handle_timeout(pair_.now);
  }
  EXPECT_LE(pair_.now - start, seconds(31));
}

TEST_F(HandshakeRaceTest, RolesChangeUntilTheHandshakeIsDone) {
  inject(stranger_hello());
  (void)discard_output();
  pair_.server.set_role(DtlsRole::kClient);
  EXPECT_EQ(pair_.server.state(), DtlsState::kHandshaking);
  EXPECT_EQ(pair_.server.role(), DtlsRole::kClient);
  pair_.server.set_role(DtlsRole::kServer);
  ASSERT_TRUE(pair_.connect());
  pair_.server.set_role(DtlsRole::kClient);
  EXPECT_EQ(pair_.server.role(), DtlsRole::kServer);
  EXPECT_EQ(pair_.server.state(), DtlsState::kConnected);
}

}  // namespace
}  // namespace noir
