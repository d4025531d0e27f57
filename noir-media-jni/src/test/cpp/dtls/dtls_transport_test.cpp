#include "dtls/dtls_transport.hpp"

#include <gtest/gtest.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <array>
#include <memory>

#include "dtls/dtls_pair.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void expect_mirrored(const SrtpKeys& a, const SrtpKeys& b) {
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.local_key, b.remote_key);
  EXPECT_EQ(a.remote_key, b.local_key);
  EXPECT_EQ(a.local_salt, b.remote_salt);
  EXPECT_EQ(a.remote_salt, b.local_salt);
  EXPECT_NE(a.local_key, a.remote_key);
}

TEST(DtlsTransportTest, ConnectsAndAgreesOnSrtpKeys) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  ASSERT_TRUE(pair.server.srtp_keys() && pair.client.srtp_keys());
  EXPECT_EQ(pair.server.srtp_keys()->profile, SrtpProfile::kAeadAes128Gcm);
  expect_mirrored(*pair.server.srtp_keys(), *pair.client.srtp_keys());
  EXPECT_EQ(pair.server.next_timeout(), kNever);
  EXPECT_EQ(pair.client.next_timeout(), kNever);
}

TEST(DtlsTransportTest, ConnectsInTwoRoundTrips) {
  DtlsPair pair;
  pair.link.delay = milliseconds(10);
  pair.set_right_fingerprints();
  const Instant start = pair.now;
  ASSERT_TRUE(pair.connect());
  EXPECT_EQ(pair.now - start, milliseconds(40));
}

TEST(DtlsTransportTest, DatagramsFitTheLinkMtu) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  ASSERT_TRUE(pair.client.send_data(Bytes(DtlsTransport::kMaxDataSize, 7)).ok());
  ASSERT_TRUE(pair.run_until([&] { return !pair.server_got.empty(); }));
  EXPECT_EQ(pair.server_got[0].size(), DtlsTransport::kMaxDataSize);
  EXPECT_EQ(pair.largest_datagram, DtlsTransport::kLinkMtu);
}

TEST(DtlsTransportTest, EverySrtpProfileCanBeNegotiated) {
  for (const SrtpProfile profile : kSrtpProfiles) {
    DtlsPair pair(kSrtpProfiles, std::array{profile});
    pair.set_right_fingerprints();
    ASSERT_TRUE(pair.connect());
    ASSERT_TRUE(pair.server.srtp_keys() && pair.client.srtp_keys());
    EXPECT_EQ(pair.server.srtp_keys()->profile, profile);
    expect_mirrored(*pair.server.srtp_keys(), *pair.client.srtp_keys());
  }
}

TEST(DtlsTransportTest, PeerWithoutSrtpHasDataButNoKeys) {
  DtlsPair pair(kSrtpProfiles, {});
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  EXPECT_FALSE(pair.server.srtp_keys());
}

TEST(DtlsTransportTest, DataFlowsBothWaysWithItsBoundaries) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  for (const auto* t : {"a", "bc", "def"}) {
    ASSERT_TRUE(pair.client.send_data(text(t)).ok());
    ASSERT_TRUE(pair.server.send_data(text(t)).ok());
  }
  pair.run_for(seconds(1));
  const std::vector<Bytes> expected{text("a"), text("bc"), text("def")};
  EXPECT_EQ(pair.server_got, expected);
  EXPECT_EQ(pair.client_got, expected);
}

TEST(DtlsTransportTest, RefusesDataThatDoesNotFitOrComesTooEarly) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  EXPECT_EQ(pair.client.send_data(text("early")).error(), ErrorCode::kWrongState);
  ASSERT_TRUE(pair.connect());
  EXPECT_EQ(pair.client.send_data({}).error(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(pair.client.send_data(Bytes(DtlsTransport::kMaxDataSize + 1)).error(), ErrorCode::kInvalidArgument);
}

TEST(DtlsTransportTest, FingerprintMayComeAfterTheHandshake) {
  DtlsPair pair;
  pair.client.set_remote_fingerprints(server_certificate().sha256());
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] { return pair.client.state() == DtlsState::kConnected; }));
  ASSERT_TRUE(pair.client.send_data(text("too early")).ok());
  pair.run_for(seconds(5));
  EXPECT_EQ(pair.server.state(), DtlsState::kHandshaking);
  EXPECT_FALSE(pair.server.srtp_keys());
  EXPECT_EQ(pair.server.send_data(text("x")).error(), ErrorCode::kWrongState);
  pair.server.set_remote_fingerprints(client_certificate().sha256());
  EXPECT_EQ(pair.server.state(), DtlsState::kConnected);
  EXPECT_TRUE(pair.server.srtp_keys());
  EXPECT_TRUE(pair.server_got.empty());
}

