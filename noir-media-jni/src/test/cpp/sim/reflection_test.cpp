#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "sfu/demux.hpp"
#include "sim/forged.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A member who makes us send to somebody who never answers.
class ReflectionTest : public ::testing::Test {
 protected:
  ReflectionTest() {
    room_.net().capture([this](const SimDatagram& d) {
      if (d.to == victim_) received_ += d.bytes.size();
      if (std::find(member_.begin(), member_.end(), d.to) != member_.end()) at_member_ += d.bytes.size();
      return false;
    });
  }

  void forge(const std::vector<std::uint8_t>& bytes) {
    room_.inject(victim_, bytes);
    forged_ += bytes.size();
  }
  SimEnd& watching_member() {
    SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
    SimEnd& member = room_.join_connected(TransportRole::kSubscriber);
    (void)room_.subscribe(member, room_.publish_video(publisher));
    room_.run_for(seconds(1));
    return member;
  }
  /// Nothing comes any more from where a member was; `meanwhile` is done ten times a second.
  void expect_given_up(SimEnd& member, const std::function<void()>& meanwhile) {
    room_.net().set_link(member.addresses[0], room_.server(), {.loss = 1});
    for (int i = 0; i < 400 && !member.is(TransportState::kClosed); ++i) {
      meanwhile();
      room_.run_for(milliseconds(100));
    }
    ASSERT_TRUE(member.is(TransportState::kClosed));
    EXPECT_EQ(member.states.back().reason, CloseReason::kConsentExpired);
  }
  void expect_no_amplification() const {
    EXPECT_LE(received_, 3 * forged_);
    RecordProperty("bytes", std::to_string(received_) + " for " + std::to_string(forged_));
  }

  SimRoom room_;
  const SocketAddress victim_ = room_.new_address();
  std::vector<SocketAddress> member_;
  std::uint64_t forged_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t at_member_ = 0;
};

TEST_F(ReflectionTest, AForgedNominationBringsNoMedia) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& member = room_.join_connected(TransportRole::kSubscriber);
  member_ = member.addresses;
  const SimDownTrack down = room_.subscribe(member, room_.publish_video(publisher));
  room_.run_for(seconds(1));
  forge(forged_check(member, true));
  room_.run_for(seconds(38));
  expect_no_amplification();
  // What he gets himself goes on: the path before stays the one to fall back on.
  EXPECT_GE(down.recorded().frames, 38U * 30U);
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(50));
  EXPECT_TRUE(member.is(TransportState::kConnected));
}

TEST_F(ReflectionTest, ForgedNominationsForEverBringNoMoreThanThreeTimes) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& member = room_.join_connected(TransportRole::kSubscriber);
  (void)room_.subscribe(member, room_.publish_video(publisher));
  const auto check = forged_check(member, true);
  for (int i = 0; i < 500; ++i) {
    forge(check);
    room_.run_for(milliseconds(100));
  }
  expect_no_amplification();
}

// He never was anywhere himself: the handshake and what follows go to whom he names.
TEST_F(ReflectionTest, AHandshakeBringsNoMoreThanThreeTimes) {
  const Certificate certificate = Certificate::generate().value();
  const DtlsContext context(certificate);
  SimEnd& member = room_.join(TransportRole::kSubscriber, {.starts = false});
  DtlsTransport client(context, DtlsRole::kClient);
  client.start(room_.now());
  std::vector<std::uint8_t> hello;
  ASSERT_TRUE(client.poll_transmit(hello));
  forge(forged_check(member, true));
  forge(hello);
  room_.run_for(seconds(31));
  expect_no_amplification();
  EXPECT_GT(received_, 0U);
  EXPECT_GT(room_.sfu().counters().bytes_held_back, 0U);
  EXPECT_TRUE(member.is(TransportState::kClosed));
}

// RFC 7675: only what comes from where media goes says that somebody there wants it.
TEST_F(ReflectionTest, SignsOfLifeFromElsewhereKeepNothingAlive) {
  SimEnd& member = watching_member();
  const SocketAddress elsewhere = room_.new_address();
  const auto check = forged_check(member, false);
  expect_given_up(member, [&] { room_.inject(elsewhere, check); });
}

// Nor does what only a member can have made, when it does not come from where media goes.
TEST_F(ReflectionTest, ReportsFromElsewhereKeepNothingAlive) {
  SimEnd& member = watching_member();
  const SocketAddress elsewhere = room_.new_address();
  room_.net().capture(
      [&](const SimDatagram& d) { return d.from == member.addresses[0] && classify(d.bytes) == DatagramKind::kRtcp; });
  std::size_t reports = 0;
  expect_given_up(member, [&] {
    for (const SimDatagram& report : std::exchange(room_.net().captured(), {})) {
      room_.inject(elsewhere, report.bytes);
      ++reports;
    }
  });
  EXPECT_GE(reports, 20U);
  EXPECT_EQ(room_.sfu().counters().dropped_srtp, 0U) << "they were genuine";
}

// Moved to another network: media follows as soon as the new path has answered, and not before.
TEST_F(ReflectionTest, AnHonestMoveTakesOneRoundTrip) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& member = room_.join_connected(TransportRole::kSubscriber);
  const SimDownTrack down = room_.subscribe(member, room_.publish_video(publisher));
  room_.run_for(seconds(1));
  member.addresses.push_back(room_.new_address());
  member_ = {member.addresses[1]};
  room_.inject(member.addresses[1], forged_check(member, true));
  room_.run_for(milliseconds(9));
  EXPECT_LE(at_member_, 3U * forged_check(member, true).size());
  room_.run_for(milliseconds(100));
  EXPECT_GT(at_member_, 2000U);
  room_.net().set_link(room_.server(), member.addresses[0], {.loss = 1});
  room_.run_for(seconds(5));
  EXPECT_LE(down.recorded().longest_freeze, milliseconds(50));
}

TEST_F(ReflectionTest, AWrongAnswerProvesNothing) {
  SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
  SimEnd& member = room_.join_connected(TransportRole::kSubscriber);
  (void)room_.subscribe(member, room_.publish_video(publisher));
  room_.run_for(seconds(2));
  room_.net().capture([this](const SimDatagram& d) {
    if (d.to == victim_) received_ += d.bytes.size();
    return d.to == victim_;
  });
  forge(forged_check(member, true));
  room_.run_for(milliseconds(1));
  StunTransactionId asked{};
  for (const SimDatagram& d : room_.net().captured()) {
    const auto message = parse_stun(d.bytes);
    if (message && message->message_class == StunClass::kRequest) asked = message->transaction;
  }
  ASSERT_NE(asked, StunTransactionId{});
  const auto answer = [&](const StunTransactionId& transaction, const std::string& password) {
    std::vector<std::uint8_t> bytes(200);
    StunWriter writer(bytes, StunClass::kSuccess, kStunBinding, transaction);
    HmacSha1 key = stun_key(password);
    writer.message_integrity(key);
    bytes.resize(writer.finish());
    return bytes;
  };
  StunTransactionId guessed = asked;
  guessed[11] = static_cast<std::uint8_t>(guessed[11] ^ 1);
  forge(answer(guessed, member.client_ice.pwd));
  forge(answer(asked, member.server_ice.pwd));
  room_.inject(room_.new_address(), answer(asked, member.client_ice.pwd));
  room_.run_for(milliseconds(200));
  expect_no_amplification();
  room_.inject(victim_, answer(asked, member.client_ice.pwd));
  room_.run_for(seconds(1));
  EXPECT_GT(received_, 3 * forged_);
}

}  // namespace
}  // namespace noir
