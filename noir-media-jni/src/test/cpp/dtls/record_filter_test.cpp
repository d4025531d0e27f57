#include "dtls/record_filter.hpp"

#include <gtest/gtest.h>

#include "dtls/handshake_bytes.hpp"

namespace noir {
namespace {

constexpr bool kInHandshake = false;
constexpr bool kDone = true;

/// Of a server that has seen the client's hello.
RecordFilter after_hello() {
  RecordFilter filter(true);
  EXPECT_FALSE(filter.inspect(record(22, 0, message(1, 4, 0, 0, Bytes(4))), kInHandshake).dropped);
  return filter;
}

TEST(RecordFilterTest, AdmitsByTypeEpochAndPhase) {
  struct Case {
    const char* name;
    Bytes datagram;
    bool handshake_done;
    bool admitted;
  };
  const Bytes hello = record(22, 0, message(1, 4, 0, 0, Bytes(4)));
  Bytes tls_version = hello;
  tls_version[1] = 0x03;
  Bytes truncated = hello;
  truncated.pop_back();
  const Case cases[] = {
      {"ClientHello", hello, kInHandshake, true},
      {"ClientHello again", hello, kDone, false},
      {"TLS version", tls_version, kInHandshake, false},
      {"truncated", truncated, kInHandshake, false},
      {"alert in clear text", record(21, 0, {2, 40}), kInHandshake, false},
      {"alert in clear text", record(21, 0, {1, 0}), kDone, false},
      {"alert, protected", record(21, 1, Bytes(26)), kDone, true},
      {"data in clear text", record(23, 0, Bytes(8)), kInHandshake, false},
      {"data in clear text", record(23, 0, Bytes(8)), kDone, false},
      {"data, early", record(23, 1, Bytes(30)), kInHandshake, false},
      {"data", record(23, 1, Bytes(30)), kDone, true},
      {"ChangeCipherSpec", record(20, 0, {1}), kInHandshake, true},
      {"long ChangeCipherSpec", record(20, 0, {1, 1}), kInHandshake, false},
      {"Finished, early", record(22, 1, Bytes(48)), kInHandshake, true},
      {"second epoch", record(22, 2, Bytes(48)), kDone, false},
      {"ServerHello to a server", record(22, 0, message(2, 4, 0, 0, Bytes(4))), kInHandshake, false},
      {"unknown type", record(24, 0, Bytes(4)), kInHandshake, false},
      {"empty handshake record", record(22, 0, {}), kInHandshake, false},
  };
  for (const Case& c : cases) {
    RecordFilter filter = after_hello();
    const auto verdict = filter.inspect(c.datagram, c.handshake_done);
    EXPECT_EQ(verdict.bytes, c.admitted ? c.datagram : Bytes{}) << c.name;
    EXPECT_EQ(verdict.dropped, !c.admitted) << c.name;
  }
}

TEST(RecordFilterTest, ChecksFragmentHeaders) {
  struct Case {
    const char* name;
    Bytes fragment;
    bool admitted;
  };
  constexpr auto kMax = static_cast<std::uint32_t>(RecordFilter::kMaxMessageSize);
  const Case cases[] = {
      {"whole", message(11, 4, 0, 0, Bytes(4)), true},
      {"middle", message(11, 400, 3, 100, Bytes(200)), true},
      {"nothing of nothing", message(11, 0, 0, 0, {}), true},
      {"nothing of something", message(11, 400, 3, 100, {}), false},
      {"beyond the end", message(11, 400, 3, 300, Bytes(101)), false},
      {"offset beyond the end", message(11, 4, 0, 0xFFFFFF, Bytes(1)), false},
      {"too long a message", message(11, kMax + 1, 0, 0, Bytes(4)), false},
      {"far too late a message", message(11, 4, RecordFilter::kMaxMessageSeq + 1, 0, Bytes(4)), false},
  };
  for (const Case& c : cases) {
    RecordFilter filter = after_hello();
    EXPECT_EQ(filter.inspect(record(22, 0, c.fragment), kInHandshake).bytes.empty(), !c.admitted) << c.name;
  }
}

TEST(RecordFilterTest, AdmitsSeveralMessagesInOneRecordOnlyTogether) {
  const Bytes good = message(11, 4, 0, 0, Bytes(4));
  const Bytes bad = message(11, 4, 0, 4, Bytes(4));
  RecordFilter filter = after_hello();
  EXPECT_FALSE(filter.inspect(record(22, 0, joined(good, good)), kInHandshake).dropped);
  EXPECT_TRUE(filter.inspect(record(22, 0, joined(good, bad)), kInHandshake).bytes.empty());
}

TEST(RecordFilterTest, KeepsTheGoodRecordsOfADatagram) {
  const Bytes good = record(22, 0, message(16, 4, 0, 0, Bytes(4)));
  const Bytes alert = record(21, 0, {2, 40});
  RecordFilter filter = after_hello();
  const auto verdict = filter.inspect(joined(alert, good), kInHandshake);
  EXPECT_TRUE(verdict.dropped);
  EXPECT_EQ(verdict.bytes, good);
}

TEST(RecordFilterTest, BoundsTheHandshake) {
  RecordFilter filter(true);
  std::size_t admitted = 0;
  for (int i = 0; i < 1000; ++i) {
    admitted += filter.inspect(record(22, 0, message(1, 1000, 0, 0, Bytes(1000))), kInHandshake).bytes.size();
  }
  EXPECT_LE(admitted, RecordFilter::kMaxHandshakeBytes);
  RecordFilter of_server(false);
  std::size_t early = 0;
  for (int i = 0; i < 1000; ++i) {
    early += of_server.inspect(record(22, 1, Bytes(48)), kInHandshake).bytes.empty() ? 0 : 1;
  }
  EXPECT_EQ(early, RecordFilter::kMaxEarlyRecords);
}

// Whoever knows the client's address could use up what it has.
TEST(RecordFilterTest, DoesNotBoundWhatFollowsTheHello) {
  RecordFilter filter = after_hello();
  const Bytes certificate = record(22, 0, message(11, 1000, 1, 0, Bytes(1000)));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(filter.inspect(certificate, kInHandshake).dropped);
    ASSERT_FALSE(filter.inspect(record(22, 1, Bytes(48)), kInHandshake).dropped);
  }
}

TEST(RecordFilterTest, AdmitsNothingBeforeTheHello) {
  const Bytes early[] = {record(22, 0, message(11, 4, 1, 0, Bytes(4))), record(22, 0, message(16, 4, 2, 0, Bytes(4))),
                         record(22, 0, message(15, 4, 3, 0, Bytes(4))), record(20, 0, {1}), record(22, 1, Bytes(48))};
  for (const Bytes& datagram : early) {
    RecordFilter filter(true);
    EXPECT_TRUE(filter.inspect(datagram, kInHandshake).bytes.empty());
    RecordFilter later = after_hello();
    EXPECT_FALSE(later.inspect(datagram, kInHandshake).bytes.empty());
  }
}

TEST(RecordFilterTest, LeavesOutAnotherCertificateThanTheRightOne) {
  const auto certificate = [](std::uint8_t last) {
    Bytes body{0, 0, 7, 0, 0, 4, 0x30, 1, 2, last};
    return record(22, 0, message(11, static_cast<std::uint32_t>(body.size()), 1, 0, body));
  };
  const Fingerprint right{0x2F, 0xC4, 0x97, 0x71, 0x02, 0x79, 0x32, 0x8D, 0x41, 0x5C, 0xB5,
                          0x45, 0x54, 0x97, 0x4D, 0x1A, 0xF0, 0x07, 0x09, 0xA3, 0xF7, 0xD6,
                          0x81, 0x6E, 0x4D, 0xC5, 0x1F, 0xBF, 0xB9, 0x02, 0x4E, 0xE8};
  RecordFilter filter = after_hello();
  EXPECT_FALSE(filter.inspect(certificate(4), kInHandshake).wrong_certificate) << "none is known yet";
  filter.expect_certificate(right);
  EXPECT_FALSE(filter.inspect(certificate(4), kInHandshake).dropped);
  const auto refused = filter.inspect(certificate(3), kInHandshake);
  EXPECT_TRUE(refused.wrong_certificate);
  EXPECT_TRUE(refused.bytes.empty());
  EXPECT_TRUE(filter.inspect(record(22, 0, message(11, 3, 1, 0, Bytes(3))), kInHandshake).wrong_certificate);
}

TEST(RecordFilterTest, FindsTheStartOfAHello) {
  Bytes body(40);
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i);
  const Bytes datagram = joined(record(21, 0, {2, 40}), record(22, 0, message(1, 40, 0, 0, body)));
  const auto found = find_client_hello(datagram);
  EXPECT_EQ(Bytes(found.begin(), found.end()), Bytes(body.begin(), body.begin() + 34));
  EXPECT_TRUE(find_client_hello(record(22, 0, message(1, 60, 0, 20, body))).empty());
  EXPECT_TRUE(find_client_hello(record(22, 0, message(1, 20, 0, 0, Bytes(20)))).empty());
  EXPECT_TRUE(find_client_hello(record(22, 1, message(1, 40, 0, 0, body))).empty());
}

TEST(RecordFilterTest, NoticesARepeatedFlight) {
  RecordFilter filter(true);
  EXPECT_TRUE(filter.inspect(record(22, 0, message(16, 4, 2, 0, Bytes(4))), kDone).old_handshake);
  EXPECT_FALSE(filter.inspect(record(21, 0, {2, 40}), kDone).old_handshake);
}

}  // namespace
}  // namespace noir