TEST(DtlsTransportTest, GivesUpWhenTheFingerprintNeverComes) {
  DtlsPair pair;
  pair.client.set_remote_fingerprints(server_certificate().sha256());
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] { return pair.server.state() == DtlsState::kFailed; }));
  EXPECT_EQ(pair.server.failure(), DtlsFailure::kTimeout);
}

TEST(DtlsTransportTest, CloseNotifyClosesTheOtherSide) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  pair.client.close();
  EXPECT_EQ(pair.client.state(), DtlsState::kClosed);
  EXPECT_TRUE(pair.run_until([&] { return pair.server.state() == DtlsState::kClosed; }, seconds(1)));
  EXPECT_EQ(pair.server.send_data(text("x")).error(), ErrorCode::kWrongState);
}

TEST(DtlsTransportTest, ClosesAfterDataWithReleasedBuffers) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  ASSERT_TRUE(pair.connect());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(pair.server.send_data(text("s")).ok());
    ASSERT_TRUE(pair.client.send_data(text("c")).ok());
    pair.run_for(milliseconds(20));
  }
  EXPECT_EQ(pair.server_got.size(), 100U);
  EXPECT_EQ(pair.client_got.size(), 100U);
  pair.server.close();
  EXPECT_TRUE(pair.run_until([&] { return pair.client.state() == DtlsState::kClosed; }, seconds(1)));
}

TEST(DtlsTransportTest, ClientGivesUpAfterThirtySecondsOfSilence) {
  DtlsPair pair;
  pair.link.loss = 1;
  pair.set_right_fingerprints();
  const Instant start = pair.now;
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] { return pair.client.state() == DtlsState::kFailed; }));
  EXPECT_EQ(pair.client.failure(), DtlsFailure::kTimeout);
  EXPECT_EQ(pair.now - start, seconds(30));
  EXPECT_EQ(pair.server.state(), DtlsState::kNew);
}

TEST(DtlsTransportTest, HandshakeSurvivesLossAndReordering) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    DtlsPair pair(seed);
    pair.link = {.loss = 0.2, .delay = milliseconds(20), .jitter = milliseconds(40)};
    pair.set_right_fingerprints();
    ASSERT_TRUE(pair.connect()) << "seed " << seed;
    expect_mirrored(*pair.server.srtp_keys(), *pair.client.srtp_keys());
  }
}

TEST(DtlsTransportTest, LostLastFlightIsRepeated) {
  DtlsPair pair;
  pair.set_right_fingerprints();
  pair.client.start(pair.now);
  ASSERT_TRUE(pair.run_until([&] {
    // The link dies in the moment in which the server is done but its answer is not out yet.
    if (pair.server.state() == DtlsState::kConnected) pair.link.loss = 1;
    return pair.link.loss == 1;
  }));
  pair.run_for(milliseconds(1));
  pair.link.loss = 0;
  EXPECT_TRUE(pair.run_until([&] { return pair.client.state() == DtlsState::kConnected; }, seconds(5)));
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
TEST(DtlsTransportTest, ConnectedTransportIsSmall) {
  constexpr std::size_t kPairs = 50;
  const DtlsContext server_context(server_certificate());
  const DtlsContext client_context(client_certificate());
  std::vector<std::unique_ptr<DtlsTransport>> servers;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kPairs; ++i) {
    const std::size_t before = mallinfo2().uordblks;
    {
      DtlsTransport client(client_context, DtlsRole::kClient);
      servers.push_back(std::make_unique<DtlsTransport>(server_context, DtlsRole::kServer));
      DtlsTransport& server = *servers.back();
      client.set_remote_fingerprints(server_certificate().sha256());
      server.set_remote_fingerprints(client_certificate().sha256());
      client.start(Instant{});
      Bytes datagram;
      for (int turn = 0; turn < 4; ++turn) {
        while (client.poll_transmit(datagram)) (void)server.handle_datagram(Instant{}, datagram);
        while (server.poll_transmit(datagram)) (void)client.handle_datagram(Instant{}, datagram);
      }
      ASSERT_EQ(server.state(), DtlsState::kConnected);
    }
    bytes += mallinfo2().uordblks - before;
  }
  RecordProperty("bytes_per_transport", static_cast<int>(bytes / kPairs));
  std::printf("%zu bytes per connected transport\n", bytes / kPairs);
  EXPECT_LT(bytes / kPairs, 2500U);
}
#endif

}  // namespace
}  // namespace noir
