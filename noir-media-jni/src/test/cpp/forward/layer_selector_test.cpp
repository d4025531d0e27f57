#include "forward/layer_selector.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using Verdict = LayerSelector::Verdict;
using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

/// A selector with the flag that its down track keeps.
struct Selection {
  LayerSelector selector;
  bool sending = false;

  Verdict push(std::int64_t ms, std::uint8_t encoding, std::uint8_t active, bool keyframe) {
    MediaPacket packet;
    packet.encoding = encoding;
    packet.active_encodings = active;
    packet.keyframe_start = keyframe;
    const Verdict verdict = selector.handle_packet(at_ms(ms), packet, sending);
    if (verdict == Verdict::kBegin) sending = true;
    return verdict;
  }
};

TEST(LayerSelector, StartsWithWhateverKeyFrameComesAndWantsTheBest) {
  Selection s;
  EXPECT_EQ(s.push(0, 2, 0b111, false), Verdict::kDrop);
  EXPECT_EQ(s.selector.target(), 2);
  EXPECT_EQ(s.push(10, 0, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.current(), 0);
  EXPECT_EQ(s.selector.target(), 2);
  EXPECT_EQ(s.push(11, 0, 0b111, false), Verdict::kForward);
  EXPECT_EQ(s.push(12, 1, 0b111, true), Verdict::kDrop);
  EXPECT_EQ(s.push(13, 2, 0b111, false), Verdict::kDrop);
  EXPECT_EQ(s.push(14, 2, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.push(15, 0, 0b111, false), Verdict::kDrop);
}

TEST(LayerSelector, StaysAtOrBelowItsMaximum) {
  Selection s;
  s.selector.set_max(at_ms(0), 1);
  EXPECT_EQ(s.push(0, 2, 0b111, true), Verdict::kDrop);
  EXPECT_EQ(s.push(1, 1, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.target(), 1);
  s.selector.set_max(at_ms(2), 0);
  EXPECT_EQ(s.selector.target(), 0);
  EXPECT_EQ(s.push(3, 1, 0b111, true), Verdict::kForward);
  EXPECT_EQ(s.push(4, 0, 0b111, true), Verdict::kBegin);
}

TEST(LayerSelector, TakesTheLowestWhenAllAreAboveTheMaximum) {
  Selection s;
  s.selector.set_max(at_ms(0), 0);
  EXPECT_EQ(s.push(0, 1, 0b110, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.current(), 1);
}

TEST(LayerSelector, FollowsEncodingsThatAppearAndStop) {
  Selection s;
  EXPECT_EQ(s.push(0, 0, 0b001, true), Verdict::kBegin);
  EXPECT_EQ(s.push(1, 1, 0b011, true), Verdict::kBegin);
  EXPECT_EQ(s.push(2, 2, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.push(3, 1, 0b011, false), Verdict::kDrop);  // 2 has stopped.
  EXPECT_EQ(s.selector.target(), 1);
  EXPECT_EQ(s.push(4, 0, 0b011, true), Verdict::kBegin);  // Better than nothing while waiting.
  EXPECT_EQ(s.push(5, 1, 0b011, true), Verdict::kBegin);
}

TEST(LayerSelector, LeavesAnEncodingAloneWhoseKeyFrameDoesNotCome) {
  Selection s;
  EXPECT_EQ(s.push(0, 0, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.target(), 2);
  EXPECT_EQ(s.push(2999, 0, 0b111, false), Verdict::kForward);
  EXPECT_EQ(s.selector.target(), 2);
  EXPECT_EQ(s.push(3000, 0, 0b111, false), Verdict::kForward);
  EXPECT_EQ(s.selector.target(), 1);
  EXPECT_EQ(s.push(3100, 1, 0b111, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.target(), 1);
  EXPECT_EQ(s.push(13'001, 1, 0b111, false), Verdict::kForward);  // Another chance.
  EXPECT_EQ(s.selector.target(), 2);
  EXPECT_EQ(s.push(13'100, 2, 0b111, true), Verdict::kBegin);
}

TEST(LayerSelector, TakesALateKeyFrameOfOneGivenUp) {
  Selection s;
  EXPECT_EQ(s.push(0, 0, 0b11, true), Verdict::kBegin);
  EXPECT_EQ(s.push(3000, 0, 0b11, false), Verdict::kForward);
  EXPECT_EQ(s.selector.target(), 0);
  EXPECT_EQ(s.push(4000, 1, 0b11, true), Verdict::kBegin);
  EXPECT_EQ(s.selector.current(), 1);
  EXPECT_EQ(s.selector.target(), 1);
}

TEST(LayerSelector, NeedsAKeyFrameToGoOnAfterAPause) {
  Selection s;
  EXPECT_EQ(s.push(0, 0, 0b1, true), Verdict::kBegin);
  s.sending = false;
  EXPECT_EQ(s.push(1, 0, 0b1, false), Verdict::kDrop);
  EXPECT_EQ(s.push(2, 0, 0b1, true), Verdict::kBegin);
}

}  // namespace
}  // namespace noir
