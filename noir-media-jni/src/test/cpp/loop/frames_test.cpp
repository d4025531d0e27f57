#include "loop/frames.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "loop/frame_backlog.hpp"

namespace noir {
namespace {

using Bytes = std::vector<std::uint8_t>;
using std::chrono::milliseconds;

Bytes framed(const Bytes& packet) {
  Bytes frame(kFrameHeader);
  store_be16(frame.data(), static_cast<std::uint16_t>(packet.size()));
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

Bytes packet(std::uint8_t first, std::size_t size, std::uint8_t fill = 0) {
  Bytes bytes(size, fill);
  bytes[0] = first;
  bytes[1] = 96;
  return bytes;
}
Bytes media(std::size_t size, std::uint8_t fill = 0) { return packet(0x80, size, fill); }
Bytes stun(std::size_t size, std::uint8_t fill = 0) { return packet(0, size, fill); }

TEST(FramesTest, WholePacketsAreTakenAndHalfOnesWait) {
  Bytes stream = framed({1, 2, 3});
  const Bytes next = framed({4, 5});
  stream.insert(stream.end(), next.begin(), next.end() - 1);
  std::vector<Bytes> taken;
  const auto take = [&](ByteSpan p) {
    taken.emplace_back(p.begin(), p.end());
    return true;
  };
  EXPECT_EQ(split_frames(stream, 1536, take).used, 5U);
  EXPECT_EQ(taken, std::vector<Bytes>({{1, 2, 3}}));
  stream.push_back(next.back());
  const SplitFrames all = split_frames(stream, 1536, take);
  EXPECT_EQ(all.used, stream.size());
  EXPECT_TRUE(all.valid);
}

TEST(FramesTest, NullPacketsAreSkippedAndLongOnesEndTheStream) {
  const auto no_packet = [](ByteSpan) {
    ADD_FAILURE();
    return true;
  };
  EXPECT_EQ(split_frames(Bytes{0, 0, 0, 0, 0}, 1536, no_packet).used, 4U);
  EXPECT_TRUE(split_frames(Bytes{0x06, 0x00}, 1536, no_packet).valid);
  EXPECT_FALSE(split_frames(Bytes{0x06, 0x01}, 1536, no_packet).valid);
  EXPECT_FALSE(split_frames(Bytes{'G', 'E', 'T', ' '}, 1536, no_packet).valid);
}

/// Everything that waits, in its order, taken `at_once` bytes at a time.
Bytes drain(FrameBacklog& backlog, std::size_t at_once) {
  Bytes out;
  while (!backlog.empty()) {
    std::array<iovec, 8> vectors{};
    const std::size_t count = backlog.gather(vectors);
    std::size_t left = at_once;
    for (std::size_t i = 0; i < count && left > 0; ++i) {
      const auto* bytes = static_cast<const std::uint8_t*>(vectors[i].iov_base);
      const std::size_t size = std::min(left, vectors[i].iov_len);
      out.insert(out.end(), bytes, bytes + size);
      left -= size;
    }
    backlog.consume(at_once - left);
  }
  return out;
}

TEST(FrameBacklogTest, WhatKeepsACallAliveGoesFirst) {
  for (const std::size_t at_once : {1U, 7U, 1000U}) {
    FrameBacklog backlog;
    EXPECT_EQ(backlog.add(Instant{}, media(5, 1)), 0U);
    EXPECT_EQ(backlog.add(Instant{}, stun(6, 2)), 0U);
    EXPECT_EQ(backlog.add(Instant{}, media(7, 3)), 0U);
    Bytes expected;
    for (const Bytes& p : {stun(6, 2), media(5, 1), media(7, 3)}) {
      const Bytes frame = framed(p);
      expected.insert(expected.end(), frame.begin(), frame.end());
    }
    EXPECT_EQ(drain(backlog, at_once), expected) << at_once;
  }
}

TEST(FrameBacklogTest, OldMediaGoesNowhereButAHalfSentFrameIsFinished) {
  FrameBacklog backlog;
  backlog.add_cut(media(10, 9), 1);
  backlog.add(Instant{}, media(20));
  backlog.add(Instant{}, stun(20));
  backlog.add(Instant(milliseconds(100)), media(30, 4));
  EXPECT_EQ(backlog.drop_old(Instant(milliseconds(250))), 0U);
  EXPECT_EQ(backlog.drop_old(Instant(milliseconds(251))), 1U);
  const Bytes cut = framed(media(10, 9));
  Bytes expected(cut.begin() + 1, cut.end());
  for (const Bytes& p : {stun(20), media(30, 4)}) {
    const Bytes frame = framed(p);
    expected.insert(expected.end(), frame.begin(), frame.end());
  }
  EXPECT_EQ(drain(backlog, 3), expected);
}

TEST(FrameBacklogTest, HoldsSoMuchAndNoMore) {
  FrameBacklog backlog;
  std::size_t dropped = 0;
  for (int i = 0; i < 1000; ++i) dropped += backlog.add(Instant{}, media(1200));
  for (int i = 0; i < 1000; ++i) dropped += backlog.add(Instant{}, stun(1200));
  EXPECT_LE(backlog.size(), FrameBacklog::kMaxMedia + FrameBacklog::kMaxControl);
  EXPECT_GT(backlog.size(), FrameBacklog::kMaxMedia);
  EXPECT_GT(dropped, 1700U);
}

}  // namespace
}  // namespace noir
