#include <gtest/gtest.h>

#include <utility>

#include "sfu/demux.hpp"
#include "sim/forged.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What counts as a sign of life once a client sends no checks any more.
class LifeTest : public ::testing::Test {
 protected:
  /// Its checks are lost from now on; what a test sends for it is not.
  void stop_checks(SimEnd& end) { room_.net().set_link(end.addresses[0], room_.server(), {.loss = 1}); }
  /// Whether `end` lives on for 60 s in which it sends `bytes` every 5 s.
  bool lives_on(SimEnd& end, const std::vector<std::uint8_t>& bytes) {
    for (int i = 0; i < 12; ++i) {
      room_.inject(end.addresses[0], bytes);
      room_.run_for(seconds(5));
    }
    return !end.is(TransportState::kClosed);
  }

  SimRoom room_;
};

TEST_F(LifeTest, BindingIndicationsAreEnough) {
  SimEnd& camera = room_.join_connected(TransportRole::kPublisher);
  stop_checks(camera);
  EXPECT_TRUE(lives_on(camera, binding_indication()));
  EXPECT_TRUE(camera.is(TransportState::kConnected));
}

TEST_F(LifeTest, BindingIndicationsFromElsewhereAreNot) {
  SimEnd& camera = room_.join_connected(TransportRole::kPublisher);
  stop_checks(camera);
  const SocketAddress elsewhere = room_.new_address();
  room_.inject(elsewhere, forged_check(camera, false));
  for (int i = 0; i < 8; ++i) {
    room_.inject(elsewhere, binding_indication());
    room_.run_for(seconds(5));
  }
  EXPECT_TRUE(camera.is(TransportState::kClosed));
}

// A client with data channels and nothing else to say answers our heartbeats.
TEST_F(LifeTest, SctpHeartbeatsAreEnough) {
  SimEnd& end = room_.join_connected(TransportRole::kSubscriber);
  ASSERT_TRUE(room_.sfu().open_channel(room_.now(), end.transport, "ion-sfu", true).ok());
  ASSERT_TRUE(room_.run_until([&] { return !end.client->channels().empty(); }));
  room_.net().capture(
      [&](const SimDatagram& d) { return d.from == end.addresses[0] && classify(d.bytes) == DatagramKind::kDtls; });
  stop_checks(end);
  const Instant start = room_.now();
  std::size_t records = 0;
  // Our simulated client gives up without answers to its own checks after 30 s.
  while (room_.now() < start + seconds(29)) {
    for (const SimDatagram& d : std::exchange(room_.net().captured(), {})) {
      room_.inject(end.addresses[0], d.bytes);
      ++records;
    }
    room_.run_for(milliseconds(50));
    ASSERT_FALSE(end.is(TransportState::kClosed));
  }
  EXPECT_GE(records, 2U) << "every 10 s at least";
  const Instant last = room_.now();
  ASSERT_TRUE(room_.run_until([&] { return end.is(TransportState::kClosed); }, seconds(40)));
  EXPECT_GE(room_.now() - last, seconds(18)) << "the last heartbeat is not older than 10 s";
}

TEST_F(LifeTest, RecordsThatAnybodyCanMakeAreNot) {
  SimEnd& end = room_.join_connected(TransportRole::kSubscriber);
  stop_checks(end);
  std::vector<std::uint8_t> record{23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 1, 0, 0, 0, 40};
  record.resize(13 + 40, 0x55);
  EXPECT_FALSE(lives_on(end, record));
  EXPECT_EQ(end.states.back().reason, CloseReason::kConsentExpired);
}

}  // namespace
}  // namespace noir
