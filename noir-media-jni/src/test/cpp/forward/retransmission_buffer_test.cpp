#include "forward/retransmission_buffer.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RetransmissionBufferTest : public ::testing::Test {
 protected:
  // `count` packets, one every `interval`.
  void insert(std::size_t count, Duration interval) {
    for (std::size_t i = 0; i < count; ++i) {
      MediaPacket packet;
      packet.buffer = pool_.take();
      packet.ext_seq = next_++;
      packet.arrival = now_;
      buffer_.insert(packet);
      now_ += interval;
    }
  }
  bool has_last(std::uint64_t count) {
    for (std::uint64_t seq = next_ - count; seq < next_; ++seq) {
      const MediaPacket* packet = buffer_.find(seq);
      if (packet == nullptr || packet->ext_seq != seq) return false;
    }
    return true;
  }

  PacketPool pool_{4096};
  RetransmissionBuffer buffer_{512};
  Instant now_{seconds(100)};
  std::uint64_t next_ = 1000;
};

TEST_F(RetransmissionBufferTest, StaysSmallForASlowEncoding) {
  insert(300, milliseconds(20));
  EXPECT_EQ(buffer_.capacity(), 64U);
  EXPECT_TRUE(has_last(37)) << "three quarters of a second of them";
  EXPECT_LE(pool_.allocated(), 128U) << "older ones went back to the pool";
}

TEST_F(RetransmissionBufferTest, GrowsWithTheRateAndLosesNothing) {
  insert(60, milliseconds(20));
  insert(400, milliseconds(1));
  EXPECT_EQ(buffer_.capacity(), 512U);
  EXPECT_TRUE(has_last(400));
}

TEST_F(RetransmissionBufferTest, NeverGrowsBeyondItsLimit) {
  insert(5000, std::chrono::microseconds(10));
  EXPECT_EQ(buffer_.capacity(), 512U);
  EXPECT_TRUE(has_last(512));
  EXPECT_EQ(buffer_.find(next_ - 513), nullptr);
}

TEST_F(RetransmissionBufferTest, LatePacketsFindTheirPlace) {
  insert(10, milliseconds(1));
  const std::uint64_t missing = next_++;
  insert(200, milliseconds(1));
  MediaPacket late;
  late.buffer = pool_.take();
  late.ext_seq = missing;
  late.arrival = now_;
  buffer_.insert(late);
  EXPECT_TRUE(has_last(210));
}

}  // namespace
}  // namespace noir
