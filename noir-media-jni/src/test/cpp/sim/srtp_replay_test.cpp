#include <gtest/gtest.h>

#include "sfu/demux.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SrtpReplayTest : public ::testing::Test {
 protected:
  SrtpReplayTest()
      : publisher_(room_.join_connected(TransportRole::kPublisher)),
        subscriber_(room_.join_connected(TransportRole::kSubscriber)),
        down_(room_.subscribe(subscriber_, room_.publish_video(publisher_))) {
    room_.net().capture([this](const SimDatagram& d) {
      return d.from == publisher_.addresses[0] && classify(d.bytes) == DatagramKind::kRtp;
    });
    room_.run_for(seconds(2));
    room_.net().capture([](const SimDatagram&) { return false; });
    room_.run_for(milliseconds(20));  // The last of them have arrived.
  }

  SimRoom room_;
  SimEnd& publisher_;
  SimEnd& subscriber_;
  SimDownTrack down_;
};

TEST_F(SrtpReplayTest, ReplayedPacketsAreRefused) {
  const std::uint64_t forwarded = room_.sfu().counters().packets_forwarded;
  const std::size_t count = room_.net().captured().size();
  ASSERT_GT(count, 100U);
  for (const SimDatagram& d : room_.net().captured()) room_.inject(d.from, d.bytes);
  EXPECT_EQ(room_.sfu().counters().dropped_srtp, count);
  room_.run_for(milliseconds(20));
  EXPECT_LE(room_.sfu().counters().packets_forwarded - forwarded, 8U);
  EXPECT_EQ(down_.recorded().duplicates, 0U);
  EXPECT_EQ(down_.recorded().payload_errors, 0U);
}

TEST_F(SrtpReplayTest, ForgedPacketsAreRefusedAndChangeNothing) {
  const std::size_t count = room_.net().captured().size();
  for (SimDatagram d : room_.net().captured()) {
    d.bytes[2] = static_cast<std::uint8_t>(d.bytes[2] + 0x40);  // A sequence number far ahead.
    room_.inject(d.from, d.bytes);
  }
  const SfuCounters counters = room_.sfu().counters();
  EXPECT_EQ(counters.dropped_srtp + counters.packets_unread, count);
  room_.run_for(seconds(2));
  EXPECT_GE(down_.recorded().frames, 118U);
  EXPECT_EQ(down_.recorded().broken_frames, 0U);
}

TEST_F(SrtpReplayTest, StrangersAddressesAreNobody) {
  const std::size_t count = room_.net().captured().size();
  const SocketAddress stranger = room_.new_address();
  for (const SimDatagram& d : room_.net().captured()) room_.inject(stranger, d.bytes);
  EXPECT_EQ(room_.sfu().counters().dropped_unknown_path, count);
  EXPECT_EQ(room_.sfu().counters().dropped_srtp, 0U);
}

}  // namespace
}  // namespace noir
