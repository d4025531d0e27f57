#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "stun/ice_controlling.hpp"
#include "stun/ice_lite.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Bytes = std::vector<std::uint8_t>;

const IceCredentials kLocal{"server", "server-password-0123456"};
const IceCredentials kRemote{"client", "client-password-0123456"};
constexpr Instant kStart{seconds(100)};

Path path(std::uint16_t port) { return {0, SocketAddress::v4(192, 0, 2, 1, port)}; }

HmacSha1 key(const std::string& password) {
  return HmacSha1({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
}

struct RequestOptions {
  std::string username = "server:client";
  std::string password = kLocal.pwd;
  bool use_candidate = false;
  bool controlled = false;
  bool integrity = true;
  std::uint16_t unknown = 0;
  std::uint32_t priority = 100;
};

Bytes request(const RequestOptions& options) {
  Bytes out(300);
  auto mac = key(options.password);
  StunWriter writer(out, StunClass::kRequest, kStunBinding, {1, 2, 3});
  if (!options.username.empty()) writer.username(options.username);
  writer.attribute_u64(options.controlled ? StunAttribute::kIceControlled : StunAttribute::kIceControlling, 1);
  writer.attribute_u32(StunAttribute::kPriority, options.priority);
  if (options.use_candidate) writer.attribute(StunAttribute::kUseCandidate, {});
  if (options.unknown != 0) writer.attribute_u32(static_cast<StunAttribute>(options.unknown), 0);
  if (options.integrity) writer.message_integrity(mac);
  out.resize(writer.finish());
  return out;
}

/// 0 = no answer, 200 = success, else the error code.
int answer(IceLite& ice, Instant now, const Path& from, const RequestOptions& options) {
  const Bytes bytes = request(options);
  std::array<std::uint8_t, IceLite::kMaxResponseSize> out{};
  const std::size_t size = ice.handle_request(now, from, *parse_stun(bytes), out).size;
  if (size == 0) return 0;
  const auto response = parse_stun(ByteSpan(out).first(size));
  EXPECT_TRUE(response.ok());
  EXPECT_TRUE(response->has_fingerprint);
  EXPECT_EQ(response->transaction, (StunTransactionId{1, 2, 3}));
  if (response->message_class == StunClass::kSuccess) {
    EXPECT_EQ(response->xor_mapped_address, from.remote);
    auto mac = key(options.password);
    EXPECT_TRUE(verify_integrity(*response, mac));
    return 200;
  }
  if (size > bytes.size()) {
    auto mac = key(options.password);
    EXPECT_TRUE(verify_integrity(*response, mac)) << "amplified without authentication";
  }
  return response->error_code.value_or(-1);
}

class IceLiteTest : public testing::Test {
 protected:
  IceLiteTest() { ice_.set_remote(kRemote); }
  IceLite ice_{kLocal};
};

TEST_F(IceLiteTest, AnswersChecksAndWaitsForNomination) {
  EXPECT_EQ(answer(ice_, kStart, path(1), {}), 200);
  EXPECT_NE(ice_.find(path(1)), nullptr);
  EXPECT_FALSE(ice_.selected().has_value());
  EXPECT_EQ(ice_.find(path(1))->heard, kStart);
  EXPECT_EQ(answer(ice_, kStart + seconds(1), path(1), {.use_candidate = true}), 200);
  EXPECT_EQ(ice_.selected(), path(1));
  EXPECT_EQ(ice_.find(path(1))->heard, kStart + seconds(1));
}

TEST_F(IceLiteTest, RefusesWithTheRightCodeAndWithoutEffect) {
  const struct {
    RequestOptions options;
    int code;
  } cases[] = {
      {{.username = "", .use_candidate = true}, 400},
      {{.use_candidate = true, .integrity = false}, 400},
      {{.username = "server", .use_candidate = true}, 401},
      {{.username = "other:client", .use_candidate = true}, 401},
      {{.username = "server:other", .use_candidate = true}, 401},
      {{.password = "wrong", .use_candidate = true}, 401},
      {{.use_candidate = true, .unknown = 0x7F00}, 420},
      {{.use_candidate = true, .controlled = true}, 487},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(answer(ice_, kStart, path(1), c.options), c.code);
    EXPECT_EQ(ice_.find(path(1)), nullptr);
    EXPECT_FALSE(ice_.selected().has_value());
  }
}

TEST_F(IceLiteTest, NeverAmplifiesAnUnauthenticatedRequest) {
  Bytes out(100);
  StunWriter writer(out, StunClass::kRequest, kStunBinding, {});
  out.resize(writer.finish());
  std::array<std::uint8_t, IceLite::kMaxResponseSize> response{};
  EXPECT_EQ(ice_.handle_request(kStart, path(1), *parse_stun(out), response).size, 0U);
}

TEST_F(IceLiteTest, AnswersBeforeItKnowsTheClient) {
  IceLite ice(kLocal);
  EXPECT_EQ(answer(ice, kStart, path(1), {.use_candidate = true}), 200);
  EXPECT_EQ(ice.selected(), path(1));
  ice.set_remote({"somebody-else", "x"});
  EXPECT_EQ(answer(ice, kStart, path(1), {}), 401);
}

TEST_F(IceLiteTest, FollowsALaterNomination) {
  answer(ice_, kStart, path(1), {.use_candidate = true, .priority = 200});
  answer(ice_, kStart + seconds(2), path(2), {.use_candidate = true, .priority = 100});
  EXPECT_EQ(ice_.selected(), path(2));
}

TEST_F(IceLiteTest, TakesTheHighestPriorityOfAnAggressiveBurst) {
  answer(ice_, kStart, path(1), {.use_candidate = true, .priority = 200});
  answer(ice_, kStart + milliseconds(20), path(2), {.use_candidate = true, .priority = 100});
  EXPECT_EQ(ice_.selected(), path(1));
  answer(ice_, kStart + milliseconds(40), path(3), {.use_candidate = true, .priority = 300});
  EXPECT_EQ(ice_.selected(), path(3));
}

TEST_F(IceLiteTest, BoundsPathsAndKeepsTheSelectedOne) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  for (std::uint16_t port = 2; port < 100; ++port) answer(ice_, kStart + seconds(port), path(port), {});
  EXPECT_EQ(ice_.paths().size(), IceLite::kMaxPaths);
  EXPECT_NE(ice_.find(path(1)), nullptr);
  EXPECT_NE(ice_.find(path(99)), nullptr);
  EXPECT_EQ(ice_.find(path(2)), nullptr);
}

const RequestOptions kOld{};
const RequestOptions kNew{.username = "server2:client2", .password = "new-password"};

/// The check of ours that is due, as the client sees it; nothing = none is.
std::optional<StunTransactionId> next_check(IceLite& ice, Instant now) {
  std::array<std::uint8_t, IceLite::kMaxCheckSize> out{};
  const IceLite::Check check = ice.poll_check(now, 7, out);
  if (check.size == 0) return std::nullopt;
  const auto message = parse_stun(ByteSpan(out).first(check.size));
  EXPECT_TRUE(message.ok());
  EXPECT_EQ(message->message_class, StunClass::kRequest);
  return message->transaction;
}

/// The client's answer to a check of ours; whether it has been taken.
bool answer_check(IceLite& ice, Instant now, const Path& from, const StunTransactionId& transaction) {
  Bytes out(100);
  auto mac = key(kRemote.pwd);
  StunWriter writer(out, StunClass::kSuccess, kStunBinding, transaction);
  writer.message_integrity(mac);
  out.resize(writer.finish());
  return ice.handle_response(now, from, *parse_stun(out)) != nullptr;
}

TEST_F(IceLiteTest, OverUdpACheckIsRepeatedAndOnlyTheAnswerToASingleOneTellsHowFarItIs) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  const auto first = next_check(ice_, kStart);
  ASSERT_TRUE(first);
  EXPECT_FALSE(next_check(ice_, kStart + milliseconds(99)));
  EXPECT_EQ(next_check(ice_, kStart + milliseconds(100)), first);
  EXPECT_TRUE(answer_check(ice_, kStart + milliseconds(140), path(1), *first));
  EXPECT_EQ(ice_.find(path(1))->round_trip, Duration::zero());
  EXPECT_FALSE(answer_check(ice_, kStart + milliseconds(150), path(1), *first)) << "the answer to the other one";
  EXPECT_FALSE(next_check(ice_, kStart + seconds(10)));
}

