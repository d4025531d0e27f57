#include <gtest/gtest.h>

#include "sim/forged.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A member who sends checks of his own from the address of somebody else, before him or all the time.
class ClaimedPathTest : public ::testing::Test {
 protected:
  SimRoom room_;
  SimEnd& claimer_ = room_.join_connected(TransportRole::kSubscriber);
};

TEST_F(ClaimedPathTest, TheHonestClientConnectsAllTheSame) {
  SimEnd& honest = room_.join(TransportRole::kPublisher, {.starts = false});
  room_.inject(honest.addresses[0], forged_check(claimer_, false));
  honest.client->start(room_.now());
  EXPECT_TRUE(room_.run_until([&] { return honest.is(TransportState::kConnected); }, milliseconds(200)));
}

TEST_F(ClaimedPathTest, AlsoWhenItIsClaimedAllTheTime) {
  SimEnd& honest = room_.join(TransportRole::kPublisher, {.starts = false});
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber);
  const auto check = forged_check(claimer_, true);
  room_.inject(honest.addresses[0], check);
  honest.client->start(room_.now());
  for (int i = 0; i < 1000; ++i) {
    room_.inject(honest.addresses[0], check);
    room_.run_for(milliseconds(1));
  }
  ASSERT_TRUE(honest.is(TransportState::kConnected));
  const SimDownTrack down = room_.subscribe(subscriber, room_.publish_video(honest));
  for (int i = 0; i < 1000; ++i) {
    room_.inject(honest.addresses[0], check);
    room_.run_for(milliseconds(1));
  }
  EXPECT_GE(down.recorded().frames, 25U);
  EXPECT_EQ(down.recorded().lost, 0U);
  EXPECT_TRUE(honest.is(TransportState::kConnected));
}

// A NAT gives the port of a client that is gone to the next one.
TEST_F(ClaimedPathTest, APathGoesToTheNextClientBehindTheSameAddress) {
  SimEnd& before = room_.join_connected(TransportRole::kPublisher);
  const SocketAddress address = before.addresses[0];
  room_.net().set_link(room_.server(), address, {.loss = 1});
  before.addresses = {room_.new_address()};  // It is gone, and nobody has said so.
  room_.net().set_link(before.addresses[0], room_.server(), {.loss = 1});
  room_.net().set_link(room_.server(), address, {});
  SimEnd& after = room_.join(TransportRole::kPublisher, {.starts = false});
  after.addresses = {address};
  after.client->start(room_.now());
  EXPECT_TRUE(room_.run_until([&] { return after.is(TransportState::kConnected); }, seconds(1)));
}

TEST_F(ClaimedPathTest, IsForgottenAfterThirtySecondsOfSilence) {
  const std::size_t paths = room_.sfu().tables().paths;
  room_.inject(room_.new_address(), forged_check(claimer_, false));
  EXPECT_EQ(room_.sfu().tables().paths, paths + 1);
  room_.run_for(seconds(29));
  EXPECT_EQ(room_.sfu().tables().paths, paths + 1);
  room_.run_for(seconds(2));
  EXPECT_EQ(room_.sfu().tables().paths, paths);
  EXPECT_TRUE(claimer_.is(TransportState::kConnected));
}

}  // namespace
}  // namespace noir
