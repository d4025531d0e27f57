#include <gtest/gtest.h>

#include <string_view>

#include "sctp/stopped_inside.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::seconds;

ByteSpan bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// A call with a data channel, on which nobody says anything.
class QuietChannel : public testing::Test {
 protected:
  QuietChannel()
      : publisher_(room_.join_connected(TransportRole::kPublisher)),
        subscriber_(room_.join_connected(TransportRole::kSubscriber)),
        video_(room_.subscribe(subscriber_, room_.publish_video(publisher_))),
        stream_(*room_.sfu().open_channel(room_.now(), subscriber_.transport, "ion-sfu", true)) {
    room_.run_for(seconds(5));
  }

  [[nodiscard]] std::uint64_t forwarded() { return room_.sfu().counters().packets_forwarded; }

  SimRoom room_;
  SimEnd& publisher_;
  SimEnd& subscriber_;
  SimDownTrack video_;
  std::uint16_t stream_;
};

// docs/architecture.md: no step of a packet's life takes a lock.
TEST_F(QuietChannel, CostsMediaNoLock) {
  ASSERT_EQ(subscriber_.client->channels().size(), 1U);
  const std::uint64_t packets = forwarded();
  const std::uint64_t entries = UsrsctpProcess::instance().entries();
  room_.run_for(seconds(10));
  EXPECT_GT(forwarded() - packets, 500U);
  // Ten ticks a second, which the loop of the server and that of the clients may both make; some more around
  // heartbeats.
  EXPECT_LE(UsrsctpProcess::instance().entries() - entries, 300U);
}

TEST_F(QuietChannel, DoesNotHoldUpMediaWhenAnotherLoopIsStoppedInside) {
  const std::uint64_t packets = forwarded();
  test::StoppedInside other;
  ASSERT_TRUE(room_.sfu().send(room_.now(), subscriber_.transport, stream_, false, bytes_of("hello")).ok());
  room_.run_for(seconds(2));
  EXPECT_GT(forwarded() - packets, 100U);
  EXPECT_TRUE(subscriber_.client->messages().empty());
  ASSERT_TRUE(room_.sfu().close_transport(room_.now(), publisher_.transport).ok());
  other.go_on();
  room_.run_for(seconds(2));
  EXPECT_EQ(subscriber_.client->messages().size(), 1U);
}

}  // namespace
}  // namespace noir