TEST_F(IceLiteTest, OverTcpACheckIsSentOnceAndItsAnswerTellsHowFarItIs) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  ice_.accept_connection(kStart, *ice_.find(path(1)));
  EXPECT_TRUE(ice_.find(path(1))->is_proven());
  const auto check = next_check(ice_, kStart);
  ASSERT_TRUE(check);
  for (int i = 1; i <= 5; ++i) {
    answer(ice_, kStart + milliseconds(100 * i), path(1), {.use_candidate = true});
    EXPECT_FALSE(next_check(ice_, kStart + milliseconds(100 * i)));
  }
  EXPECT_TRUE(answer_check(ice_, kStart + milliseconds(620), path(1), *check));
  EXPECT_EQ(ice_.find(path(1))->round_trip, milliseconds(620));
  EXPECT_FALSE(next_check(ice_, kStart + seconds(10)));
}

TEST_F(IceLiteTest, TheAnswerAfterAHandshakeStillTellsHowFarItIs) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  const auto check = next_check(ice_, kStart);
  ASSERT_TRUE(check);
  ice_.prove(kStart + milliseconds(30), *ice_.find(path(1)));
  EXPECT_FALSE(next_check(ice_, kStart + seconds(1))) << "proven, and so not asked again";
  EXPECT_TRUE(answer_check(ice_, kStart + milliseconds(40), path(1), *check));
  EXPECT_EQ(ice_.find(path(1))->round_trip, milliseconds(40));
}

