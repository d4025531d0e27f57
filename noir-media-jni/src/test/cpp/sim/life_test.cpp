#include <gtest/gtest.h>

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
