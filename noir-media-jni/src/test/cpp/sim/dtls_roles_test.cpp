#include <gtest/gtest.h>

#include <string>

#include "sfu/demux.hpp"
#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ByteSpan bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// Clients that wait for our ClientHello: pion as it comes, FFmpeg's WHIP muxer.
class DtlsRolesTest : public ::testing::Test {
 protected:
  SimEnd& join(TransportRole role, JoinOptions options = {}) {
    options.passive = true;
    return room_.join(role, options);
  }
  bool connects(const SimEnd& end, Duration limit = seconds(5)) {
    return room_.run_until([&] { return end.is(TransportState::kConnected) && end.client->can_send(); }, limit);
  }

  SimRoom room_;
};

TEST_F(DtlsRolesTest, MediaFlowsBothWays) {
  SimEnd& publisher = join(TransportRole::kPublisher);
  SimEnd& subscriber = join(TransportRole::kSubscriber);
  ASSERT_TRUE(connects(publisher, milliseconds(100)));
  ASSERT_TRUE(connects(subscriber, milliseconds(100)));
  const SimDownTrack down = room_.subscribe(subscriber, room_.publish_video(publisher));
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames, 55U);
}

TEST_F(DtlsRolesTest, OurHelloWaitsForACheckAndIsRepeated) {
  std::size_t hellos = 0;
  room_.net().capture([&](const SimDatagram& d) {
    if (d.from == room_.server() && classify(d.bytes) == DatagramKind::kDtls) ++hellos;
    return false;
  });
  SimEnd& late = join(TransportRole::kPublisher, {.starts = false});
  room_.run_for(seconds(2));
  EXPECT_EQ(hellos, 0U);
  room_.net().set_default_link({.loss = 0.4});
  late.client->start(room_.now());
  EXPECT_TRUE(connects(late, seconds(20)));
}

TEST_F(DtlsRolesTest, ItComesAfterTheAnswerWhenTheCheckWasFirst) {
  SimEnd& end = join(TransportRole::kSubscriber, {.remote_is_known = false});
  room_.run_for(seconds(1));
  room_.set_remote(end);
  EXPECT_TRUE(connects(end));
}

// RFC 8832 §6: the DTLS client has the even streams. The channel was opened before the role was known.
TEST_F(DtlsRolesTest, ChannelsTakeTheOtherParity) {
  SimEnd& end = join(TransportRole::kSubscriber, {.remote_is_known = false});
  const auto channel = room_.sfu().open_channel(room_.now(), end.transport, "ion-sfu", true);
  ASSERT_TRUE(channel.ok());
  ASSERT_TRUE(room_.sfu().send(room_.now(), end.transport, *channel, false, bytes_of("early")).ok());
  room_.set_remote(end);
  ASSERT_TRUE(room_.run_until([&] { return !end.client->messages().empty(); }));
  ASSERT_EQ(end.client->channels().size(), 1U);
  const std::uint16_t stream = end.client->channels()[0].stream;
  EXPECT_EQ(stream % 2, 0);
  EXPECT_EQ(as_text(end.client->messages()[0].bytes), "early");

  ASSERT_TRUE(end.client->send(stream, false, bytes_of("answer")).ok());
  ASSERT_TRUE(end.client->open_channel("theirs").ok());
  const ChannelMessage* message = nullptr;
  const ChannelOpened* opened = nullptr;
  room_.run_for(seconds(1));
  for (const Event& event : room_.events()) {
    if (const auto* m = std::get_if<ChannelMessage>(&event)) message = m;
    if (const auto* o = std::get_if<ChannelOpened>(&event)) opened = o;
  }
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->stream, *channel);
  ASSERT_NE(opened, nullptr);
  EXPECT_EQ(opened->label, "theirs");
  EXPECT_NE(opened->stream, *channel);
  ASSERT_TRUE(room_.sfu().send(room_.now(), end.transport, opened->stream, false, bytes_of("back")).ok());
  ASSERT_TRUE(room_.run_until([&] { return end.client->messages().size() == 2; }, seconds(1)));
  EXPECT_EQ(end.client->messages()[1].stream % 2, 1);
}

TEST_F(DtlsRolesTest, ReOffersAndRestartsKeepTheRole) {
  SimEnd& end = join(TransportRole::kPublisher);
  SimEnd& subscriber = room_.join_connected(TransportRole::kSubscriber);
  ASSERT_TRUE(connects(end));
  const SimDownTrack down = room_.subscribe(subscriber, room_.publish_video(end));
  end.passive = false;  // actpass, as every offer of a browser says.
  room_.set_remote(end);
  room_.run_for(seconds(2));
  EXPECT_GE(down.recorded().frames, 55U);
  EXPECT_TRUE(end.is(TransportState::kConnected));
}

// RFC 5764 is for media; channels need DTLS alone.
TEST_F(DtlsRolesTest, WithoutSrtpThereAreChannels) {
  SimEnd& end = room_.join(TransportRole::kSubscriber, {.profiles = std::span<const SrtpProfile>()});
  const auto channel = room_.sfu().open_channel(room_.now(), end.transport, "ion-sfu", true);
  ASSERT_TRUE(room_.run_until([&] { return end.is(TransportState::kConnected); }));
  ASSERT_TRUE(room_.sfu().send(room_.now(), end.transport, *channel, false, bytes_of("data")).ok());
  EXPECT_TRUE(room_.run_until([&] { return !end.client->messages().empty(); }));
  room_.run_for(seconds(40));
  EXPECT_TRUE(end.is(TransportState::kConnected));
}

}  // namespace
}  // namespace noir
