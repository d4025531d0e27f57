#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class IceRestartTest : public ::testing::Test {
 protected:
  // Both sides take new credentials; the client checks from its address number `local`.
  void restart(SimEnd& end, std::uint16_t local) {
    end.server_ice = room_.new_credentials();
    end.client_ice = room_.new_credentials();
    ASSERT_TRUE(room_.sfu().restart_ice(room_.now(), end.transport, end.server_ice.ufrag, end.server_ice.pwd).ok());
    room_.set_remote(end);
    end.client->restart_ice(room_.now(), end.client_ice, end.server_ice, {Path{local, room_.server()}});
  }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_video(publisher_);
  SimDownTrack down_ = room_.subscribe(subscriber_, video_);
};

TEST_F(IceRestartTest, OnTheSamePathNobodyNotices) {
  room_.run_for(seconds(1));
  restart(publisher_, 0);
  restart(subscriber_, 0);
  room_.run_for(seconds(40));  // Longer than consent: the old credentials can't be what keeps it alive.
  EXPECT_TRUE(publisher_.is(TransportState::kConnected));
  EXPECT_TRUE(subscriber_.is(TransportState::kConnected));
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(50));
  EXPECT_EQ(down_.recorded().lost, 0U);
  EXPECT_EQ(down_.recorded().nacked, 0U);
}

TEST_F(IceRestartTest, MovesThePublisherToANewAddress) {
  room_.run_for(seconds(1));
  publisher_.addresses.push_back(room_.new_address());
  restart(publisher_, 1);
  ASSERT_TRUE(room_.run_until([&] { return publisher_.client->ice().selected() == Path{1, room_.server()}; }));
  room_.net().set_link(publisher_.addresses[0], room_.server(), {.loss = 1});
  room_.run_for(seconds(5));
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(100));
  EXPECT_EQ(down_.recorded().lost, 0U);
  EXPECT_GE(down_.recorded().frames, 170U);
}

TEST_F(IceRestartTest, MovesTheSubscriberToANewAddress) {
  room_.run_for(seconds(1));
  subscriber_.addresses.push_back(room_.new_address());
  restart(subscriber_, 1);
  room_.run_for(seconds(1));
  room_.net().capture([&](const SimDatagram& d) { return d.to == subscriber_.addresses[0]; });
  room_.run_for(seconds(3));
  EXPECT_TRUE(room_.net().captured().empty());
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(100));
  EXPECT_GE(down_.recorded().frames, 140U);
}

TEST_F(IceRestartTest, CanBeRepeated) {
  for (int i = 0; i < 20; ++i) {
    restart(publisher_, 0);
    room_.run_for(milliseconds(300));
  }
  EXPECT_LE(down_.recorded().longest_freeze, milliseconds(50));
  EXPECT_TRUE(publisher_.is(TransportState::kConnected));
}

}  // namespace
}  // namespace noir