TEST_F(IceLiteTest, WhoIsAskedAgainGetsAnotherTransaction) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  const auto first = next_check(ice_, kStart);
  ice_.prove(kStart + milliseconds(30), *ice_.find(path(1)));
  ice_.want_proof(kStart + seconds(5), *ice_.find(path(1)));
  const auto second = next_check(ice_, kStart + seconds(5));
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_FALSE(answer_check(ice_, kStart + milliseconds(5010), path(1), *first));
  EXPECT_TRUE(answer_check(ice_, kStart + milliseconds(5020), path(1), *second));
  EXPECT_EQ(ice_.find(path(1))->round_trip, milliseconds(20));
}

TEST_F(IceLiteTest, RestartKeepsTheOldPathUntilTheNewOneIsNominated) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  ice_.restart({"server2", "new-password"});
  EXPECT_EQ(ice_.selected(), path(1));
  EXPECT_TRUE(ice_.accepts("server"));
  EXPECT_EQ(answer(ice_, kStart + seconds(1), path(1), kOld), 200);
  EXPECT_EQ(ice_.find(path(1))->heard, kStart + seconds(1));
  ice_.set_remote({"client2", "x"});
  EXPECT_EQ(answer(ice_, kStart + seconds(1), path(2), kNew), 200);
  EXPECT_EQ(ice_.selected(), path(1));
  auto nominate = kNew;
  nominate.use_candidate = true;
  nominate.priority = 1;
  EXPECT_EQ(answer(ice_, kStart + seconds(1), path(2), nominate), 200);
  EXPECT_EQ(ice_.selected(), path(2));
  EXPECT_FALSE(ice_.accepts("server"));
  EXPECT_EQ(answer(ice_, kStart + seconds(2), path(1), kOld), 401);
}

TEST_F(IceLiteTest, SecondRestartKeepsTheGenerationThatWorks) {
  answer(ice_, kStart, path(1), {.use_candidate = true});
  ice_.restart({"never", "nominated-by-anybody"});
  ice_.restart({"server2", "new-password"});
  EXPECT_EQ(answer(ice_, kStart, path(1), kOld), 200);
  EXPECT_FALSE(ice_.accepts("never"));
  EXPECT_EQ(answer(ice_, kStart, path(2), kNew), 200);
}

TEST_F(IceLiteTest, IsSilentOnIndicationsAndResponses) {
  for (const auto message_class : {StunClass::kIndication, StunClass::kSuccess, StunClass::kError}) {
    Bytes out(100);
    StunWriter writer(out, message_class, kStunBinding, {});
    out.resize(writer.finish());
    std::array<std::uint8_t, IceLite::kMaxResponseSize> response{};
    EXPECT_EQ(ice_.handle_request(kStart, path(1), *parse_stun(out), response).size, 0U);
  }
}

/// An `IceControlling` and an `IceLite` with a network that can lose, between them.
struct Pair {
  IceLite lite{kLocal};
  IceControlling client{kRemote, kLocal, {path(1), path(2)}, 42};
  Instant now = kStart;
  int drop_next = 0;
  std::uint16_t dead_port = 0;
  int requests = 0;

  Pair() { lite.set_remote(kRemote); }

