#include <gtest/gtest.h>

#include <array>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A publisher whose source is silent, so that each packet is sent by hand; and a subscriber that has the key frame.
class FlushWaitTest : public ::testing::Test {
 protected:
  static constexpr milliseconds kLink{5};

  FlushWaitTest() {
    room_.run_for(seconds(1));
    video_.source->set_paused(room_.now(), true);
    room_.run_for(milliseconds(50));
    index_ = video_.source->packets();
  }

  void send(bool marker) {
    std::array<std::uint8_t, 40> packet{};
    ByteWriter out(packet);
    out.u8(0x80);
    out.u8(static_cast<std::uint8_t>((marker ? 0x80 : 0) | video_.source->params().payload_type));
    out.u16(static_cast<std::uint16_t>(index_));
    out.u32(video_.source->rtp_ts_at(room_.now()));
    out.u32(video_.source->params().ssrc);
    out.u8(0x10);  // RFC 7741 §4.2: start of a partition, no extension.
    out.u8(0x01);  // RFC 6386 §9.1: not a key frame.
    publisher_.client->send_plain_rtp(packet, index_++);
  }
  std::uint64_t forwarded() { return room_.sfu().counters().packets_forwarded - before_; }

  SimRoom room_;
  SimEnd& publisher_ = room_.join_connected(TransportRole::kPublisher);
  SimEnd& subscriber_ = room_.join_connected(TransportRole::kSubscriber);
  SimTrack video_ = room_.publish_video(publisher_);
  SimDownTrack down_ = room_.subscribe(subscriber_, video_);
  std::uint64_t index_ = 0;
  std::uint64_t before_ = 0;
};

TEST_F(FlushWaitTest, PacketsWaitForTheEndOfTheirFrame) {
  before_ = room_.sfu().counters().packets_forwarded;
  send(false);
  room_.run_for(microseconds(400));
  send(false);
  room_.run_for(kLink);
  EXPECT_EQ(forwarded(), 0U);
  send(true);
  room_.run_for(kLink);
  EXPECT_EQ(forwarded(), 3U);
}

TEST_F(FlushWaitTest, FrameWhoseEndDoesNotComeLeavesAfterAMillisecond) {
  before_ = room_.sfu().counters().packets_forwarded;
  send(false);
  room_.run_for(kLink + microseconds(900));
  EXPECT_EQ(forwarded(), 0U);
  room_.run_for(microseconds(100));
  EXPECT_EQ(forwarded(), 1U);
}

}  // namespace
}  // namespace noir
