#include "forward/keyframe_requester.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;

Instant at_ms(std::int64_t ms) { return Instant(milliseconds(ms)); }

TEST(KeyframeRequester, SendsTheFirstAtOnceAndTheNextAtTheWindowsEnd) {
  KeyframeRequester requester;
  EXPECT_FALSE(requester.due(at_ms(0)));
  requester.request(at_ms(10));
  EXPECT_TRUE(requester.due(at_ms(10)));
  requester.mark_sent(at_ms(10));
  requester.request(at_ms(100));
  requester.request(at_ms(200));
  EXPECT_FALSE(requester.due(at_ms(509)));
  EXPECT_EQ(requester.next_timeout(), at_ms(510));
  EXPECT_TRUE(requester.due(at_ms(510)));
  requester.mark_sent(at_ms(510));
  EXPECT_EQ(requester.next_timeout(), kNever);
  requester.request(at_ms(1100));
  EXPECT_TRUE(requester.due(at_ms(1100)));
}

TEST(KeyframeRequester, AKeyFrameAnswersWhatWaits) {
  KeyframeRequester requester;
  requester.request(at_ms(0));
  requester.mark_sent(at_ms(0));
  requester.request(at_ms(100));
  requester.handle_keyframe();
  EXPECT_EQ(requester.next_timeout(), kNever);
}

}  // namespace
}  // namespace noir