  void exchange() {
    while (const auto transmit = client.poll_transmit()) {
      ++requests;
      if (transmit->path.remote.port == dead_port) continue;
      if (drop_next > 0) {
        --drop_next;
        continue;
      }
      std::array<std::uint8_t, IceLite::kMaxResponseSize> out{};
      const std::size_t size = lite.handle_request(now, transmit->path, *parse_stun(transmit->bytes), out).size;
      EXPECT_TRUE(client.handle_datagram(now, transmit->path, ByteSpan(out).first(size)));
    }
  }

  void run_for(Duration duration) {
    const Instant end = now + duration;
    exchange();
    while (client.next_timeout() <= end) {
      now = std::max(now, client.next_timeout());
      client.handle_timeout(now);
      exchange();
    }
    now = end;
  }
};

TEST(IceControlling, NominatesTheFirstPathThatAnswers) {
  Pair pair;
  pair.client.start(pair.now);
  pair.exchange();
  EXPECT_EQ(pair.client.state(), IceControlling::State::kConnected);
  EXPECT_EQ(pair.client.selected(), path(1));
  EXPECT_EQ(pair.lite.selected(), path(1));
}

TEST(IceControlling, RepeatsLostChecks) {
  Pair pair;
  pair.drop_next = 4;
  pair.client.start(pair.now);
  pair.run_for(seconds(5));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kConnected);
  EXPECT_EQ(pair.lite.selected(), pair.client.selected());
}

TEST(IceControlling, UsesAnotherCandidateWhenOneIsDead) {
  Pair pair;
  pair.dead_port = 1;
  pair.client.start(pair.now);
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.client.selected(), path(2));
}

TEST(IceControlling, FailsWhenNobodyAnswers) {
  Pair pair;
  pair.drop_next = 1'000'000;
  pair.client.start(pair.now);
  pair.run_for(seconds(120));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kFailed);
  EXPECT_EQ(pair.requests, 14) << "Rc = 7 for each candidate";
  EXPECT_EQ(pair.client.next_timeout(), kNever);
}

TEST(IceControlling, KeepsConsentAndLosesIt) {
  Pair pair;
  pair.client.start(pair.now);
  pair.run_for(seconds(300));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kConnected);
  EXPECT_LT(pair.now - pair.lite.paths()[0].heard, seconds(7));
  pair.drop_next = 1'000'000;
  pair.run_for(seconds(23));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kConnected);
  pair.run_for(seconds(8));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kFailed);
}

TEST(IceControlling, IgnoresAnswersItCannotTrust) {
  Pair pair;
  pair.client.start(pair.now);
  const auto check = pair.client.poll_transmit();
  std::array<std::uint8_t, IceLite::kMaxResponseSize> out{};
  const std::size_t size = pair.lite.handle_request(pair.now, check->path, *parse_stun(check->bytes), out).size;
  const auto response = ByteSpan(out).first(size);
  pair.client.handle_datagram(pair.now, path(9), response);  // RFC 8445 §7.2.5.2.1: not symmetric.
  EXPECT_FALSE(pair.client.poll_transmit().has_value());
  Bytes forged(100);
  auto wrong = key("wrong");
  StunWriter writer(forged, StunClass::kSuccess, kStunBinding, parse_stun(response)->transaction);
  writer.message_integrity(wrong);
  forged.resize(writer.finish());
  pair.client.handle_datagram(pair.now, check->path, forged);
  EXPECT_FALSE(pair.client.poll_transmit().has_value());
  pair.client.handle_datagram(pair.now, check->path, response);
  EXPECT_TRUE(pair.client.poll_transmit().has_value());
}

TEST(IceControlling, RestartsOntoNewCredentials) {
  Pair pair;
  pair.client.start(pair.now);
  pair.run_for(seconds(1));
  pair.lite.restart({"server2", "new-password-0123456789"});
  pair.client.restart(pair.now, {"client2", "client-password-2"}, {"server2", "new-password-0123456789"}, {path(3)});
  EXPECT_EQ(pair.client.selected(), path(1));
  pair.lite.set_remote({"client2", "client-password-2"});
  pair.run_for(seconds(1));
  EXPECT_EQ(pair.client.selected(), path(3));
  EXPECT_EQ(pair.lite.selected(), path(3));
  EXPECT_FALSE(pair.lite.accepts("server"));
  pair.run_for(seconds(100));
  EXPECT_EQ(pair.client.state(), IceControlling::State::kConnected);
}

}  // namespace
}  // namespace noir
