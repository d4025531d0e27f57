#include <gtest/gtest.h>

#include <string_view>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ByteSpan bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// ion-sdk-js: `client.join()` resolves when the channel "ion-sfu" has come on the subscriber transport.
TEST(DataChannelTest, ServerOpensOneAndBothSidesTalk) {
  SimRoom room;
  SimEnd& subscriber = room.join(TransportRole::kSubscriber);
  const auto stream = room.sfu().open_channel(room.now(), subscriber.transport, "ion-sfu", true);
  ASSERT_TRUE(stream.ok());
  EXPECT_EQ(*stream % 2, 1);  // RFC 8832 §6: the DTLS server has the odd ones.
  const Instant start = room.now();
  ASSERT_TRUE(room.run_until([&] { return !subscriber.client->channels().empty(); }));
  EXPECT_LE(room.now() - start, milliseconds(300));
  EXPECT_EQ(subscriber.client->channels()[0].label, "ion-sfu");
  EXPECT_EQ(subscriber.client->channels()[0].stream, *stream);

  ASSERT_TRUE(room.sfu().send(room.now(), subscriber.transport, *stream, false, bytes_of("hello")).ok());
  ASSERT_TRUE(room.run_until([&] { return !subscriber.client->messages().empty(); }, seconds(1)));
  EXPECT_EQ(as_text(subscriber.client->messages()[0].bytes), "hello");
  EXPECT_FALSE(subscriber.client->messages()[0].binary);

  ASSERT_TRUE(subscriber.client->send(*stream, true, bytes_of("hi there")).ok());
  const auto received = [&]() -> const ChannelMessage* {
    for (const Event& event : room.events()) {
      if (const auto* message = std::get_if<ChannelMessage>(&event)) return message;
    }
    return nullptr;
  };
  ASSERT_TRUE(room.run_until([&] { return received() != nullptr; }, seconds(1)));
  EXPECT_EQ(as_text(received()->bytes), "hi there");
  EXPECT_TRUE(received()->binary);
  EXPECT_EQ(received()->transport, subscriber.transport);
}

TEST(DataChannelTest, ClientOpensOneOnThePublisherTransport) {
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  ASSERT_TRUE(publisher.client->open_channel("chat").ok());
  const auto opened = [&] {
    for (const Event& event : room.events()) {
      const auto* channel = std::get_if<ChannelOpened>(&event);
      if (channel != nullptr && channel->label == "chat" && channel->transport == publisher.transport) return true;
    }
    return false;
  };
  EXPECT_TRUE(room.run_until(opened, seconds(3)));
}

TEST(DataChannelTest, LargeMessagesSurviveLoss) {
  SimRoom room(4);
  SimEnd& subscriber = room.join_connected(TransportRole::kSubscriber);
  const auto stream = room.sfu().open_channel(room.now(), subscriber.transport, "ion-sfu", true);
  ASSERT_TRUE(room.run_until([&] { return !subscriber.client->channels().empty(); }));
  room.net().set_default_link({.loss = 0.05});
  const std::vector<std::uint8_t> large(60'000, 0x5A);
  ASSERT_TRUE(room.sfu().send(room.now(), subscriber.transport, *stream, true, large).ok());
  ASSERT_TRUE(room.run_until([&] { return !subscriber.client->messages().empty(); }, seconds(60)));
  EXPECT_EQ(subscriber.client->messages()[0].bytes, large);
}

}  // namespace
}  // namespace noir
